/* What PyScript imports in the worker instead of Pyodide. PyScript hands every step of a start on to the page, and waits for it on a
   busy processor until the page has time. The page starts an interpreter of its own just then, and listens to none of it. */

import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

const indexURL = new URL("../vendor/pyodide/", import.meta.url).href; // PyScript takes it to be the folder of this file
const dispatch = globalThis.dispatchEvent;
const { instantiateStreaming } = WebAssembly;
let fail = null;
const failure = new Promise((_, reject) => { fail = reject; });

globalThis.dispatchEvent = (event) => event.type === "py:progress" || dispatch.call(globalThis, event);

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
export const loadPyodide = (options) => Promise.race([load({ ...options, indexURL }), failure]);
