"""One variant of a network on a page of its own."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from bench.memory import processes
from tools.errors import ToolError
from tools.server import serving

STEP_TIMEOUT_MS = 900_000
"""The largest network on one thread takes a minute a photo."""

CUT = """async ([text, options]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stages = [];
    const listen = ({ detail: { stage } }) => {
        if (stages.at(-1)?.stage !== stage) stages.push({ stage, since: performance.now() });
    };
    addEventListener("offcut:progress", listen);
    const blob = await offcut.remove(new Blob([bytes]), options);
    const ended = performance.now();
    removeEventListener("offcut:progress", listen);
    const place = stages.findIndex(({ stage }) => stage === "infer");
    const seconds = ((stages[place + 1]?.since ?? ended) - stages[place].since) / 1000;
    const reader = new FileReader();
    await new Promise((resolve) => { reader.onload = resolve; reader.readAsDataURL(blob); });
    return [seconds, reader.result.split(",")[1]];
}"""
"""JavaScript that resolves with the seconds of the stage `infer`, and the mask."""

INFO = "offcut.info().then((info) => JSON.parse(JSON.stringify(info)))"


class Page:
    """A built site with one network, opened with an empty profile."""

    def __init__(self, browser: Browser, site: Path, model: str) -> None:
        self._model = model
        self._server = serving(site, "/models/")
        self._page = browser.new_context().new_page()
        self._page.set_default_timeout(STEP_TIMEOUT_MS)
        self._page.goto(self._server.url)
        # A first visit reloads once, and this wait outlives that.
        self._page.wait_for_function("window.offcut && crossOriginIsolated && offcut.ready.then(() => true)")
        self._process: list[int] = []
        """The process of the page and its workers, once it is known."""

    def close(self) -> None:
        """Close the page and its server."""
        self._page.context.close()
        self._server.stop()

    def info(self) -> dict:
        """Return `offcut.info()`."""
        return self._page.evaluate(INFO)

    def settle(self, backend: str, photo: Path) -> str:
        """Run the network on a backend for the first time. Return why it does not run there, or an empty string."""
        # The first photo runs on WebAssembly before the GPU is validated.
        for _ in range(3):
            before = {pid: processes.cpu_seconds([pid]) for pid in processes.renderers()}
            self.cut(backend, photo)
            # The browser keeps spare processes: the page's is the busiest one.
            self._process = sorted(before, key=lambda pid: processes.cpu_seconds([pid]) - before[pid])[-1:]
            if (found := self.info())["backend"] == backend:
                return ""
        trial = found.get("trial") or {}
        return trial.get("failure") or ("its result differs from WebAssembly's" if trial else "no such backend here")

    def cut(self, backend: str, photo: Path) -> tuple[float, float | None, np.ndarray]:
        """Return the seconds of one run, the peak memory in MB, and the alpha, float32 `(height, width)`, 0 to 1."""
        text = base64.b64encode(photo.read_bytes()).decode()
        processes.reset_peaks(self._process)
        options = {"model": self._model, "backend": backend, "output": "mask", "format": "png"}
        seconds, data = self._page.evaluate(CUT, [text, options])
        if not seconds > 0:
            raise ToolError("The page did not report the stage of inference.")
        with Image.open(io.BytesIO(base64.b64decode(data))) as mask:
            alpha = np.asarray(mask, np.float32) / np.float32(255)
        return seconds, processes.peak(self._process) if self._process else None, alpha
