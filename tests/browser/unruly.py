"""A static server that misbehaves when told to."""

from __future__ import annotations

import threading
from pathlib import Path

from tools.server import Handler, StaticServer


class UnrulyServer(StaticServer):
    """Notes what it is asked for; can hold answers back and damage them."""

    def __init__(self, root: Path, prefix: str = "/unruly/") -> None:
        super().__init__(root, prefix)
        self.asked: list[str] = []
        self.damage: dict[str, int] = {}
        """Part of a path to how many more answers of it have one byte flipped."""
        self._held: dict[str, threading.Event] = {}

    def hold(self, part: str) -> threading.Event:
        """Answer nothing whose path contains `part` until the event is set."""
        self._held[part] = threading.Event()
        return self._held[part]

    def finish_request(self, request, client_address) -> None:
        """Handle one connection, misbehaving."""
        _Handler(request, client_address, self, directory=str(self.root))

    def stop(self) -> None:
        """Let go of everything and stop."""
        for event in self._held.values():
            event.set()
        super().stop()


class _Handler(Handler):
    server: UnrulyServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        for part, event in self.server._held.items():
            if part in self.path:
                event.wait()
        super().do_GET()

    def copyfile(self, source, output) -> None:
        for part, left in self.server.damage.items():
            if part in self.path and left > 0:
                self.server.damage[part] = left - 1
                data = bytearray(source.read())
                data[len(data) // 2] ^= 0xFF
                output.write(data)
                return
        super().copyfile(source, output)
