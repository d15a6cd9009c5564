/* What PyScript imports in the worker instead of Pyodide. PyScript hands every step of a start on to the page, and waits for it on a
   busy processor until the page has time. The page starts an interpreter of its own just then, and listens to none of it. */

import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

const indexURL = new URL("../vendor/pyodide/", import.meta.url).href; // PyScript takes it to be the folder of this file
const dispatch = globalThis.dispatchEvent;

globalThis.dispatchEvent = (event) => event.type === "py:progress" || dispatch.call(globalThis, event);

export { version };
export const loadPyodide = (options) => load({ ...options, indexURL });
