"""Sites of which one file is another, so that a test can do something to a worker that no page could."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tools.files import hash_file


def with_another_file(built: Path, copy: Path, path: str, change: Callable[[str], str]) -> Path:
    """Make a copy of a site in which one text is changed, and is what the list of files names."""
    shutil.copytree(built, copy, copy_function=os.link)
    file = copy / path
    text = change(file.read_text("utf-8"))
    file.unlink()  # and not the file that it is a link to
    file.write_text(text, "utf-8")
    # The service worker keeps no file that is not the one the list names.
    listing = copy / "files.json"
    listed = json.loads(listing.read_text("utf-8"))
    for entry in listed["files"]:
        if entry["path"] == path:
            entry.update(sha256=hash_file(file), bytes=file.stat().st_size)
    listing.unlink()
    listing.write_text(json.dumps(listed), "utf-8")
    return copy


OPENED = """
/* In place of what Pyodide exports: Python that a test sends is run in the engine's own interpreter, and a test can
   take all memory away that it does not have yet. */
let isFull = false;
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (isFull) throw new RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded");
  return grow.call(this, pages);
};
const opened = async (options) => {
  const python = await LOAD(options);
  new BroadcastChannel("engine").onmessage = ({ data }) => {
    if (data === "full") isFull = true;
    else python.runPython(data);
  };
  return python;
};
export { opened as loadPyodide, VERSION as version };
"""


def opened(built: Path, copy: Path) -> Path:
    """A copy of a site whose engine does what `in_engine` and `fill_memory` say."""

    def change(text: str) -> str:
        body, exports = text.rsplit("export{", 1)
        load, version = (name.split(" as ")[0] for name in exports.rstrip(";}\n").split(","))
        return body + OPENED.replace("LOAD", load).replace("VERSION", version)

    return with_another_file(built, copy, "vendor/pyodide/pyodide.mjs", change)


def in_engine(page, python: str) -> None:
    """Run Python in the engine's own interpreter."""
    page.evaluate("(python) => new BroadcastChannel('engine').postMessage(python)", python)


def fill_memory(page) -> None:
    """Have the engine get no more memory than it has."""
    in_engine(page, "full")


TRAP = "import ctypes; ctypes.string_at(0xFFFFFFF0, 64)"
"""Python that reads beyond WebAssembly's memory, after which it answers nothing more."""
