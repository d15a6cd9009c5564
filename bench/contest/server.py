"""The one local server of a comparison: isolation headers for everybody, and a count of the bytes it sent."""

from __future__ import annotations

from pathlib import Path

from tools.server import Handler, StaticServer


class CountingServer(StaticServer):
    """A static server with the two headers that several threads need, so that no project is held back by its host."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.sent = 0
        """Bytes of bodies so far, uncompressed."""

    def finish_request(self, request, client_address) -> None:
        """Handles one connection."""
        _Handler(request, client_address, self, directory=str(self.root))


class _Handler(Handler):
    server: CountingServer

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-Length" and "/photos/" not in self.path:
            self.server.sent += int(value)
        super().send_header(keyword, value)

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()
