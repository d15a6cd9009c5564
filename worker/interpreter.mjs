/* Stands between PyScript and Pyodide, because PyScript has no setting for memory snapshots, and they halve the start.
   A snapshot is the interpreter's memory right after it started. It is made on the device, in a worker of its own while
   nothing else is going on, so it costs no download; the next visit starts from it. On any doubt: the plain start.

   As module: what PyScript imports instead of Pyodide. As worker named "offcut-snapshot": makes the snapshot. */

import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

const CACHE = "offcut-runtime-__OFFCUT_RUNTIME__"; // a snapshot fits only the build that made it, and goes when that goes
const KEY = new URL("../vendor/pyodide/snapshot", import.meta.url).href;
const indexURL = new URL("../vendor/pyodide/", import.meta.url).href;

export { version };

export async function loadPyodide({ packages, ...options }) {
  const snapshot = await kept();
  if (!snapshot) return load({ ...options, packages, indexURL });
  let python;
  try {
    python = await load({ ...options, indexURL, _loadSnapshot: snapshot });
  } catch (error) {
    console.warn("Offcut: starting without the snapshot.", error);
    await forget();
    return load({ ...options, packages, indexURL });
  }
  performance.mark("offcut: from snapshot");
  await python.loadPackage(packages ?? [], { messageCallback() {} }); // a snapshot cannot hold packages
  return python;
}

async function kept() {
  try {
    const found = await (await caches.open(CACHE)).match(KEY);
    return found && new Uint8Array(await new Response(found.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  } catch {
    return null;
  }
}

async function forget() {
  try { await (await caches.open(CACHE)).delete(KEY); } catch {}
}

if (globalThis.name === "offcut-snapshot") {
  const cache = await caches.open(CACHE);
  if (!(await cache.match(KEY))) {
    const python = await load({ indexURL, _makeSnapshot: true });
    const packed = new Blob([python.makeMemorySnapshot()]).stream().pipeThrough(new CompressionStream("gzip"));
    await cache.put(KEY, new Response(await new Response(packed).blob()));
  }
  postMessage("made");
}
