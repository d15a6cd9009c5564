"""The canvas on the stage: its size, its place, and the buttons that zoom. Also what lies above it: ring and box."""

import js
from core.dom import by_id, on
from core.i18n import on_language_change, t
from pyscript.ffi import create_proxy

from editor.geometry import clamp

MIN_PREVIEW_PIXELS, MAX_PREVIEW_PIXELS = 1e6, 4e6
"""Pixels of the whole photo that are held for the views; parts that are zoomed in on are fetched then."""

MAX_PIXEL_RATIO = 2.0
"""Canvas pixels for each CSS pixel: more cannot be seen and costs memory."""


class CanvasView:
    """Shows a `Viewer`."""

    def __init__(self, canvas, viewer, session):
        self.canvas, self._viewer, self._session = canvas, viewer, session
        self._x = self._y = 0
        self._percent = by_id("zoom")
        viewer.moved.connect(self._show_percent)
        self._observer = js.ResizeObserver.new(create_proxy(lambda entries, observer: self._resize()))
        self._observer.observe(canvas.parentElement)
        session.opened.connect(self._describe)
        on_language_change(self._describe)
        on(by_id("zoom-in"), "click", lambda event: viewer.zoom(1.5))
        on(by_id("zoom-out"), "click", lambda event: viewer.zoom(1 / 1.5))
        on(self._percent, "click", lambda event: viewer.toggle_fit())

    def place_of(self, event):
        """Return where on the canvas a pointer event is, in canvas pixels."""
        ratio = self._viewer.camera.pixel_ratio
        return (event.clientX - self._x) * ratio, (event.clientY - self._y) * ratio

    def measure(self):
        """Note where on the page the canvas lies."""
        bounds = self.canvas.getBoundingClientRect()
        self._x, self._y = bounds.left, bounds.top

    def _resize(self):
        stage, canvas = self.canvas.parentElement, self.canvas
        width, height = stage.clientWidth, stage.clientHeight
        if not width or not height:
            return
        ratio = min(MAX_PIXEL_RATIO, js.devicePixelRatio)
        canvas.width, canvas.height = round(width * ratio), round(height * ratio)
        # Whole pixels: stretched by a fraction, photo pixels would not be true ones.
        canvas.style.width, canvas.style.height = f"{canvas.width / ratio}px", f"{canvas.height / ratio}px"
        self.measure()
        self._viewer.resize(canvas.width, canvas.height, ratio)

    def _describe(self):
        self.canvas.setAttribute("aria-label", t("view.canvas", name=self._session.name))

    def _show_percent(self):
        self._percent.textContent = f"{self._viewer.camera.scale * 100:.0f} %"


class Ring:
    """Shows a `BrushCursor`."""

    def __init__(self, cursor, frames):
        self._cursor, self._element = cursor, by_id("ring")
        frames.ending.connect(self._place)

    def _place(self):
        rectangle = self._cursor.rectangle
        if rectangle:
            x, y, side = rectangle
            self._element.style.cssText = (
                f"width:{side:.1f}px;height:{side:.1f}px;transform:translate({x:.1f}px,{y:.1f}px)"
            )
        self._element.hidden = not rectangle


class BoxFrame:
    """Shows the box of a `BoxTool`."""

    def __init__(self, tool, camera):
        self._tool, self._camera, self._element = tool, camera, by_id("box")
        tool.changed.connect(self._place)

    def _place(self):
        box = self._tool.box
        if box:
            camera, placement = self._camera, self._camera.placement
            ratio, scale = camera.pixel_ratio, camera.photo_scale
            left, top = camera.to_canvas(box[0], box[1])
            width, height = (box[2] - box[0]) * scale, (box[3] - box[1]) * scale
            # Where the subject is turned, the box is, too.
            turn = placement.rotate if placement else 0
            self._element.style.cssText = (
                f"left:{left / ratio:.1f}px;top:{top / ratio:.1f}px;"
                f"width:{width / ratio:.1f}px;height:{height / ratio:.1f}px;"
                f"transform-origin:0 0;rotate:{turn:.2f}deg"
            )
        self._element.hidden = not box


def preview_pixels():
    """Return how many pixels of a photo are worth holding for this screen."""
    shown = js.innerWidth * js.innerHeight * min(MAX_PIXEL_RATIO, js.devicePixelRatio) ** 2
    return clamp(shown, MIN_PREVIEW_PIXELS, MAX_PREVIEW_PIXELS)
