/* The service worker: serves the site from this device, so that it works offline; blocks every request that carries data; takes
   photos shared from other apps; adds the headers that static hosts cannot send (policy.toml). The build replaces the tokens. */

const VERSION = "__OFFCUT_VERSION__";
const RUNTIME = "__OFFCUT_RUNTIME__";
const HEADERS = JSON.parse(`__OFFCUT_HEADERS__`);
const PREFIX = "offcut-";
const APP = `${PREFIX}app-${VERSION}`; // pages, Python and styles: replaced as a whole with each version
const KEPT = `${PREFIX}runtime-${RUNTIME}`; // Pyodide, wheels, onnxruntime: large, change seldom
const MODELS = `${PREFIX}models`; // chunks named by their content; the worker checks and writes them itself
const SHARED = `${PREFIX}shared`; // a photo on its way from another app to the page

const base = self.registration.scope;
const scope = new URL(base).pathname;
const isRuntime = (path) => path.startsWith("vendor/");
const isChunk = (path) => path.startsWith("models/chunks/");
const isApp = (path) => !isRuntime(path) && !isChunk(path) && !path.startsWith("."); // hosts may hide dot files
const keeping = new Set(); // promises of runtime files that are on their way into the cache
const PYTHON = "vendor/pyodide/pyodide.asm.wasm";
const ONNXRUNTIME = "vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm"; // Python asks for it once it is up
let ahead = null; // a promise of ONNXRUNTIME having been fetched before that
let sameRuntime = null; // a promise of whether the site still has the runtime that belongs to this version

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const listing = await fetch("files.json", { cache: "no-cache" });
    const { version, files } = await listing.clone().json();
    if (version !== VERSION) throw new Error("the site is being replaced; the browser tries again later");
    sameRuntime = Promise.resolve(true);
    const cache = await caches.open(APP);
    await Promise.all(files.filter(({ path }) => isApp(path)).map((file) => bring(cache, file)));
    await cache.put("files.json", listing);
    // The first version takes over at once. A later one waits until no tab has the old one, or until the person asks for
    // it in the only tab.
    if (!self.registration.active) await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await caches.open(APP);
    for (const name of await caches.keys())
      if (/^offcut-(app|runtime)-/.test(name) && name !== APP && name !== KEPT) await forget(name);
    await self.clients.claim();
  })());
});

// Another copy of Offcut may live at another path of this origin: only what belongs to this one goes.
async function forget(name) {
  const cache = await caches.open(name);
  const requests = await cache.keys();
  const own = requests.filter(({ url }) => url.startsWith(base));
  await Promise.all(own.map((request) => cache.delete(request)));
  if (own.length === requests.length) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || !pathname.startsWith(scope)) return;
  const path = pathname.slice(scope.length);
  if (method === "GET") event.respondWith(answer(event, path));
  else if (mode === "navigate" && path === "share") event.respondWith(receive(event.request));
  else if (method !== "HEAD" && mode !== "navigate") event.respondWith(refuse(event));
});

self.addEventListener("message", (event) => {
  const { data, source } = event;
  if (data === "requests") event.ports[0].postMessage(performance.getEntriesByType("resource").map((entry) => ({
    name: entry.name, age: performance.now() - entry.startTime })));
  if (data === "complete") event.waitUntil(complete().catch(() => {}));
  if (data === "switch") event.waitUntil((async () => {
    const others = (await pages()).length - 1;
    if (others > 0) source.postMessage({ offcut: "others", count: others });
    else await self.skipWaiting();
  })());
});

// Sent by the page once everything works: whatever was needed and did not pass through here (Firefox sends a Blob worker's
// first requests straight to the network) or was deleted is added now, so that the next visit can be offline.
async function complete() {
  const app = await caches.open(APP);
  const list = (await app.match("files.json")) ?? (await fetch("files.json", { cache: "no-cache" }));
  const { version, files } = await list.clone().json();
  if (version !== VERSION) return;
  await app.put("files.json", list);
  await Promise.all(keeping);
  const runtime = await caches.open(KEPT);
  // By name: a response that is not read keeps its place in the cache open, where compiled code is still to be put.
  const there = new Set((await Promise.all([app.keys(), runtime.keys()])).flat().map(({ url }) => url));
  for (const file of files.filter(({ path, optional, packs }) => !optional && !packs && (isApp(path) || isRuntime(path))))
    if (!there.has(new URL(file.path, base).href)) await bring(isRuntime(file.path) ? runtime : app, file);
}

// Fetches one file of this version, makes sure that it is that, and keeps it.
async function bring(cache, { path, sha256 }) {
  const response = await fetch(path, { cache: "no-cache" });
  const bytes = await response.clone().arrayBuffer();
  if (!response.ok || (await digest(bytes)) !== sha256) throw new Error(`${path} is not of this version`);
  // Pages may not be answered with a response that was redirected on its way, as some hosts do with index.html.
  const { status, headers } = response;
  const kept = response.redirected ? new Response(bytes, { status, headers }) : response;
  if (path === "index.html") await cache.put("./", kept.clone());
  await cache.put(path, kept);
}

