"""One form of a network on a page of its own."""

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

PATIENCE = 900_000
"""Milliseconds for any single step: the largest network on one thread takes a minute a photo."""

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
"""Seconds from the beginning of the run to that of the next stage, and the mask."""

INFO = "offcut.info().then((info) => JSON.parse(JSON.stringify(info)))"


class Page:
    """A built site that carries one network, opened by somebody who was never here."""

    def __init__(self, browser: Browser, site: Path, model: str) -> None:
        self._model = model
        self._server = serving(site, "/models/")
        self._page = browser.new_context().new_page()
        self._page.set_default_timeout(PATIENCE)
        self._page.goto(self._server.url)
        # A first visit reloads once, and this wait outlives that.
        self._page.wait_for_function("window.offcut && crossOriginIsolated && offcut.ready.then(() => true)")
        self._process: list[int] = []
        """The one that the page and its workers run in, once it is known."""

    def close(self) -> None:
        """Ends the page and its server."""
        self._page.context.close()
        self._server.stop()

    def info(self) -> dict:
        """What runs there, as `offcut.info()` says."""
        return self._page.evaluate(INFO)

    def settle(self, backend: str, photo: Path) -> str:
        """Has the network run on a backend for the first time. Gives why it does not, or nothing."""
        # On a graphics processor the first photo still runs on WebAssembly, to compare.
        for _ in range(3):
            before = {pid: processes.processor_seconds([pid]) for pid in processes.renderers()}
            self.cut(backend, photo)
            # The browser keeps spare processes, so the new one need not be this page's: the busy one is.
            self._process = sorted(before, key=lambda pid: processes.processor_seconds([pid]) - before[pid])[-1:]
            if (found := self.info())["backend"] == backend:
                return ""
        trial = found.get("trial") or {}
        return trial.get("failure") or ("another result than WebAssembly's" if trial else "no such backend here")

    def cut(self, backend: str, photo: Path) -> tuple[float, float | None, np.ndarray]:
        """Seconds of one run, the peak memory in megabytes, and the alpha, float32 `(height, width)`, 0 to 1."""
        text = base64.b64encode(photo.read_bytes()).decode()
        processes.forget_peaks(self._process)
        options = {"model": self._model, "backend": backend, "output": "mask", "format": "png"}
        seconds, data = self._page.evaluate(CUT, [text, options])
        if not seconds > 0:
            raise ToolError("The page did not say when its network ran.")
        with Image.open(io.BytesIO(base64.b64decode(data))) as mask:
            alpha = np.asarray(mask, np.float32) / np.float32(255)
        return seconds, processes.peak(self._process) if self._process else None, alpha
