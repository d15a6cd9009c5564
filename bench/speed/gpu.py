"""Compare the GPU with the CPU in the browser: the time of a photo, the network's own time, and the alphas.

Run it on a machine with a GPU that the browser may use: `.venv/bin/python -m bench.speed.gpu SITE [--peers FOLDER]`.
SITE is a folder that `python3 -m tools build --out` wrote. `--flags headless` gives Chromium the switches that a Linux
machine without a display needs to reach a GPU through Vulkan.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import statistics
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.photos import write_photos
from bench.speed import report
from bench.speed.counting_server import CountingServer
from bench.speed.visit import CUT, IN_WINDOW, STEP_TIMEOUT_MS, Candidate, ours, until_prepared
from tools.browser import arguments, find

HEADLESS = (
    "--enable-unsafe-webgpu",
    "--enable-features=Vulkan,WebGPU",
    "--use-angle=vulkan",
    "--disable-vulkan-surface",
    "--ignore-gpu-blocklist",
    "--disable-gpu-sandbox",
)

ADAPTER = """async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return null;
    const { vendor, architecture, device, description } = adapter.info;
    return { vendor, architecture, device, description, half: adapter.features.has("shader-f16") };
}"""

TIMED = """async ([photo, options]) => {
    const blob = await (await fetch(photo)).blob();
    const before = performance.now();
    await offcut.remove(blob, options);
    return (performance.now() - before) / 1000;
}"""

MASK = """async ([photo, options]) => {
    const blob = await offcut.remove(await (await fetch(photo)).blob(), { ...options, output: "mask" });
    const reader = new FileReader();
    return new Promise((done) => { reader.onload = () => done(reader.result); reader.readAsDataURL(blob); });
}"""

INFO = "async () => JSON.stringify(await offcut.info())"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="what `bench.speed.peers.build` wrote")
    parser.add_argument("--pages", default="imgly/medium-gpu,imgly/medium", help="pages of the peers' folder to visit")
    parser.add_argument("--models", default="u2netp,isnet,isnet-768,modnet", help="ids in the catalogue")
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="photos whose alphas are compared")
    parser.add_argument("--sizes", default="2,12", help="in megapixels (default: 2,12)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flags", choices=("none", "headless"), default="none")
    parser.add_argument("--dawn", default="", help="Dawn's toggles to switch on, such as vulkan_enable_f16_on_nvidia")
    given = parser.parse_args()
    models = given.models.split(",")
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        below = {size: path.name for size, path in write_photos(folder, sizes).items()}
        (folder / "offcut").symlink_to(given.site.absolute())
        if given.peers:
            (folder / "peers").symlink_to(given.peers.absolute())
        if given.photos:
            (folder / "photos").symlink_to(given.photos.absolute())
        switches = [*arguments(), *(HEADLESS if given.flags == "headless" else ())]
        if given.dawn:
            switches.append(f"--enable-dawn-features={given.dawn}")
        browser = play.chromium.launch(executable_path=find() or None, args=switches)
        print(f"{date.today()}, Chromium {browser.version}, {os.cpu_count()} cores, {given.runs} runs", flush=True)
        with CountingServer(folder) as server:
            server.start()
            seen: report.Seen = {}
            page = browser.new_page()
            page.goto(server.url + "offcut/icons/")
            adapters = [page.evaluate(ADAPTER) for _ in range(3)]  # a browser may begin to look with the first request
            print(f"adapter: {adapters[-1]}\n", flush=True)
            page.close()
            page = _open(browser, server.url, ours(models[0]))
            for model in models:
                seen |= _ours(page, model, server.url, below, given.runs)
                if given.photos:
                    names = sorted(path.name for path in given.photos.glob("*.jpg"))
                    _compare_alphas(page, model, {name: f"{server.url}photos/{name}" for name in names})
            page.close()
            for path in given.pages.split(",") if given.peers else ():
                try:
                    seen[path] = _peer(browser, path, server.url, below, given.runs)
                except Error as error:
                    print(f"{path}: {error.message.splitlines()[0]}", flush=True)
        browser.close()
    print(f"\nmedian (least to most)\n\n{report.table(seen)}\n")
    for model in models:
        print(f"{model}, GPU / CPU\n\n{report.ratio_table(seen[f'{model} webgpu'], seen[f'{model} wasm'])}\n")


def _open(browser: Browser, root: str, candidate: Candidate) -> Page:
    page = browser.new_page()
    page.set_default_timeout(STEP_TIMEOUT_MS)
    page.goto(root + candidate.page)
    until_prepared(page, candidate)
    return page


def _ours(page: Page, model: str, root: str, photos: dict[str, str], runs: int) -> report.Seen:
    """Time a model on both backends, after the GPU was validated as it is for everybody."""
    found: dict[str, dict[str, list[float]]] = {f"{model} {backend}": {} for backend in ("wasm", "webgpu")}
    first = root + next(iter(photos.values()))
    page.evaluate(TIMED, [first, {"model": model}])
    print(f"{model}: {_validation(page)}", flush=True)
    for backend in ("wasm", "webgpu"):
        seconds = page.evaluate(TIMED, [first, {"model": model, "backend": backend}])
        found[f"{model} {backend}"]["first photo, s"] = [seconds]
        info = json.loads(page.evaluate(INFO))
        print(f"{model} {backend}: {seconds:.2f} s, ran on {info['backend']}, {info['threads']} threads", flush=True)
    for size, path in photos.items():
        for backend in ("wasm", "webgpu"):
            # The change of the backend opens a session: the first photo after it does not count.
            options = {"model": model, "backend": backend}
            times = [page.evaluate(TIMED, [root + path, options]) for _ in range(runs + 1)][1:]
            found[f"{model} {backend}"][f"{size}: a photo, s"] = times
            print(f"{model} {backend}: {size}: {statistics.median(times):.2f} s", flush=True)
    return found


def _validation(page: Page) -> dict:
    """Wait until the GPU was compared with the CPU in the idle time after a photo, or could not be."""
    trial: dict = {}
    for _ in range(60):
        trial = json.loads(page.evaluate(INFO)).get("trial") or {}
        if trial.get("seconds") or trial.get("failure") or trial.get("agrees") is False:
            break
        page.wait_for_timeout(500)
    return trial


def _compare_alphas(page: Page, model: str, photos: dict[str, str]) -> None:
    alphas: dict[str, list[np.ndarray]] = {}
    for backend in ("wasm", "webgpu"):  # one after the other: a change opens a session
        for address in photos.values():
            data = page.evaluate(MASK, [address, {"model": model, "backend": backend}])
            picture = Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2])))
            alphas.setdefault(backend, []).append(np.asarray(picture.convert("L"), np.float32) / 255)
    ran = json.loads(page.evaluate(INFO))["backend"]
    for name, one, other in zip(photos, alphas["wasm"], alphas["webgpu"], strict=True):
        apart = np.abs(one - other)
        print(f"{model}, {name}: alphas differ by {apart.mean():.5f}, at most {apart.max():.3f} ({ran})", flush=True)


def _peer(browser: Browser, path: str, root: str, photos: dict[str, str], runs: int) -> dict[str, list[float]]:
    page = _open(browser, root, Candidate(path, f"peers/{path}.html", IN_WINDOW))
    found: dict[str, list[float]] = {}
    for size, photo in photos.items():
        times = [page.evaluate(CUT, root + photo) for _ in range(runs + 1)]
        found.setdefault("first photo, s", times[:1])
        found[f"{size}: a photo, s"] = times[1:]
        print(f"{path}: {size}: {statistics.median(times[1:]):.2f} s", flush=True)
    page.close()
    return found


if __name__ == "__main__":
    main()
