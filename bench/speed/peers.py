"""Other projects' packages: fetch and bundle them, and write a page for each, as an embedder would.

They are development dependencies, locked by hash in `package-lock.json`; no part of them is shipped.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench.quality import imgly
from tools.errors import ToolError
from tools.files import hash_bytes, write_file
from tools.node import install_packages
from tools.paths import VENDOR

HERE = Path(__file__).parent
CHUNK_BYTES = 4 * 1024 * 1024
"""IMG.LY serves files in chunks of 4 MiB."""

# A page defines `cut(blob)` once its code has arrived.
PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>
<script type="module">{script}</script>"""

IMGLY = """
import {{ removeBackground }} from "./bundle.js";
const settings = {{ publicPath: new URL("data/", location.href).href, model: "{model}", device: "{device}" }};
window.cut = (blob) => removeBackground(blob, settings);
"""
REMBG = """
import { remove, newSession, rembgConfig } from "./bundle.js";
rembgConfig.setCustomModelPath("u2netp", new URL("u2netp.onnx", location.href).href);
let session;
window.cut = async (blob) => remove(blob, { session: await (session ??= newSession("u2netp")) });
"""


def build(folder: Path) -> None:
    """Write a folder for each peer's page below `folder`: `imgly/` and `rembg-web/`. Raises ToolError."""
    modules = install_packages(HERE, "the peers' packages", "about 100 MB")
    imgly.fetch_networks()
    _imgly(folder / "imgly", modules)
    _rembg(folder / "rembg-web", modules)


def _bundle(modules: Path, text: str, out: Path) -> None:
    command = [
        str(modules / ".bin" / "esbuild"),
        "--bundle",
        "--format=esm",
        "--log-level=error",
        "--minify",
        '--define:process.env.NODE_ENV="production"',
        f"--outfile={out}",
    ]
    _run(command, modules.parent, text)


def _run(command: list[str], folder: Path, text: str | None = None) -> None:
    result = subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, errors="replace")
    if result.returncode:
        output = "\n".join(f"  {line}" for line in (result.stdout + result.stderr).strip().splitlines()[-8:])
        raise ToolError(f"{Path(command[0]).name} failed:\n{output}")


def _imgly(folder: Path, modules: Path) -> None:
    _bundle(modules, 'export { removeBackground } from "@imgly/background-removal";', folder / "bundle.js")
    resources = {}
    types = {".wasm": "application/wasm", ".mjs": "text/javascript"}
    for runtime in ("ort-wasm-simd-threaded", "ort-wasm-simd-threaded.jsep"):
        for ending, mime in types.items():
            data = (modules / "onnxruntime-web" / "dist" / f"{runtime}{ending}").read_bytes()
            resources[f"/onnxruntime-web/{runtime}{ending}"] = _chunks(folder / "data", data, mime)
    for size, name in (("small", "isnet_quint8"), ("medium", "isnet_fp16")):
        data = imgly.network(imgly.FOLDER / "imgly", size)
        resources[f"/models/{name}"] = _chunks(folder / "data", data, "application/octet-stream")
        for device, ending in (("cpu", ""), ("gpu", "-gpu")):
            page = PAGE.format(title=f"IMG.LY, {size}, {device}", script=IMGLY.format(model=size, device=device))
            write_file(folder / f"{size}{ending}.html", page.encode())
    write_file(folder / "data" / "resources.json", json.dumps(resources).encode())


def _chunks(folder: Path, data: bytes, mime: str) -> dict:
    """Return a resource in IMG.LY's format: chunks named by their content."""
    chunks = []
    for start in range(0, len(data), CHUNK_BYTES):
        part = data[start : start + CHUNK_BYTES]
        name = hash_bytes(part)
        write_file(folder / name, part)
        chunks.append({"name": name, "hash": name, "offsets": [start, start + len(part)]})
    return {"chunks": chunks, "size": len(data), "mime": mime}


def _rembg(folder: Path, modules: Path) -> None:
    exports = 'export { remove, newSession, rembgConfig } from "@bunnio/rembg-web";'
    _bundle(modules, exports, folder / "bundle.js")
    own = modules / "@bunnio" / "rembg-web" / "node_modules" / "onnxruntime-web" / "dist"
    for path in sorted(own.glob("ort-wasm-simd-threaded*")):
        if path.suffix in (".wasm", ".mjs"):
            write_file(folder / path.name, path.read_bytes())
    write_file(folder / "u2netp.onnx", (VENDOR / "models" / "u2netp.onnx").read_bytes())
    write_file(folder / "u2netp.html", PAGE.format(title="rembg-web", script=REMBG).encode())
