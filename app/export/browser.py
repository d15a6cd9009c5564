"""What leaving the page asks of the browser."""

import js
from core.dom import JsException, attempt, object_of
from core.log import log
from pyscript.ffi import to_js

from export import sharing
from export.route import choose_route


async def read_route():
    """Return the route of `choose_route` at this place, and whether files can be shared."""
    can_share = await _can_share()
    navigator = js.navigator
    is_app = getattr(navigator, "standalone", None) is True or js.matchMedia("(display-mode: standalone)").matches
    touch_points = getattr(navigator, "maxTouchPoints", None) or 0
    route = choose_route(navigator.userAgent, touch_points, is_app, can_share, await _may_download())
    return route, can_share


def is_phone():
    """Whether fingers are what the device is used with."""
    return js.matchMedia("(hover: none) and (pointer: coarse)").matches


async def share(file):
    """Show the share sheet for a `PictureFile`; return one of the outcomes of `export.sharing`."""
    try:
        await attempt(js.navigator, "share", _data(file.blob, file.name))
    except JsException as error:
        _, name, message = error.args
        log.info(f"Not shared: {name}: {message}")
        if name == "AbortError":  # the person has closed it
            return sharing.CANCELLED
        return sharing.LATE if name == "NotAllowedError" else sharing.FAILED
    return sharing.SHARED


async def _can_share():
    if not getattr(js.navigator, "canShare", None):
        return False
    try:
        return bool(await attempt(js.navigator, "canShare", _data(js.Blob.new(), "cutout.png")))
    except JsException:
        return False


async def _may_download():
    """Whether the frame around the page lets it download. Only a frame of the same origin tells."""
    try:
        frame = await attempt(js.Reflect, "get", js.window, "frameElement")
        return not (frame and frame.hasAttribute("sandbox")) or frame.sandbox.contains("allow-downloads")
    except JsException:
        return True


def _data(blob, name):
    file = js.File.new(to_js([blob]), name, object_of(type=blob.type or "image/png"))
    return object_of(files=to_js([file]))
