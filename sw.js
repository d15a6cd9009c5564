/* The only hand-written JavaScript of Offcut, in two halves, because browsers run a service worker in nothing else.

   As service worker: serves the site from this device (so that it works offline), and adds the two headers that static
   hosts cannot send and that several threads need.
   As page script: registers itself, reloads the page once where that is needed for those headers, catches photos dropped
   or pasted before Python is up, and then starts Python. */

const VERSION = "__OFFCUT_VERSION__";
const RUNTIME = "__OFFCUT_RUNTIME__";
const PREFIX = "offcut-";
const APP = `${PREFIX}app-${VERSION}`; // pages, Python and styles: replaced as a whole with each version
const KEPT = `${PREFIX}runtime-${RUNTIME}`; // Pyodide, wheels, onnxruntime: large, change seldom
const MODELS = `${PREFIX}models`; // chunks named by their content; the worker checks and writes them itself
const WORK = `${PREFIX}work`; // the work on the last photo; the worker writes it and throws it away
const TRIALS = `${PREFIX}trials`; // what the worker found out about graphics processors

if (typeof document === "undefined") asServiceWorker();
else asPageScript();

function asServiceWorker() {
  const scope = new URL(self.registration.scope).pathname;
  const isRuntime = (path) => path.startsWith("vendor/");
  const isChunk = (path) => path.startsWith("models/chunks/");
  const listing = async () => (await (await fetch("files.json", { cache: "no-cache" })).json()).files;

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const paths = (await listing()).map((file) => file.path)
        .filter((path) => !isRuntime(path) && !isChunk(path) && !path.startsWith(".")); // hosts may hide dot files
      const cache = await caches.open(APP);
      await cache.addAll(["./", "files.json", ...paths].map((path) => new Request(path, { cache: "no-cache" })));
      // The first version takes over at once; a later one waits until every tab of the old one is closed.
      if (!self.registration.active) await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
      await Promise.all(ours.filter((name) => ![APP, KEPT, MODELS, WORK, TRIALS].includes(name)).map((name) => caches.delete(name)));
      await self.clients.claim();
    })());
  });

  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(scope)) return;
    event.respondWith(answer(event, url.pathname.slice(scope.length)));
  });

  // Sent by the page once everything works: whatever the runtime needed and did not pass through here (Firefox sends a Blob
  // worker's first requests straight to the network) is added now, so that the next visit can be offline.
  self.addEventListener("message", (event) => {
    if (event.data !== "complete") return;
    event.waitUntil((async () => {
      const cache = await caches.open(KEPT);
      for (const { path } of (await listing()).filter((file) => isRuntime(file.path) && !file.optional))
        if (!(await cache.match(path))) await cache.add(path);
    })().catch(() => {}));
  });

  async function answer(event, path) {
    const { request } = event;
    const name = isRuntime(path) ? KEPT : isChunk(path) ? MODELS : APP;
    const kept = await caches.open(name).then((cache) => cache.match(request, { ignoreSearch: true })).catch(() => null);
    if (kept) return isolated(request, kept);
    const fresh = await fetch(request);
    if (fresh.ok && fresh.status === 200 && name === KEPT) event.waitUntil(keep(request, path, fresh.clone()));
    return isolated(request, fresh);
  }

  // Documents and workers carry the isolation headers. Everything else is handed on untouched, because a rebuilt response
  // would lose the browser's compiled-code cache.
  function isolated(request, response) {
    if (!["document", "iframe", "script", "worker", "sharedworker"].includes(request.destination)) return response;
    if (response.type === "opaque" || response.status === 0) return response;
    const headers = new Headers(response.headers);
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Embedder-Policy", "require-corp");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    const { status, statusText } = response;
    return new Response(response.body, { status, statusText, headers });
  }

  // Keeps one runtime file and tells the pages how much of it has arrived.
  async function keep(request, path, copy) {
    const cache = await caches.open(KEPT);
    let loaded = 0;
    const counted = new TransformStream({
      transform(part, control) {
        loaded += part.byteLength;
        tell(path, loaded);
        control.enqueue(part);
      },
    });
    const { status, statusText, headers } = copy;
    await cache.put(request, new Response(copy.body.pipeThrough(counted), { status, statusText, headers }));
  }

  async function tell(path, loaded) {
    for (const client of await self.clients.matchAll()) client.postMessage({ offcut: "runtime", path, loaded });
  }
}

function asPageScript() {
  const GUARD = `${PREFIX}isolating`;
  const photo = document.getElementById("photo");
  const workers = navigator.serviceWorker;

  // What embedders await exists from the first moment; Python fills it in (app/api.py).
  const offcut = (window.offcut = { version: VERSION, arrived: {} });
  offcut.ready = new Promise((resolve, reject) => Object.assign(offcut, { resolve, reject }));
  offcut.ready.then(() => workers?.controller?.postMessage("complete"), () => {});
  for (const name of ["remove", "info", "release"])
    offcut[name] = async (...given) => { await offcut.ready; return offcut[name](...given); };

  // If Python never comes up there is nobody but this script to say so.
  const slow = document.getElementById("slow");
  const patience = setTimeout(() => { slow.hidden = false; }, 60_000);
  const settled = () => { clearTimeout(patience); slow.hidden = true; };
  offcut.ready.then(settled, settled);

  // A photo dropped beside the picker would make the browser leave the page, and a pasted one would be lost.
  const take = (files) => {
    if (!files?.length) return;
    photo.files = files;
    photo.dispatchEvent(new Event("change", { bubbles: true }));
  };
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer?.files); });
  addEventListener("paste", (event) => take(event.clipboardData?.files));

  let started = false;
  const start = () => {
    if (started) return;
    started = true;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: "vendor/pyscript/core.js" }));
  };

  if (!workers) return start();
  workers.addEventListener("message", ({ data }) => {
    if (data.offcut !== "runtime") return;
    offcut.arrived[data.path] = data.loaded;
    dispatchEvent(new CustomEvent("offcut:runtime"));
  });
  const registered = workers.register("sw.js").then(() => workers.ready).catch(() => null);
  const remembered = (change) => { try { return change(sessionStorage); } catch { return null; } };
  if (crossOriginIsolated) {
    remembered((session) => session.removeItem(GUARD));
    return start();
  }
  // Several threads need the service worker's headers, and those come with a reload. It happens once at most, and not when
  // a photo is already here: that one is cut out on a single thread instead.
  const tried = remembered((session) => session.getItem(GUARD));
  setTimeout(start, 4000);
  registered.then((active) => {
    const noted = remembered((session) => { session.setItem(GUARD, "1"); return true; });
    if (active && noted && !tried && !started && !photo.files.length) location.reload();
    else start();
  });
}
