"""`serve`: from a fresh checkout to an open page."""

from __future__ import annotations

import errno
import os
import sys
import threading
import webbrowser

from tools.errors import ToolError
from tools.fetching.fetch import fetch
from tools.paths import SITE
from tools.server import StaticServer


def serve(port: int, browser: bool) -> int:
    """Fetch, build, and serve until interrupted."""
    # First, so that a port in use is reported before minutes of downloads, not after.
    with _server(port) as server:
        fetch()
        from tools import site

        site.build(SITE)
        server.start()
        print(server.url, flush=True)
        if browser and _graphical():
            webbrowser.open(server.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _server(port: int) -> StaticServer:
    try:
        return StaticServer(SITE, port=port, log=True)
    except OverflowError:
        raise ToolError(f"{port} is no port; choose one from 0 to 65535 with --port.") from None
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ToolError(
                f"Port {port} is in use or not allowed here; choose another with --port, or --port 0 for any free one."
            ) from None
        raise


def _graphical() -> bool:
    # Without a display, Linux would open a text browser over this terminal.
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
