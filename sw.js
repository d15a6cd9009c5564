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
const PAUSES_MS = [500, 2_000, 5_000]; // before each further try of a file
const MAX_PAUSE_MS = 30_000; // whatever a host's Retry-After says
const PASSING = [408, 425, 429, 500, 502, 503, 504]; // statuses that may be others a moment later
const STALL_MS = 20_000; // without a byte: the connection counts as lost
const LOADING_MS = 30_000; // at most, that a page which loads keeps this service worker
const arriving = new Map(); // promises of the answers of files that are on their way, by path
const PYTHON = "vendor/pyodide/pyodide.asm.wasm";
const ONNXRUNTIME = "vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm"; // Python asks for it once it is up
const CATALOGUE = "models/catalogue.json";
let ahead = null; // a promise of ONNXRUNTIME having been fetched before that
let isNetworkWanted = false; // by the page: the network of its first photo may be fetched after that
const passing = new Map(); // promises of the answers of its chunks that are on their way, by path
const loading = new Map(); // functions that end the wait for a page to load, by its client's id
let sameRuntime = null; // a promise of whether the site still has the runtime that belongs to this version

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const { listing, version, files } = await fetchList();
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
  if (mode === "navigate") event.waitUntil(hasLoaded(event.resultingClientId));
  if (method === "GET") event.respondWith(answer(event, path));
  else if (mode === "navigate" && path === "share") event.respondWith(receive(event.request));
  else if (method !== "HEAD" && mode !== "navigate") event.respondWith(refuse(event));
});

self.addEventListener("message", (event) => {
  const { data, source } = event;
  if (data === "requests") event.ports[0].postMessage(performance.getEntriesByType("resource").map((entry) => ({
    name: entry.name, age: performance.now() - entry.startTime })));
  if (data === "network") isNetworkWanted = true;
  if (data === "complete") event.waitUntil(complete().catch(() => {}).finally(() => loading.get(source?.id)?.()));
  if (data === "switch") event.waitUntil((async () => {
    const others = (await pages()).length - 1;
    if (others > 0) source.postMessage({ offcut: "others", count: others });
    else await self.skipWaiting();
  })());
});

// Resolves once a page has loaded what it needs. Chromium stops a service worker that has a waiting successor as soon as it is idle,
// which may be between two requests of one page; the next request is then never answered.
function hasLoaded(id) {
  return new Promise((done) => {
    loading.set(id, done);
    setTimeout(done, LOADING_MS);
  }).finally(() => loading.delete(id));
}

// Sent by the page once everything works: whatever was needed and did not pass through here (Firefox sends a Blob worker's
// first requests straight to the network) or was deleted is added now, so that the next visit can be offline.
async function complete() {
  const app = await caches.open(APP);
  const kept = await app.match("files.json");
  const { listing, version, files } = kept ? { listing: kept, ...(await kept.clone().json()) } : await fetchList();
  if (version !== VERSION) return;
  await app.put("files.json", listing);
  await Promise.all(arriving.values());
  const runtime = await caches.open(KEPT);
  // By name: a response that is not read keeps its place in the cache open, where compiled code is still to be put.
  const there = new Set((await Promise.all([app.keys(), runtime.keys()])).flat().map(({ url }) => url));
  for (const file of files.filter(({ path, optional, packs }) => !optional && !packs && (isApp(path) || isRuntime(path))))
    if (!there.has(new URL(file.path, base).href)) await (isRuntime(file.path) ? arrival(file.path, KEPT) : bring(app, file));
}

// Fetches one file of this version and keeps it.
async function bring(cache, file) {
  const response = await fetchWhole(file);
  if (file.path === "index.html") await cache.put("./", response.clone());
  await cache.put(file.path, response);
}

// The site's list of files; a host that is being changed, or a network that wants people to log in first, sends something else.
const fetchList = () => persist(async (options) => {
  const listing = await fetch("files.json", options);
  return { listing, ...(await listing.clone().json()) };
});

