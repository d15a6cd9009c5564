"""Another origin, which notes everything that reaches it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class OtherOrigin(ThreadingHTTPServer):
    """Answers everything, allows everything, remembers the paths."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reached: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def __enter__(self) -> OtherOrigin:
        return self

    def __exit__(self, *args) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: OtherOrigin

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.reached.append(self.path.split("?")[0].strip("/"))
        kind = {"page": "text/html", "image": "image/svg+xml", "style": "text/css", "events": "text/event-stream"}
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", kind.get(self.path.strip("/"), "text/javascript"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_OPTIONS = do_GET

    def log_message(self, *args) -> None:
        pass
