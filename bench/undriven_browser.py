"""Chromium with nobody attached to it. A page beside the measured one asks, and tells a server here what it sees.

What drives a browser for tests takes its share of the processor and of memory.
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

_PAGE = """<!doctype html><title>Unattended</title><iframe width="1200" height="800"></iframe><script type="module">
const say = (...words) => fetch("said/" + encodeURIComponent(JSON.stringify(words)));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const frame = document.querySelector("iframe");
const own = () => frame.contentWindow;
const ready = () => own().offcut?.remove && own().crossOriginIsolated;  // it reloads once
try {
SCRIPT
    await say("end");
} catch (error) {
    await say("failed", String(error));
}
</script>"""


class Unattended(StaticServer):
    """Serves a folder, whose `offcut/` is a built site, and the page that asks."""

    def __init__(self, folder: Path, script: str, hear: Callable[..., None]) -> None:
        """Write that page.

        Args:
            folder: its `index.html` is replaced.
            script: JavaScript of the page: `frame` is where the site goes, `own()` its window, `ready()` whether that can
                be asked, `pause(milliseconds)` waits, and `say(word, ...)` calls `hear`, which the page can wait for.
            hear: called with what the page says; not with its end.
        """
        super().__init__(folder)
        (folder / "index.html").write_text(_PAGE.replace("SCRIPT", script))
        self._hear = hear
        self._ended = threading.Event()
        self._failure = ""

    def browse(self, profile: Path, patience: float = 300) -> None:
        """Open the page in a browser of its own, and come back when it has ended.

        Args:
            profile: the browser's folder; the same one again makes the next visit.
            patience: seconds.

        Raises:
            TimeoutError, RuntimeError: the page did not end, or failed.
        """
        self._ended.clear()
        command = [find(), "--headless", "--no-first-run", *arguments(), f"--user-data-dir={profile}", self.url]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as browser:
            try:
                if not self._ended.wait(patience):
                    raise TimeoutError(f"the page did not end within {patience} seconds")
            finally:
                browser.terminate()
        if self._failure:
            raise RuntimeError(self._failure)

    def finish_request(self, request, client_address) -> None:
        """Handles one connection."""
        _Handler(request, client_address, self, directory=str(self.root))

    def said(self, word: str, *more) -> None:
        """What the page says; it waits for the answer."""
        if word in ("end", "failed"):
            self._failure = " ".join(more)
            self._ended.set()
        else:
            self._hear(word, *more)


class _Handler(IsolatingHandler):
    server: Unattended

    def do_GET(self) -> None:
        if "/said/" not in self.path:
            return super().do_GET()
        self.server.said(*json.loads(unquote(self.path.rpartition("/said/")[2])))
        self.send_response(204)
        self.end_headers()