// One file of this version, once it has arrived and is that. What does not is asked for again, past every cache. `arrived` is
// told how many bytes are there.
const fetchWhole = ({ path, sha256 }, arrived = () => {}, pauses = PAUSES_MS) => persist(async (options, isAlive) => {
  const response = await fetch(path, options);
  if (!response.ok || response.status === 206) throw Object.assign(new Error(`${path}: ${response.status}`), { response });
  const parts = [];
  let loaded = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    isAlive();
    parts.push(value);
    arrived((loaded += value.byteLength));
  }
  const whole = new Blob(parts);
  if ((await digest(await whole.arrayBuffer())) !== sha256) throw new Error(`${path} is not of this version`);
  // Made anew: pages may not be answered with a response that was redirected on its way, as some hosts do with index.html.
  return new Response(whole, { headers: /\.(html|m?js)$/.test(path) ? withPolicy(path, response.headers) : response.headers });
}, pauses);

// Does something with the network until it succeeds, a few times. It gets the options of its fetches, and a function to call while
// anything arrives.
async function persist(attempt, pauses = PAUSES_MS) {
  for (let tries = 0; ; tries++) {
    const abort = new AbortController();
    let timer = 0;
    const isAlive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(new Error("nothing arrives")), STALL_MS);
    };
    isAlive();
    try {
      return await attempt({ cache: tries ? "reload" : "no-cache", signal: abort.signal }, isAlive);
    } catch (error) {
      const { response } = error;
      if (tries >= pauses.length || !navigator.onLine || (response && !PASSING.includes(response.status))) throw error;
      const wanted = 1000 * (Number(response?.headers.get("Retry-After")) || 0);
      await new Promise((done) => setTimeout(done, Math.max(pauses[tries], Math.min(wanted, MAX_PAUSE_MS))));
    } finally {
      clearTimeout(timer);
    }
  }
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
  const there = (await find()) ?? (await handedOver(path));
  if (there) return guarded(request, there);
  if (name === MODELS || request.mode === "navigate") return guarded(request, await fetch(request));
  if (name === KEPT && !(await hasSameRuntime())) return new Response("This belongs to a newer version.", { status: 503 });
  const fresh = await arrival(path, name);
  if (path === PYTHON) // the line is idle while Python starts
    event.waitUntil(ahead ??= fetchAhead(ONNXRUNTIME, () => event.waitUntil(fetchNetwork().catch(() => {}))));
  // Browsers keep what they compile of WebAssembly with the cached response, and only if they were given that one.
  return guarded(request, (await find()) ?? fresh ?? (await fetch(request)));
}

async function fetchAhead(path, whenThere) {
  const request = new Request(path);
  const there = await caches.open(KEPT).then((cache) => cache.keys(request)).catch(() => []); // by name, as in `complete`
  if (!there.length) await arrival(path, KEPT, whenThere);
}

// The chunks of the network that looks at a first photo, which Python asks for once it is up.
async function fetchNetwork() {
  if (!isNetworkWanted) return;
  isNetworkWanted = false;
  const { models, default: usual } = await (await caches.match(CATALOGUE, { cacheName: APP })).json();
  const model = Object.values(models).find(({ tier }) => tier === "fast") ?? models[usual];
  await Promise.all((model.variants?.wasm ?? model).chunks.map(({ sha256 }) => fetchChunk(`models/chunks/${sha256}.bin`, sha256)));
}

async function fetchChunk(path, sha256) {
  const cache = await caches.open(MODELS);
  if (await cache.match(path)) return;
  const asked = fetch(path);
  let whole = null;
  passing.set(path, asked.then((response) => {
    const [own, other] = response.body.tee();
    whole = new Response(own).blob();
    return new Response(other, response);
  }));
  try {
    const { ok } = await passing.get(path);
    const bytes = await whole;
    if (ok && (await digest(await bytes.arrayBuffer())) === sha256) await cache.put(path, new Response(bytes));
  } finally {
    passing.delete(path);
  }
}

