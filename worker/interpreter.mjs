/* What PyScript imports in the worker instead of Pyodide. PyScript hands every step of a start on to the page, and waits for it on a
   busy processor until the page has time. The page starts an interpreter of its own just then, and listens to none of it.

   The worker of recipes has the address data:, from where it can load nothing (app/recipes/sandbox.py). It is handed the files. */

const given = import.meta.url.startsWith("data:") ? await new Promise((done) => { onmessage = ({ data }) => done(data); }) : null;
const moduleOf = (name) => import(URL.createObjectURL(new Blob([given.files[name]], { type: "text/javascript" })));
const { loadPyodide: load, version } = await (given ? moduleOf("pyodide.mjs") : import("../vendor/pyodide/pyodide.mjs"));

const indexURL = given ? "https://none.invalid/" : new URL("../vendor/pyodide/", import.meta.url).href; // PyScript takes it to be the folder of this file
const dispatch = globalThis.dispatchEvent;
const { instantiateStreaming } = WebAssembly;
let fail = null;
const failure = new Promise((_, reject) => { fail = reject; });

// The page waits for a lock that ends with this worker, so that it learns of an end without a word (app/core/worker_transport.py).
let page = null;
addEventListener("message", ({ data, ports }) => {
  if (data?.[0] !== "offcut:connect") return;
  page = ports[0];
  hold(data[1], () => page.postMessage(["alive"])).catch(() => {});
});

// Browsers have Web Locks only in secure contexts. Elsewhere an open IndexedDB connection stands for the lock: a request to delete the
// database waits until the connection is closed.
async function hold(name, onHeld) {
  if (navigator.locks) return navigator.locks.request(name, () => { onHeld(); return new Promise(() => {}); });
  const request = indexedDB.open(name);
  request.onsuccess = () => { hold.database = request.result; onHeld(); }; // kept: a connection that is garbage is closed
}

// Pyodide takes only what has a stack for an error. What browsers reject promises with on a full disk (QuotaExceededError) has none,
// and Python would wait for such a promise for ever.
if (!("stack" in DOMException.prototype)) DOMException.prototype.stack = "";

globalThis.dispatchEvent = (event) => event.type === "py:progress" || dispatch.call(globalThis, event);

// Where Pyodide cannot have its library or a package, it mentions that in the console and goes on without, or waits for ever.
async function whole(asked) {
  try {
    const response = await asked;
    if (!response.ok) throw new Error(`${response.url}: status ${response.status}`);
    return new Response(await response.arrayBuffer()); // a connection may break off in the middle
  } catch (error) {
    fail(error);
    throw error;
  }
}

// Pyodide takes WebAssembly of no other type than its own, though some hosts send another. And where it cannot be run, Pyodide
// mentions that in the console and waits for ever.
if (instantiateStreaming)
  WebAssembly.instantiateStreaming = async (source, imports) => {
    try {
      const response = await source;
      if (!response.ok) throw new Error(`${response.url}: status ${response.status}`);
      if (response.headers.get("Content-Type") === "application/wasm")
        return await instantiateStreaming.call(WebAssembly, response, imports);
      return await WebAssembly.instantiate(await response.arrayBuffer(), imports);
    } catch (error) {
      fail(error);
      throw error;
    }
  };

export { version };
export const loadPyodide = async (options) => {
  const stderr = (line) => {
    if (line.startsWith("Fatal Python error")) fail(new Error(line));
    (options.stderr ?? console.error)(line);
  };
  const { fetch } = globalThis;
  let isStarting = true;
  const isPart = (address) => isStarting && address.startsWith(indexURL) && !address.endsWith(".wasm"); // that one is looked at above
  globalThis.fetch = (...asked) => (isPart(String(asked[0])) ? whole(fetch(...asked)) : fetch(...asked));
  const python = await Promise.race([load({ ...options, indexURL, stderr }), failure]);
  isStarting = false;
  python._api.on_fatal = end;
  return python;
};

// After a trap in its WebAssembly Python answers nothing more, and whoever asks would wait for ever.
function end(error) {
  page?.postMessage(["ended", "EngineDiedError", String(error?.message ?? error), "", ""]);
  close();
}

if (given) {
  const { files, port } = given;
  globalThis.fetch = async (address) => {
    const name = String(address).split("/").pop();
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(files[name], { status: files[name] ? 200 : 404, headers: { "Content-Type": type } });
  };
  try {
    const createPyodideModule = (await moduleOf("pyodide.asm.mjs")).default;
    const lockFileContents = new TextDecoder().decode(files["pyodide-lock.json"]);
    const python = await loadPyodide({ createPyodideModule, lockFileContents, packageBaseUrl: indexURL, packages: ["numpy", "pillow"] });
    python.unpackArchive(files["offcut.zip"], "zip");
    python.pyimport("offcut.browser.late_library").install(() => files["python_late.zip"]);
    python.pyimport("offcut.browser.recipe_server").serve(port);
  } catch (error) {
    port.postMessage({ failed: String(error) });
  }
}
