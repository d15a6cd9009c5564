"""The worker of recipes: runs them on pictures that come through a port, and has nothing else.

`worker/interpreter.mjs` starts it, `offcut.browser.recipe_client` is at the other end of the port.
"""

import io
from collections.abc import Callable
from contextlib import redirect_stderr
from typing import Any

import js
import numpy as np
from PIL import Image
from pyodide.ffi import JsProxy, create_proxy, to_js

from offcut.browser.interop import to_plain_js
from offcut.errors import RecipeError
from offcut.recipes import Info, Recipe

MOST_PRINTED = 10_000
"""Letters of what a recipe prints that are shown."""

_last: list[Recipe] = []
"""The recipe that was run last: its text is not run again for the next picture."""


def serve(port: JsProxy) -> None:
    """Answer each message of a port, and say that it is ready."""

    def report(event: JsProxy) -> None:
        port.postMessage(to_plain_js({"blocked": [event.effectiveDirective, event.blockedURI]}))

    js.addEventListener("securitypolicyviolation", create_proxy(report))
    port.onmessage = create_proxy(lambda event: _answer(port, event.data))
    port.postMessage(to_plain_js({"is_ready": True}))


def _answer(port: JsProxy, request: JsProxy) -> None:
    printed = io.StringIO()
    try:
        with redirect_stderr(printed):
            picture = _run(request, lambda done, total: port.postMessage(to_plain_js({"progress": [done, total]})))
        data = to_js(np.asarray(picture).tobytes())
        answer: dict[str, Any] = {"mode": picture.mode, "width": picture.width, "height": picture.height}
        transfer = [data.buffer]
    except RecipeError as error:
        answer = {"error": str(error), "line": error.line, "traceback": error.traceback}
        data, transfer = None, []
    except MemoryError:
        answer = {"is_out_of_memory": True}
        data, transfer = None, []
    message = to_plain_js(answer | {"id": request.id, "printed": printed.getvalue()[:MOST_PRINTED]})
    message.data = data
    port.postMessage(message, to_js(transfer))


def _run(request: JsProxy, report: Callable[[float, float], object]) -> Image.Image:
    recipe = Recipe(request.name, request.source)
    if _last != [recipe]:
        _last[:] = [recipe]
    size = request.width, request.height
    info = Info(
        mask=Image.frombuffer("L", size, request.mask.to_bytes()),
        photo_box=tuple(request.photo_box.to_py()),
        scale=request.scale,
        name=request.photo_name,
        model=request.model,
        icc_profile=request.icc_profile.to_bytes() or None,
        report=report,
    )
    photo_size = request.photo_width, request.photo_height
    cutout = Image.frombuffer("RGBA", size, request.cutout.to_bytes()).copy()
    photo = Image.frombuffer("RGB", photo_size, request.photo.to_bytes()).copy()
    return _last[0].finish(cutout, photo, info)
