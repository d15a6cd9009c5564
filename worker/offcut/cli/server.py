"""`offcut s`: a small HTTP server for this machine."""

import argparse
import json
import threading
import time
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET6, SHUT_WR
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from offcut import __version__
from offcut.cli.console import say
from offcut.cli.failures import CommandError, reason
from offcut.cli.form_page import POLICY, page
from offcut.cli.forms import read_form, read_values
from offcut.errors import OffcutError, OptionError

if TYPE_CHECKING:
    from offcut.native import RemovalSession
    from offcut.store.folders import Models

HELP = "serve other programs of this machine over HTTP"

DESCRIPTION = """\
Serve other programs of this machine over HTTP, with the addresses and names of rembg's server.

  offcut s
  curl -F file=@photo.jpg http://127.0.0.1:7000/api/remove > cutout.png
  curl -F file=@photo.jpg -F om=true -F model=isnet http://127.0.0.1:7000/api/remove > mask.png
  curl -F file=@photo.jpg -F preset=amazon http://127.0.0.1:7000/api/remove > shop.jpg

http://127.0.0.1:7000 shows a form. Only programs of this machine reach it, unless --host says otherwise; no page of
another site can use it. It fetches no addresses: send the photo itself."""

WAITING = 8
"""Photos that may wait for the one that is cut out. Who comes then is asked to come again."""

LINGER_S = 2.0
"""Seconds that the rest of a refused request is read, and thrown away, so that whoever sends it gets the answer."""

TIMEOUT_S = 30.0
"""Seconds without a byte after which a request is given up."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `offcut s`."""
    parser.add_argument("-p", "--port", type=int, default=7000, help="0 for any free one (default: 7000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 lets other machines in (default: 127.0.0.1)"
    )
    parser.add_argument("-t", "--threads", metavar="N", type=int, help="of the network (default: one for each core)")
    parser.add_argument(
        "--limit", metavar="MB", type=int, default=50, help="largest photo that is taken, in megabytes (default: 50)"
    )
    parser.add_argument("-m", "--model", metavar="ID", help="where a request names none (default: u2netp)")
    parser.add_argument("--models", metavar="FOLDER", help="folder with catalogue.json and chunks/")


def run(given: argparse.Namespace) -> int:
    """Run `offcut s` until Ctrl+C."""
    from offcut.native import RemovalSession, open_engine
    from offcut.request import network
    from offcut.store.fetching import ready

    if given.threads is not None and given.threads < 1:
        raise CommandError(f"--threads {given.threads} is not a whole number from 1 on.")
    model = network(given.model)
    models = ready(model, given.models)
    session = RemovalSession(open_engine(models, given.threads), models.catalogue.model(model).id)
    try:
        server = Server((given.host, given.port), session, models, given.limit * 1_000_000)
    except (OSError, OverflowError) as error:
        why = reason(error) if isinstance(error, OSError) else "there is no such port"
        raise CommandError(
            f"Port {given.port} of {given.host} cannot be used: {why}. Choose another --port."
        ) from error
    with session, server:
        say(f"Serving at {server.address} until Ctrl+C. Photos stay on this machine.")
        if not server.is_private:
            say("Every machine that reaches this address can use it. Nothing is encrypted.")
        server.serve_forever()
    return 0


class Server(ThreadingHTTPServer):
    """Cuts out one photo at a time; a few more wait."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], session: "RemovalSession", models: "Models", limit: int) -> None:
        """Start to listen.

        Args:
            place: host and port.
            session: with the model for requests that name none.
            models: those that requests may name.
            limit: bytes that a request may have.

        Raises:
            OSError: the place cannot be used.
        """
        self.session = session
        self.models = models
        self.limit = limit
        self.places = threading.BoundedSemaphore(WAITING + 1)
        self.turn = threading.Lock()
        if ":" in place[0]:
            self.address_family = AF_INET6
        super().__init__(place, Handler)

    @property
    def host(self) -> str:
        """The address that it listens at."""
        return str(self.server_address[0])

    @property
    def address(self) -> str:
        """What to type into a browser."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}"

    @property
    def is_private(self) -> bool:
        """Whether only this machine reaches it."""
        return ip_address(self.host).is_loopback

    def cut_out(self, photo: bytes, values: dict[str, Any]) -> tuple[bytes, str]:
        """Return a finished file and its MIME type. Raises OffcutError."""
        from offcut.request import read_request

        request = read_request(values)
        model = request.options.model or self.session.model
        if model not in self.models.catalogue.models:
            here = ", ".join(self.models.catalogue.models)
            raise OptionError(f"The model {model!r} is not on this machine: {here}. `offcut d` fetches others.")
        request = replace(request, options=replace(request.options, model=model))
        with self.turn:
            result = self.session.make(photo, request)
        return result.data, result.format.mime


