"""A plain static server, like any static host: no special headers, and it can serve below a subpath."""

from __future__ import annotations

import io
import os
import socket
import sys
import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
    ".bin": "application/octet-stream",
    ".onnx": "application/octet-stream",
}
HOST = "127.0.0.1"

Request = socket.socket | tuple[bytes, socket.socket]


class Handler(SimpleHTTPRequestHandler):
    """Serves the server's folder below the server's prefix."""

    protocol_version = "HTTP/1.1"
    # Headers and body go out in two writes; without this the second may wait for the first's receipt.
    disable_nagle_algorithm = True
    # In front of the standard library's own table, which differs from machine to machine.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES
    server: StaticServer

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer 404 outside the prefix."""
        path = urlsplit(self.path).path
        prefix = self.server.prefix
        if path == prefix.rstrip("/") and prefix != "/":
            self.send_response(301)
            self.send_header("Location", prefix)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if not path.startswith(prefix):
            self.send_error(404)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """Return the file of a request path, once the prefix is taken off."""
        return super().translate_path("/" + path[len(self.server.prefix) :])

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Answer 404: a static host shows no folders."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Let browsers keep files but ask each time whether they changed."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing but errors."""

    def log_error(self, format: str, *args: Any) -> None:
        """Print a failed request on standard error, if the server logs."""
        if self.server.log:
            print(f"{self.command or ''} {getattr(self, 'path', '')}: {format % args}", file=sys.stderr, flush=True)


class StaticServer(ThreadingHTTPServer):
    """Serves a folder on this machine alone, in a thread of its own once started."""

    # On Windows address reuse would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, root: Path, prefix: str = "/", port: int = 0, log: bool = False) -> None:
        self.prefix = "/" + prefix.strip("/") + "/" if prefix.strip("/") else "/"
        self.root = root
        self.log = log
        self._open: set[socket.socket] = set()
        self._thread: threading.Thread | None = None
        super().__init__((HOST, port), Handler)

    @property
    def url(self) -> str:
        """The address of the folder, with a slash at the end."""
        return f"http://{HOST}:{self.server_address[1]}{self.prefix}"

    def start(self) -> None:
        """Begin to answer, in the background."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering at once, kept-alive connections included, and free the port."""
        if self._thread:
            self.shutdown()
            self._thread.join()
        self.server_close()
        # Otherwise a browser would go on being served over the connections it still holds.
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def finish_request(self, request: Request, client_address: Any) -> None:
        """Handle one connection with this server's folder."""
        Handler(request, client_address, self, directory=str(self.root))

    def process_request(self, request: Request, client_address: Any) -> None:
        """Remember the connection, so that stop() can end it."""
        if isinstance(request, socket.socket):
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Request) -> None:
        """Forget the connection."""
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Request, client_address: Any) -> None:
        """Ignore a browser that closes the connection in the middle of a file."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.stop()


def serving(root: Path, prefix: str = "/", port: int = 0, log: bool = False) -> StaticServer:
    """Serve `root` below `prefix` in a thread; use it in a `with` block or call stop()."""
    server = StaticServer(root, prefix, port, log)
    server.start()
    return server
