// Runs a Python program in the page's own MicroPython, in Node. Arguments: the interpreter, the program, and pairs of a folder
// (or file) and where the interpreter finds it. Prints what the program prints.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [interpreter, program, ...mounts] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(interpreter));
const python = await loadMicroPython({ stdout: (line) => console.log(line), heapsize: 8 << 20 });

function mount(source, target) {
  if (fs.statSync(source).isDirectory()) {
    if (target !== "/") python.FS.mkdir(target);
    for (const name of fs.readdirSync(source)) mount(path.join(source, name), path.posix.join(target, name));
  } else if (/\.(py|json)$/.test(source)) python.FS.writeFile(target, fs.readFileSync(source));
}

for (let at = 0; at < mounts.length; at += 2) mount(mounts[at], mounts[at + 1]);
await python.runPythonAsync(fs.readFileSync(program, "utf-8"));
