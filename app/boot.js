/* The page's first script, before Python is up: defines window.offcut, records blocked requests, takes photos that are dropped or
   pasted early, registers the service worker, reloads the page once where the service worker's headers need that, and then
   starts Python, or says why that cannot be. The build replaces the tokens. */

"use strict";

(() => {
  const VERSION = "__OFFCUT_VERSION__";
  const TEXTS = JSON.parse(`__OFFCUT_TEXTS__`); // those of app/languages that are needed without Python, by language
  const PYTHON = "vendor/pyscript/core.js";
  const RELOADED = "offcut-isolating"; // key in sessionStorage: the page was reloaded for the service worker's headers
  const SLOW_AFTER_MS = 60_000; // without Python by then, the page says that the start takes long
  const INSTALL_TIMEOUT_MS = 15_000; // for the service worker; slow connections gain most from what it saves
  const CHECK_AFTER_MS = 20_000; // without Python on the page by then, the site's files are looked at
  const STALL_MS = 10_000; // for the service worker's script
  const REGISTER_PAUSES_MS = [0, 500, 2_000]; // before each try of it
  const PATIENCE_MS = 20_000; // for Python to come up after an error that may be harmless
  const FORBIDDABLE = ["localStorage", "sessionStorage", "caches"]; // of window
  // Modules that are valid only with what Pyodide and onnxruntime-web are compiled for, by what it is called.
  const ABILITIES = {
    SIMD: [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
    exceptions: [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11],
    "bulk memory": [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 14, 1, 12, 0, 65, 0, 65, 0, 65, 0, 252, 10, 0, 0, 11],
  };
  const CODE = /^(app|vendor|worker)\/.+\.(js|mjs|wasm|json|py|toml|bin|zip|whl)$/; // what a start needs of the site
  const MIME = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm", json: "application/json", html: "text/html" };
  const pickers = ["photo", "camera"].map((id) => document.getElementById(id));
  document.getElementById("unstarted").remove();
  hideForbidden();
  const workers = navigator.serviceWorker;
  let isStarted = false;
  let hasFailed = false;

  performance.setResourceTimingBufferSize?.(10_000); // the privacy dialog lists every request
  removeWebRtc();
  const offcut = defineApi();
  const recordBlocked = watchBlocked();
  takePhotos();
  const lacking = whatIsLacking();
  if (lacking) failUnlessUp("UnsupportedBrowserError", lacking);
  else {
    explainSlowStart();
    watchForFailure();
    startPython();
  }

  // Where storage is forbidden (blocked cookies, a frame in a sandbox) browsers raise an error when it is merely mentioned,
  // which MicroPython cannot catch. From here on it is missing there, as on plain http; null, which is None in Python.
  function hideForbidden() {
    for (const [owner, name] of [...FORBIDDABLE.map((it) => [window, it]), [navigator, "serviceWorker"]])
      try {
        Reflect.get(owner, name)?.getItem?.(""); // of a damaged profile some browsers mind only that
      } catch {
        Object.defineProperty(owner, name, { value: null, configurable: true });
      }
  }

  // The policy cannot forbid WebRTC, so it is removed here, before any other script runs.
  function removeWebRtc() {
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"])
      if (name in window) Object.defineProperty(window, name, { value: undefined });
  }

  // Embedding pages can await window.offcut from the first moment; Python fills it in (app/api.py).
  function defineApi() {
    const api = (window.offcut = { ...window.offcut, version: VERSION, arrived: {}, blocked: [] });
    api.ready = new Promise((resolve, reject) => Object.assign(api, { resolve, reject }));
    api.ready.then(() => keepForLater().catch(() => {}), () => {});
    for (const name of ["remove", "info", "release"])
      api[name] = async (...args) => { await api.ready; return api[name](...args); };
    Object.assign(api, { diagnose, fail, restoreService });
    listenToParent(api);
    return api;
  }

  // In a frame: what the page around it asks for goes to Python (app/embedding.py), to which a window of another origin is of no use.
  function listenToParent(api) {
    if (parent === window) return;
    api.tellParent = (message, target) => parent.postMessage(message, target);
    addEventListener("message", ({ source, data, origin: from }) => { if (source === parent) api.onParent?.(data, from); });
  }

  // Every blocked request, for the privacy dialog (app/dialogs/privacy.py). Python's worker reports its own here too.
  function watchBlocked() {
    const record = (offcut.attempted = (what, where) => {
      offcut.blocked.push({ what, where });
      dispatchEvent(new CustomEvent("offcut:blocked"));
    });
    document.addEventListener("securitypolicyviolation", (event) => record(event.effectiveDirective, event.blockedURI));
    return record;
  }

  // Why Python cannot run in this browser or at this place at all; empty where it can.
  function whatIsLacking() {
    if (location.protocol === "file:") return text("start.file");
    if (origin === "null") return text("start.frame", { address: location.href }); // PyScript's worker never starts there
    if (typeof WebAssembly !== "object") return text("start.webassembly");
    const bytes = (rest) => new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...rest]);
    const missing = Object.keys(ABILITIES).filter((name) => !WebAssembly.validate(bytes(ABILITIES[name])));
    if (missing.length) return text("start.old", { missing: missing.join(", ") });
    try {
      new WebAssembly.Module(bytes([])); // what a policy forbids
      new Function("");
    } catch {
      return text("start.policy");
    }
    return "";
  }

  // A text in the page's language, with its {places} filled in.
  function text(key, values = {}) {
    const wanted = [stored("localStorage", (storage) => storage.getItem("offcut-language")), ...(navigator.languages ?? [])];
    const language = wanted.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag in TEXTS) ?? "en";
    return (TEXTS[language][key] ?? TEXTS.en[key]).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  // Once Python is up, it can say by itself what is wrong.
  function failUnlessUp(name, message) {
    if (!isUp()) fail(name, message);
  }

  // Without Python, or where its page fails while it is being made (app/main.py), only this script can say what is wrong.
  function fail(name, message) {
    if (hasFailed) return;
    hasFailed = true;
    const [box, words, close] = ["notice", "notice-text", "notice-close"].map((id) => document.getElementById(id));
    box.dataset.kind = "error";
    words.textContent = message;
    close.addEventListener("click", () => { box.hidden = true; });
    box.hidden = false;
    if (name !== "UnsupportedBrowserError") offerReload("notice-again");
    const status = document.getElementById("status");
    [status.dataset.state, status.textContent] = ["failed", text("status.failed")];
    offcut.reject(Object.assign(new Error(message), { name }));
  }

  function offerReload(id) {
    const button = document.getElementById(id);
    [button.textContent, button.hidden] = [text("notice.again"), false];
    button.addEventListener("click", () => location.reload());
  }

  // Whether app/main.py has made the whole page.
  function isUp() {
    return offcut.isUp === true;
  }

  // After an uncaught error the site's files are checked. Where all of them are right, the error may be harmless or come from a
  // browser extension: then Python gets PATIENCE_MS to start.
  function watchForFailure() {
    const check = async (detail) => {
      if (hasFailed || isUp()) return;
      const found = await diagnose();
      if (found) failUnlessUp("SiteFileError", found);
      else if (detail) setTimeout(() => failUnlessUp("EngineStartError", text("error.EngineStartError", { detail })), PATIENCE_MS);
    };
    // In the capturing phase, because the error of a script that is not there does not bubble.
    addEventListener("error", ({ target, message }) => {
      if (message || target.localName === "script") check(message ?? target.src);
    }, true);
    addEventListener("unhandledrejection", ({ reason }) => check(String(reason?.message ?? reason)));
    // PyScript reports files that are not there in the console alone.
    const refused = (list) => list.getEntries().find(({ responseStatus }) => responseStatus >= 400);
    new PerformanceObserver((list) => { if (refused(list)) check(refused(list).name); }).observe({ type: "resource" });
    setTimeout(() => check(""), CHECK_AFTER_MS);
  }

  // Says which of the site's files does not come as it should; empty where all do. Python asks too, when its worker has failed.
  async function diagnose() {
    if (await isReplaced()) return text("start.newer");
    const listing = await fetch("files.json", { cache: "no-cache" }).then((it) => it.json()).catch(() => null);
    const isNeeded = ({ path, packs, optional, late }) => CODE.test(path) && !packs && !optional && !late;
    const files = listing?.files.filter(isNeeded) ?? [{ path: PYTHON }];
    const found = await Promise.all(files.map(faultOf));
    return found.find(Boolean) ?? "";
  }

  // Whether the service worker refuses files because this page is of an older version than the site. Without Python nothing
  // in the page can be lost: the new version takes over by itself then, unless other tabs still need the old one.
  async function isReplaced() {
    if (!workers?.controller || (await fetch("vendor/").catch(() => null))?.status !== 503) return false;
    if (isUp()) return true;
    workers.addEventListener("controllerchange", () => location.reload());
    const registration = await workers.getRegistration();
    const take = () => registration.waiting?.postMessage("switch");
    registration.addEventListener("updatefound", () => registration.installing.addEventListener("statechange", take));
    registration.installing?.addEventListener("statechange", take);
    take();
    registration.update().catch(() => {});
    return true;
  }

  async function faultOf({ path, bytes }) {
    const file = path;
    const response = await fetch(path, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (!response) return text("start.unreachable", { file });
    if (!response.ok) return text("start.missing", { file, status: response.status });
    const type = (response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
    const wanted = MIME[path.split(".").pop()] ?? "application/octet-stream";
    if (type === MIME.html && wanted !== MIME.html) return text("start.portal", { file });
    // Only of scripts are browsers particular about the type.
    const isRight = wanted !== MIME.js || /^(text|application)\/(x-)?(java|ecma)script$/.test(type);
    if (!isRight) return text("start.type", { file, type: type || "?", wanted });
    const length = response.headers.get("Content-Encoding") ? null : response.headers.get("Content-Length");
    if (length && bytes && Number(length) !== bytes) return text("start.other", { file, length, bytes });
    return "";
  }

  function explainSlowStart() {
    const notice = document.getElementById("slow");
    notice.querySelector("p").textContent = text("page.slow");
    offerReload("slow-again");
    const timer = setTimeout(async () => {
      const found = await diagnose();
      if (found) failUnlessUp("SiteFileError", found);
      if (!hasFailed) notice.hidden = false;
    }, SLOW_AFTER_MS);
    const settled = () => { clearTimeout(timer); notice.hidden = true; };
    offcut.ready.then(settled, settled);
  }

  // Drops and pastes: the browser would leave the page, or lose them, and what they hold can be read only at once. Python decides
  // what is done with them (app/intake/arrivals.py); until it is up they wait.
  function takePhotos() {
    let isOwn = false; // what is dragged is part of this page
    offcut.early = [];
    const isField = (target) => Boolean(target.closest?.("input[type=number], input[type=text], textarea"));
    const take = (event, data) => {
      if (!data) return;
      const entries = [...data.items].map((item) => item.webkitGetAsEntry?.());
      const isFolder = (at) => entries.filter((entry) => entry)[at]?.isDirectory;
      const arrival = {
        way: event.type,
        files: [...data.files].filter((file, at) => !isFolder(at)),
        folders: entries.filter((entry) => entry?.isDirectory),
        text: data.getData("text/plain"),
        html: data.getData("text/html"),
        uris: data.getData("text/uri-list"),
        isInField: isField(event.target),
        isOnTool: Boolean(event.target.closest?.("#tool-background")),
      };
      if (offcut.arrive) offcut.arrive(arrival);
      else offcut.early.push(arrival);
    };
    const isLeft = (event) => isOwn || (isField(event.target) && !event.dataTransfer?.types.includes("Files"));
    addEventListener("dragstart", () => { isOwn = true; });
    for (const end of ["dragend", "pointerdown"]) addEventListener(end, () => { isOwn = false; }, true);
    addEventListener("dragover", (event) => { if (!isLeft(event)) event.preventDefault(); });
    addEventListener("drop", (event) => {
      if (isLeft(event)) return;
      event.preventDefault();
      take(event, event.dataTransfer);
    });
    addEventListener("paste", (event) => take(event, event.clipboardData));
  }

  function startPython() {
    if (!workers) return start();
    workers.addEventListener("message", ({ data }) => {
      if (data.offcut === "refused") recordBlocked(data.method, data.url);
      if (data.offcut !== "runtime") return;
      offcut.arrived[data.path] = data.loaded;
      dispatchEvent(new CustomEvent("offcut:runtime"));
    });
    const registered = register().then(installed).catch(() => null);
    if (crossOriginIsolated) startIsolated(registered);
    else reloadOnce(registered);
  }

  // A registration whose script never ends cannot be given up, and keeps every other one waiting for minutes, those of later visits too:
  // a new one begins when the script is known to arrive.
  async function register() {
    if (await workers.getRegistration()) return workers.register("sw.js");
    for (const pause of REGISTER_PAUSES_MS) {
      await new Promise((done) => setTimeout(done, pause));
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), STALL_MS);
      const script = await fetch("sw.js", { cache: pause ? "reload" : "no-cache", signal: abort.signal }).catch(() => null);
      const isWhole = await script?.text().then(() => true, () => false);
      clearTimeout(timer);
      if (isWhole && script.ok && /javascript|ecmascript/.test(script.headers.get("Content-Type"))) break;
    }
    return workers.register("sw.js");
  }

  // Once everything works: what is not on this device yet comes, a service worker too that could not be had before.
  async function keepForLater() {
    if (!workers) return;
    if (!(await workers.getRegistration())) await register();
    (await workers.ready).active.postMessage("complete");
  }

  // Browsers that need room delete a site's data while it is open, the service worker too. Workers of a page that is isolated by its
  // headers need them themselves.
  async function restoreService() {
    if (!workers || !crossOriginIsolated || (await workers.getRegistration().catch(() => true))) return;
    const isThere = new Promise((done) => {
      workers.addEventListener("controllerchange", done, { once: true });
      setTimeout(done, INSTALL_TIMEOUT_MS);
    });
    if (!(await register().catch(() => null))) return;
    await isThere;
    workers.controller?.postMessage("complete"); // of what this page has loaded already the new one has nothing
  }

  // The registration once it is active; null where it cannot be installed, as on a full disk.
  function installed(registration) {
    const refused = new Promise((done) => {
      const { installing } = registration;
      if (!registration.active) installing?.addEventListener("statechange", () => { if (installing.state === "redundant") done(null); });
    });
    return Promise.race([workers.ready, refused]);
  }

  function start() {
    if (isStarted) return;
    isStarted = true;
    if (mayFetchNetwork()) workers?.controller?.postMessage("network");
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: PYTHON }));
  }

  // Whether the network that a first photo goes to may come before Python asks for it (app/photo/model_policy.py).
  function mayFetchNetwork() {
    const chosen = stored("localStorage", (storage) => storage.getItem("offcut-model"));
    const { saveData, type, effectiveType } = navigator.connection ?? {};
    return (!chosen || chosen === "auto") && !saveData && type !== "cellular" && !/[23]g/.test(effectiveType);
  }

  function startIsolated(registered) {
    stored("sessionStorage", (storage) => storage.removeItem(RELOADED));
    if (workers.controller) return start();
    // The host itself sends the headers. The service worker still halves the bytes, because it fetches packed files.
    workers.addEventListener("controllerchange", start);
    setTimeout(start, INSTALL_TIMEOUT_MS);
    registered.then((active) => setTimeout(start, active ? 1000 : 0)); // after a hard reload it never takes control
  }

  // Threads need the service worker's headers, and those come with a reload. It happens at most once, and not when a photo is
  // already here: that photo is cut out on a single thread instead.
  function reloadOnce(registered) {
    const reloaded = stored("sessionStorage", (storage) => storage.getItem(RELOADED));
    setTimeout(start, INSTALL_TIMEOUT_MS);
    registered.then((active) => {
      const noted = stored("sessionStorage", (storage) => { storage.setItem(RELOADED, "1"); return true; });
      if (active && noted && !reloaded && !isStarted && !pickers.some(({ files }) => files.length) && !offcut.early.length) location.reload();
      else start();
    });
  }

  function stored(name, use) {
    try {
      return use(window[name]);
    } catch {
      return null; // storage is forbidden or full
    }
  }
})();