async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answer(event, path) {
  const { request } = event;
  const name = isRuntime(path) ? KEPT : isChunk(path) ? MODELS : APP;
  // Not with `ignoreSearch`: for that browsers look through everything they keep, each time.
  const asked = request.url.split(/[?#]/)[0];
  const find = () => caches.open(name).then((cache) => cache.match(asked)).catch(() => null);
  if (path === ONNXRUNTIME) await ahead;
  const there = await find();
  if (there) return guarded(request, there);
  if (name !== KEPT) return guarded(request, await fetched(request, path));
  if (!(await hasSameRuntime())) return new Response("This belongs to a newer version.", { status: 503 });
  const { fresh, kept } = await fetchedToKeep(request, path);
  event.waitUntil(kept);
  if (kept && path.endsWith(".wasm")) {
    await kept;
    if (path === PYTHON) event.waitUntil(ahead ??= fetchAhead(ONNXRUNTIME)); // the line is idle while Python starts
    // Browsers keep what they compile of it with the cached response, and only if they were given that one.
    const compilable = await find();
    if (compilable) {
      fresh.body.cancel().catch(() => {});
      return guarded(request, compilable);
    }
  }
  return guarded(request, fresh);
}

async function fetchAhead(path) {
  const request = new Request(path);
  const there = await caches.open(KEPT).then((cache) => cache.keys(request)).catch(() => []); // by name, as in `complete`
  if (there.length) return;
  const { fresh, kept } = await fetchedToKeep(request, path).catch(() => ({}));
  fresh?.body?.cancel().catch(() => {});
  await kept;
}

// A runtime file, and a promise of its being in the cache, or not being what belongs there.
async function fetchedToKeep(request, path) {
  const fresh = await fetched(request, path);
  if (!fresh.ok || fresh.status !== 200) return { fresh };
  const kept = keep(request, path, fresh.clone()).catch(() => {}).then(() => keeping.delete(kept));
  keeping.add(kept);
  return { fresh, kept };
}

// Not every host compresses what it sends, so the build packs the files that get much smaller by it.
async function fetched(request, path) {
  const form = isRuntime(path) && "DecompressionStream" in self && (await listed(({ packs }) => packs === path));
  const packed = form && (await fetch(form.path).catch(() => null));
  if (!packed?.ok) return fetch(request);
  const type = path.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  return new Response(packed.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}

// The first file of this version that `is` is true of, if any.
const listed = (is) => caches.match("files.json", { cacheName: APP }).then((it) => it.json())
  .then(({ files }) => files.find(is), () => null);

// A page of this version with half of a newer runtime would be a mixture that no test has covered.
function hasSameRuntime() {
  sameRuntime ??= fetch("files.json", { cache: "no-cache" }).then((it) => it.json())
    .then(({ runtime }) => runtime === RUNTIME, () => true);
  return sameRuntime;
}

// Documents and workers carry the policy, and scripts the type without which no browser runs a module, whatever the host sends.
// Everything else is handed on untouched, because a rebuilt response would lose the browser's compiled-code cache.
function guarded(request, response) {
  if (!["document", "iframe", "script", "worker", "sharedworker"].includes(request.destination)) return response;
  if (response.type === "opaque" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const isHtml = headers.get("Content-Type")?.startsWith("text/html"); // in place of the script
  if (/\.m?js$/.test(new URL(request.url).pathname) && !isHtml) headers.set("Content-Type", "text/javascript");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

// What carries data could carry a photo, even to the site's own server. Offcut makes no such request, and none of it passes.
async function refuse({ request, clientId }) {
  const client = await self.clients.get(clientId);
  if (client && !client.url.startsWith("blob:") && !isPage(client)) return fetch(request); // not of Offcut
  await tell({ offcut: "refused", method: request.method, url: request.url });
  return new Response(null, { status: 405 });
}

// Photos shared from another app come as a form. They are put aside on this device, and the page that opens takes them.
async function receive(request) {
  const photos = (await request.formData()).getAll("photo").filter((photo) => photo instanceof File);
  const cache = photos.length && (await caches.open(SHARED));
  for (const [at, photo] of photos.entries()) {
    const headers = { "Content-Type": photo.type, "X-Name": encodeURIComponent(photo.name) };
    await cache.put(`share/${at}`, new Response(photo, { headers }));
  }
  return Response.redirect(`${base}?shared`, 303);
}

// Keeps one runtime file, if it is what the list says, and tells the pages how much of it has arrived.
async function keep(request, path, copy) {
  const parts = [];
  let loaded = 0;
  for (const reader = copy.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    tell({ offcut: "runtime", path, loaded: (loaded += value.byteLength) });
  }
  const whole = new Blob(parts);
  const wanted = await listed((file) => file.path === path);
  if ((await digest(await whole.arrayBuffer())) !== wanted?.sha256) return;
  const { status, statusText, headers } = copy;
  await (await caches.open(KEPT)).put(request, new Response(whole, { status, statusText, headers }));
}

const isPage = ({ url }) => [base, `${base}index.html`].includes(url.split(/[?#]/)[0]);
const pages = async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter(isPage);

async function tell(message) {
  for (const page of await pages()) page.postMessage(message);
}