class Refusal(Exception):
    """A request that is answered by an error. `str(refusal)` is a sentence for people."""

    def __init__(self, status: HTTPStatus, message: str, name: str = "", **headers: str) -> None:
        """Say which status, what to tell, a stable name, and headers besides."""
        super().__init__(message)
        self.status = status
        self.name = name or status.name
        self.headers = headers


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = f"offcut/{__version__}"
    sys_version = ""
    timeout = TIMEOUT_S

    def do_GET(self) -> None:
        """Show the form."""
        self._answer(self._show)

    def do_POST(self) -> None:
        """Cut out a photo."""
        self._answer(self._remove)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing of what the base class reports; `_answer` says what was done."""

    def _answer(self, work: Any) -> None:
        started = time.perf_counter()
        headers: dict[str, str] = {}
        try:
            self._check_origin()
            status, kind, body, headers = work()
        except Refusal as refusal:
            status, kind, headers = refusal.status, "application/json", refusal.headers
            # `detail` is where rembg's server has the sentence.
            body = json.dumps({"error": refusal.name, "detail": str(refusal)}).encode()
            self.close_connection = True  # of the body something may be left
        except TimeoutError:
            self.close_connection = True
            return
        with suppress(OSError):  # whoever asked may have gone
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                *(("Connection", "close") for _ in range(self.close_connection)),
                *headers.items(),
            ):
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)
            if self.close_connection:
                self._linger()
        if self.command == "POST":
            say(f"{self.command} {urlsplit(self.path).path[:60]!r}: {status}, {time.perf_counter() - started:.2f} s")

    def _show(self) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
        from offcut.editing.project_presets import project_presets

        path = urlsplit(self.path).path
        if path == "/api/remove":
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                "Offcut fetches no addresses, so that none learns of your photos. Send the photo itself: "
                "curl -F file=@photo.jpg …",
            )
        if path != "/":
            raise Refusal(HTTPStatus.NOT_FOUND, "There are / with a form, and /api/remove, which takes POST requests.")
        titles = {name: model.title for name, model in self.server.models.catalogue.models.items()}
        body = page(titles, self.server.session.model, project_presets()).encode()
        return HTTPStatus.OK, "text/html; charset=utf-8", body, {"Content-Security-Policy": POLICY}

    def _remove(self) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
        address = urlsplit(self.path)
        if address.path != "/api/remove":
            raise Refusal(HTTPStatus.NOT_FOUND, "Send photos to /api/remove.")
        if not self.server.places.acquire(blocking=False):
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "Too many photos are waiting. Try again in a moment.", Retry_After="2"
            )
        try:
            photo, values = read_form(self.headers.get("Content-Type", ""), self._body(), address.query)
            body, kind = self.server.cut_out(photo, read_values(values))
        except (OffcutError, CommandError) as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, str(error), type(error).__name__) from error
        finally:
            self.server.places.release()
        return HTTPStatus.OK, kind, body, {}

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "Say how many bytes follow, in Content-Length.")
        if int(length) > self.server.limit:
            raise Refusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"A request may have {self.server.limit // 1_000_000} MB. `offcut s --limit` changes that.",
            )
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(HTTPStatus.CONTINUE)
            self.end_headers()
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The request ends early.")
        return body

    def _linger(self) -> None:
        """Read the rest of a request that was refused: the system would take the answer back from who still sends."""
        self.connection.shutdown(SHUT_WR)
        self.connection.settimeout(LINGER_S)
        until = time.monotonic() + LINGER_S
        while self.connection.recv(1 << 16) and time.monotonic() < until:
            pass

    def handle_expect_100(self) -> bool:
        """Leave it to `_body`, which knows whether the rest is wanted."""
        return True

    def _check_origin(self) -> None:
        """Refuse pages of other sites, also those whose name was made to lead here (DNS rebinding)."""
        host = self.headers.get("Host", "")
        name = urlsplit(f"//{host}").hostname or ""
        if self.server.is_private and name not in {"localhost", "127.0.0.1", "::1", self.server.host}:
            raise Refusal(HTTPStatus.FORBIDDEN, f"This server is not {host!r}. Ask it at {self.server.address}.")
        origin = self.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            raise Refusal(HTTPStatus.FORBIDDEN, "Pages of other sites cannot use this server.")
