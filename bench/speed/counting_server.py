"""The local server of a comparison: isolation headers, a bandwidth limit, and a count of bytes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tools.server import Handler, StaticServer

BLOCK_BYTES = 16 * 1024
"""What is sent at once."""


class CountingServer(StaticServer):
    """A static server that sends the isolation headers, so that every candidate may use threads."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.sent = 0
        """Bytes of response bodies so far, uncompressed."""

        self.rate: float | None = None
        """Bandwidth that all responses share, in bytes a second; None for no limit."""

        self._free = 0.0
        self._queue = threading.Lock()

    def throttle(self, count: int) -> None:
        """Wait until the bandwidth limit admits so many bytes more."""
        if not self.rate:
            return
        with self._queue:
            self._free = max(self._free, time.monotonic()) + count / self.rate
            done_at = self._free
        time.sleep(max(0.0, done_at - time.monotonic()))

    def finish_request(self, request, client_address) -> None:
        """Handles one connection."""
        _Handler(request, client_address, self, directory=str(self.root))


class IsolatingHandler(Handler):
    """Sends COOP and COEP with every response."""

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()


class _Handler(IsolatingHandler):
    server: CountingServer

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-Length" and "/photos/" not in self.path:
            self.server.sent += int(value)
        super().send_header(keyword, value)

    def copyfile(self, source, outputfile) -> None:
        while block := source.read(BLOCK_BYTES):
            self.server.throttle(len(block))
            outputfile.write(block)
