"""Chromium that no test protocol drives: an outer page runs the site in a frame and reports to a local server.

A driven browser spends CPU time and memory on the protocol.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from bench.speed.counting_server import IsolatingHandler
from tools.browser import arguments, find
from tools.server import StaticServer

_PAGE = """<!doctype html><title>UndrivenBrowser</title><iframe width="1200" height="800"></iframe>
<script type="module">
const send = (...words) => fetch("message/" + encodeURIComponent(JSON.stringify(words)));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const frame = document.querySelector("iframe");
const own = () => frame.contentWindow;
const ready = () => own().offcut?.remove && own().crossOriginIsolated;  // it reloads once
try {
SCRIPT
    await send("end");
} catch (error) {
    await send("failed", String(error));
}
</script>"""


class UndrivenBrowser(StaticServer):
    """Serves a folder, whose `offcut/` is a built site, and the outer page; opens the browser."""

    def __init__(self, folder: Path, script: str, on_message: Callable[..., None]) -> None:
        """Write the outer page.

        Args:
            folder: its `index.html` is replaced.
            script: JavaScript of the outer page: `frame` holds the site, `own()` is its window, `ready()` tells whether
                `window.offcut` is usable, `pause(milliseconds)` waits, `send(word, ...)` calls `on_message` and waits
                for it.
            on_message: called with each message, except the page's end.
        """
        super().__init__(folder)
        (folder / "index.html").write_text(_PAGE.replace("SCRIPT", script))
        self._on_message = on_message
        self._ended = threading.Event()
        self._failure = ""

    def browse(self, profile: Path, timeout_s: float = 300) -> None:
        """Open the page in a new browser and wait until its script has ended.

        Args:
            profile: the browser's folder. Reuse it for the next visit.
            timeout_s: for the whole script.

        Raises:
            TimeoutError: the script did not end.
            RuntimeError: the script failed.
        """
        self._ended.clear()
        command = [find(), "--headless", "--no-first-run", *arguments(), f"--user-data-dir={profile}", self.url]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as browser:
            try:
                if not self._ended.wait(timeout_s):
                    raise TimeoutError(f"the page did not end within {timeout_s} seconds")
            finally:
                browser.terminate()
        if self._failure:
            raise RuntimeError(self._failure)

    def finish_request(self, request, client_address) -> None:
        """Handles one connection."""
        _Handler(request, client_address, self, directory=str(self.root))

    def receive(self, word: str, *more) -> None:
        """Handle one message of the page, which waits for the answer."""
        if word in ("end", "failed"):
            self._failure = " ".join(more)
            self._ended.set()
        else:
            self._on_message(word, *more)


class _Handler(IsolatingHandler):
    server: UndrivenBrowser

    def do_GET(self) -> None:
        if "/message/" not in self.path:
            super().do_GET()
            return
        self.server.receive(*json.loads(unquote(self.path.rpartition("/message/")[2])))
        self.send_response(204)
        self.end_headers()