// What is there of a chunk that is on its way, and the rest as it comes: for the worker, which checks it itself. It asks again where
// anything is wrong with it, and gets another then.
async function handedOver(path) {
  const response = passing.get(path);
  passing.delete(path);
  return (await response?.catch(() => null)) ?? null;
}

// The answer for a file that is not in its cache yet, or not any more: kept there if there is room for it; null for a file that is
// not of this version. However many ask for it at a time, it is fetched once. `whenThere` is told once its bytes are there, which
// are unpacked and kept after that.
function arrival(path, name, whenThere = () => {}) {
  if (!arriving.has(path)) arriving.set(path, fetchToKeep(path, name, whenThere).finally(() => arriving.delete(path)));
  return arriving.get(path).then((response) => response?.clone() ?? null);
}

async function fetchToKeep(path, name, whenThere) {
  const files = await listed();
  const file = files.find((it) => it.path === path);
  if (!file) return null;
  const told = (share) => {
    tell({ offcut: "runtime", path, loaded: Math.round(share * file.bytes) });
    if (share === 1) whenThere();
  };
  try {
    const response = (await unpacked(files.find(({ packs }) => packs === path), told))
      ?? (await fetchWhole(file, (loaded) => told(loaded / file.bytes)));
    await caches.open(name).then((cache) => cache.put(path, response.clone())).catch(() => {}); // the disk is full
    return response;
  } catch (error) { // the page finds out what is wrong (app/boot.js)
    return error.response ?? new Response(error.message, { status: 504 });
  }
}

// Not every host compresses what it sends, so the build packs the files that get much smaller by it. Null where there is no such
// form, or it cannot be had.
async function unpacked(packed, told) {
  if (!packed || !("DecompressionStream" in self)) return null;
  const fetched = await fetchWhole(packed, (loaded) => told(loaded / packed.bytes), PAUSES_MS.slice(0, 1)).catch(() => null);
  if (!fetched) return null;
  const whole = await new Response(fetched.body.pipeThrough(new DecompressionStream("gzip"))).blob();
  const isWasm = packed.packs.endsWith(".wasm");
  return new Response(whole, { headers: isWasm ? { "Content-Type": "application/wasm" } : withPolicy(packed.packs) });
}

// The files of this version; none where that cannot be found out.
async function listed() {
  const kept = await caches.match("files.json", { cacheName: APP }).then((it) => it?.json()).catch(() => null);
  const { version, files } = kept ?? (await fetchList().catch(() => ({})));
  return version === VERSION ? files : [];
}

// A page of this version with half of a newer runtime would be a mixture that no test has covered.
function hasSameRuntime() {
  sameRuntime ??= fetchList().then(({ runtime }) => runtime === RUNTIME, () => true);
  return sameRuntime;
}

// Returns the headers with the policy, for documents, scripts and workers. Scripts get their Content-Type, too: without it no browser
// runs a module, whatever the host sends. Files are cached with these headers, because the browser caches compiled code only for
// cached responses that are returned unchanged.
function withPolicy(path, given) {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const isHtml = headers.get("Content-Type")?.startsWith("text/html"); // in place of the script
  if (/\.m?js$/.test(path) && !isHtml) headers.set("Content-Type", "text/javascript");
  return headers;
}

async function guarded(request, response) {
  if (!["document", "iframe", "script", "worker", "sharedworker"].includes(request.destination)) return response;
  if (response.type === "opaque" || response.status === 0) return response;
  const headers = withPolicy(new URL(request.url).pathname, response.headers);
  if ([...headers].every(([name, value]) => response.headers.get(name) === value)) return response;
  // A stream would end when this service worker is replaced, and the page would wait for the rest.
  const { body, status, statusText } = response;
  return new Response(body && (await response.blob()), { status, statusText, headers });
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

const isPage = ({ url }) => [base, `${base}index.html`].includes(url.split(/[?#]/)[0]);
const pages = async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter(isPage);

async function tell(message) {
  for (const page of await pages()) page.postMessage(message);
}
