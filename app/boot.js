/* The page's first script, before Python is up: defines window.offcut, records blocked requests, takes photos that are dropped or
   pasted early, registers the service worker, reloads the page once where the service worker's headers need that, and then
   starts Python. The build replaces the token. */

"use strict";

(() => {
  const VERSION = "__OFFCUT_VERSION__";
  const PYTHON = "vendor/pyscript/core.js";
  const RELOADED = "offcut-isolating"; // key in sessionStorage: the page was reloaded for the service worker's headers
  const SLOW_AFTER_MS = 60_000; // without Python by then, the page says that the start takes long
  const INSTALL_TIMEOUT_MS = 15_000; // for the service worker; slow connections gain most from what it saves
  const picker = document.getElementById("photo");
  const workers = navigator.serviceWorker;
  let isStarted = false;

  performance.setResourceTimingBufferSize?.(10_000); // the privacy dialog lists every request
  removeWebRtc();
  const offcut = defineApi();
  const recordBlocked = watchBlocked();
  explainSlowStart();
  takePhotos();
  startPython();

  // The policy cannot forbid WebRTC, so it is removed here, before any other script runs.
  function removeWebRtc() {
    for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"])
      if (name in window) Object.defineProperty(window, name, { value: undefined });
  }

  // Embedding pages can await window.offcut from the first moment; Python fills it in (app/api.py).
  function defineApi() {
    const api = (window.offcut = { ...window.offcut, version: VERSION, arrived: {}, blocked: [] });
    api.ready = new Promise((resolve, reject) => Object.assign(api, { resolve, reject }));
    api.ready.then(() => workers?.controller?.postMessage("complete"), () => {});
    for (const name of ["remove", "info", "release"])
      api[name] = async (...args) => { await api.ready; return api[name](...args); };
    return api;
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

  // If Python never starts, only this script can say so.
  function explainSlowStart() {
    const notice = document.getElementById("slow");
    const timer = setTimeout(() => { notice.hidden = false; }, SLOW_AFTER_MS);
    const settled = () => { clearTimeout(timer); notice.hidden = true; };
    offcut.ready.then(settled, settled);
  }

  // A photo dropped outside of the picker would make the browser leave the page, and a pasted one would be lost.
  function takePhotos() {
    const take = (files) => {
      if (!files?.length) return;
      picker.files = files;
      picker.dispatchEvent(new Event("change", { bubbles: true }));
    };
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer?.files); });
    addEventListener("paste", (event) => take(event.clipboardData?.files));
  }

  function startPython() {
    if (!workers) return start();
    workers.addEventListener("message", ({ data }) => {
      if (data.offcut === "refused") recordBlocked(data.method, data.url);
      if (data.offcut !== "runtime") return;
      offcut.arrived[data.path] = data.loaded;
      dispatchEvent(new CustomEvent("offcut:runtime"));
    });
    const registered = workers.register("sw.js").then(() => workers.ready).catch(() => null);
    if (crossOriginIsolated) startIsolated(registered);
    else reloadOnce(registered);
  }

  function start() {
    if (isStarted) return;
    isStarted = true;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: PYTHON }));
  }

  function startIsolated(registered) {
    session((storage) => storage.removeItem(RELOADED));
    if (workers.controller) return start();
    // The host itself sends the headers. The service worker still halves the bytes, because it fetches packed files.
    workers.addEventListener("controllerchange", start);
    setTimeout(start, INSTALL_TIMEOUT_MS);
    registered.then((active) => setTimeout(start, active ? 1000 : 0)); // after a hard reload it never takes control
  }

  // Threads need the service worker's headers, and those come with a reload. It happens at most once, and not when a photo is
  // already here: that photo is cut out on a single thread instead.
  function reloadOnce(registered) {
    const reloaded = session((storage) => storage.getItem(RELOADED));
    setTimeout(start, INSTALL_TIMEOUT_MS);
    registered.then((active) => {
      const noted = session((storage) => { storage.setItem(RELOADED, "1"); return true; });
      if (active && noted && !reloaded && !isStarted && !picker.files.length) location.reload();
      else start();
    });
  }

  function session(use) {
    try {
      return use(sessionStorage);
    } catch {
      return null; // storage is forbidden
    }
  }
})();
