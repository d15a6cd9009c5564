"""The one local server of a comparison: isolation headers for everybody, a line as slow as wished, and a count of bytes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tools.server import Handler, StaticServer

PIECE = 16 * 1024
"""Bytes of an answer that go out at once."""


class CountingServer(StaticServer):
    """A static server with the two headers that several threads need, so that no project is held back by its host."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.sent = 0
        """Bytes of bodies so far, uncompressed."""

        self.rate: float | None = None
        """Bytes a second of the line that all answers share, None for as many as there can be."""

        self._free = 0.0
        self._queue = threading.Lock()

    def wait_for_line(self, count: int) -> None:
        """Returns once so many bytes more would have come through the line."""
        if not self.rate:
            return
        with self._queue:
            self._free = max(self._free, time.monotonic()) + count / self.rate
            through = self._free
        time.sleep(max(0.0, through - time.monotonic()))

    def finish_request(self, request, client_address) -> None:
        """Handles one connection."""
        _Handler(request, client_address, self, directory=str(self.root))


class IsolatingHandler(Handler):
    """Sends the two headers that several threads need with every answer."""

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
        while piece := source.read(PIECE):
            self.server.wait_for_line(len(piece))
            outputfile.write(piece)
