"""A static server that misbehaves on request."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tools.server import Handler, StaticServer

PORTAL = b"<!doctype html><title>Log in</title><h1>Welcome to the hotel's network</h1><form></form>"
"""What stands between a person and the network until they have paid."""


class FaultyServer(StaticServer):
    """Notes what it is asked for; can hold answers back and damage them."""

    def __init__(self, root: Path, prefix: str = "/some/where/") -> None:
        super().__init__(root, prefix)
        self._held: dict[str, threading.Event] = {}
        self.stopped = threading.Event()
        self.reset()

    def reset(self) -> None:
        """Let go of what is held, forget what was asked, and misbehave no more."""
        self.release()
        self.stopped.set()
        self.stopped = threading.Event()
        self.asked: list[str] = []
        self.posted: list[str] = []
        """Paths of requests that carried something."""
        self.answering: list[str] = []
        """Paths of files that are being sent right now."""
        self.damage: dict[str, int] = {}
        """Part of a path to how many more answers of it have one byte flipped."""
        self.answers: dict[str, list[int]] = {}
        """Part of a path to the statuses its next answers have instead of the file: 404, 429, 500."""
        self.drop: dict[str, int] = {}
        """Part of a path to how many more answers of it end in the middle."""
        self.stall: dict[str, int] = {}
        """Part of a path to how many more answers of it stop in the middle and never end."""
        self.cut: dict[str, int] = {}
        """Part of a path to how many more answers of it are shorter than the file, and say so."""
        self.longer: dict[str, int] = {}
        """Part of a path to how many more answers of it are longer than the file, and say so."""
        self.portal: dict[str, int] = {}
        """Part of a path to how many more answers of it are a page to log in to, with status 200."""
        self.reset_connections: dict[str, int] = {}
        """Part of a path to how many more requests of it get no answer, only the end of the connection."""
        self.slow: dict[str, float] = {}
        """Part of a path to the seconds each 64 kB of it takes."""
        self.mixed_with: Path | None = None
        """Folder of another version of the site, from which every second answer comes."""
        self.types: dict[str, str] = {}
        """Ending of a path to the type that it is sent as."""
        self.headers: dict[str, str] = {}
        """Sent with every answer."""

    def hold(self, part: str) -> threading.Event:
        """Answer nothing whose path contains `part` until the event is set."""
        self._held[part] = threading.Event()
        return self._held[part]

    def release(self) -> None:
        """Answer what is held."""
        for event in self._held.values():
            event.set()
        self._held = {}

    def finish_request(self, request, client_address) -> None:
        """Handle one connection, misbehaving."""
        _Handler(request, client_address, self, directory=str(self.root))

    def stop(self) -> None:
        """Let go of everything and stop."""
        self.reset()
        super().stop()


class _Handler(Handler):
    server: FaultyServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        other = self.server.mixed_with if len(self.server.asked) % 2 else None
        self.directory = str(other or self.server.root)
        del self.headers["If-Modified-Since"]  # an answer that is to be damaged must be sent
        for part, event in list(self.server._held.items()):
            if part in self.path:
                event.wait()
        for part, statuses in self.server.answers.items():
            if part in self.path and statuses:
                self.send_response(statuses.pop(0))
                self.send_header("Content-Length", "0")
                self.send_header("Retry-After", "1")
                self.end_headers()
                return
        if self._takes(self.server.reset_connections):
            self.close_connection = True
            self.connection.close()
            return
        if self._takes(self.server.portal):
            self._answer(PORTAL, "text/html")
        elif self._takes(self.server.cut):
            data = self._file()
            self._answer(data[: len(data) // 2])
        elif self._takes(self.server.longer):
            self._answer(self._file() + bytes(1000))
        else:
            super().do_GET()

    def _file(self) -> bytes:
        return Path(self.translate_path(self.path)).read_bytes()

    def _answer(self, data: bytes, mime: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", mime or self.guess_type(self.translate_path(self.path)))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        super().end_headers()

    def guess_type(self, path) -> str:
        for ending, mime in self.server.types.items():
            if str(path).endswith(ending):
                return mime
        return super().guess_type(path)

    def do_HEAD(self) -> None:
        for part, statuses in self.server.answers.items():
            if part in self.path and statuses:
                self.send_error(statuses.pop(0))
                return
        super().do_HEAD()

    def do_POST(self) -> None:
        self.server.posted.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_error(405)

    do_PUT = do_POST

    def copyfile(self, source, output) -> None:
        answering = self.server.answering
        answering.append(self.path)
        try:
            self._send(source, output)
        finally:
            answering.remove(self.path)

    def _send(self, source, output) -> None:
        if self._takes(self.server.damage):
            data = bytearray(source.read())
            data[len(data) // 2] ^= 0xFF
            output.write(data)
            return
        if self._takes(self.server.drop):
            data = source.read()
            output.write(data[: len(data) // 2])
            self.close_connection = True
            return
        if self._takes(self.server.stall):
            data = source.read()
            output.write(data[: len(data) // 2])
            output.flush()
            self.server.stopped.wait()
            return
        pause = next((seconds for part, seconds in self.server.slow.items() if part in self.path), 0)
        while pause and (data := source.read(65536)):
            output.write(data)
            output.flush()
            time.sleep(pause)
        super().copyfile(source, output)

    def _takes(self, counts: dict[str, int]) -> bool:
        """Whether one of these misbehaviours is due for this path; it is then counted."""
        for part, left in counts.items():
            if part in self.path and left > 0:
                counts[part] = left - 1
                return True
        return False
