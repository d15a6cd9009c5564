"""The canvas on the stage: its size, its frames, and the ring that shows the brush. At most one frame is drawn per refresh."""

import js
from core.dom import by_id, document, on
from pyscript.ffi import create_proxy

from editor.brush_math import around
from editor.camera import Camera
from editor.layers import Layers
from editor.painter import Painter

LEAST_SHOWN, MOST_SHOWN = 1e6, 4e6
"""Pixels of the whole photo that are held for the views; parts that are looked at more closely are fetched then."""

CALM = 180
"""Milliseconds without movement after which the finer smoothing is worth its time."""

EVERYTHING = (-1e9, -1e9, 1e9, 1e9)


class Viewer:
    """Zooming, panning and repainting. `before_frame` is called ahead of each frame, `when_calm` once nothing moves."""

    def __init__(self):
        self.canvas = by_id("view")
        self.camera = Camera()
        self.layers = Layers()
        self.painter = Painter(self.canvas, self.camera, self.layers)
        self.before_frame = self.when_calm = lambda: None
        self.density = 1.0  # canvas pixels a CSS pixel
        self.pointer = None  # where the ring is, in canvas pixels; None hides it
        self.ring_size = 0  # diameter in photo pixels; 0 hides it
        self._ring = by_id("ring")
        self._percent = by_id("zoom")
        self._dirty = None
        self._is_asked = False
        self._calming = None
        self._free = []  # layers for strokes, as large as the canvas
        self._frame = create_proxy(self._draw_frame)
        self._calm = create_proxy(self._become_calm)
        self._observer = js.ResizeObserver.new(create_proxy(lambda entries, observer: self._resize()))
        self._observer.observe(self.canvas.parentElement)
        on(by_id("zoom-in"), "click", lambda event: self.zoom(1.5))
        on(by_id("zoom-out"), "click", lambda event: self.zoom(1 / 1.5))
        on(self._percent, "click", lambda event: self.fit_or_actual())

    @property
    def pixels(self):
        """As many pixels of a photo as are worth holding for this screen."""
        shown = js.innerWidth * js.innerHeight * min(2.0, js.devicePixelRatio) ** 2
        return min(MOST_SHOWN, max(LEAST_SHOWN, shown))

    def open(self, answer):
        """Show another photo."""
        self.drop_strokes()
        self.layers.open(answer)
        self.camera.look_at(answer.width, answer.height)
        self._moved()

    def request(self, box=EVERYTHING):
        """Have a box of photo pixels repainted with the next frame; without one, everything."""
        self._dirty = around(self._dirty, box)
        if not self._is_asked:
            self._is_asked = True
            js.requestAnimationFrame(self._frame)

    def zoom(self, factor, x=None, y=None):
        """Larger or smaller around a point of the canvas, or its middle."""
        self.camera.zoom(factor, x, y)
        self._moved()

    def pan(self, dx, dy):
        """Push the photo by canvas pixels."""
        self.camera.pan(dx, dy)
        self._moved()

    def fit(self):
        """All of the photo."""
        self.camera.fit()
        self._moved()

    def actual(self):
        """A photo pixel for each pixel of the screen."""
        self.camera.zoom_to(1.0)
        self._moved()

    def fit_or_actual(self):
        """Fitted becomes 100 %, anything else fitted."""
        if self.camera.is_fitted and abs(self.camera.scale - 1) > 0.01:
            self.actual()
        else:
            self.fit()

    def take_layer(self):
        """A clear canvas of the view's size for a stroke."""
        layer = self._free.pop() if self._free else document.createElement("canvas")
        if layer.width != self.camera.across or layer.height != self.camera.down:
            layer.width, layer.height = self.camera.across, self.camera.down
        else:
            layer.getContext("2d").clearRect(0, 0, layer.width, layer.height)
        return layer

    def drop_strokes(self, *strokes):
        """Forget strokes that the mask holds by now; without any, all of them."""
        for stroke in strokes or list(self.painter.strokes):
            if stroke in self.painter.strokes:
                self.painter.strokes.remove(stroke)
                self._free.append(stroke.layer)
        del self._free[1:]

    def place_of(self, event):
        """Where on the canvas a pointer event is, in canvas pixels."""
        return (event.clientX - self._x) * self.density, (event.clientY - self._y) * self.density

    def measure(self):
        """Note where on the page the canvas lies."""
        bounds = self.canvas.getBoundingClientRect()
        self._x, self._y = bounds.left, bounds.top

    def _resize(self):
        stage, canvas = self.canvas.parentElement, self.canvas
        across, down = stage.clientWidth, stage.clientHeight
        if not across or not down:
            return
        self.density = self.camera.density = min(2.0, js.devicePixelRatio)  # more cannot be seen and costs memory
        canvas.width, canvas.height = round(across * self.density), round(down * self.density)
        # Whole pixels: stretched by a fraction, photo pixels would not be true ones.
        canvas.style.width, canvas.style.height = (
            f"{canvas.width / self.density}px",
            f"{canvas.height / self.density}px",
        )
        self.camera.resize(canvas.width, canvas.height)
        self._free.clear()
        for stroke in self.painter.strokes:
            stroke.layer.width, stroke.layer.height = self.camera.across, self.camera.down
        self.measure()
        self._moved()

    def _moved(self):
        for stroke in self.painter.strokes:
            stroke.draw(self.camera)
        self._percent.textContent = f"{self.camera.scale * 100:.0f} %"
        self.request()
        self.calm_later()

    def calm_later(self):
        """Something changes: the finer smoothing, which takes longer, waits until nothing does."""
        self.painter.is_calm = False
        js.clearTimeout(self._calming)
        self._calming = js.setTimeout(self._calm, CALM)

    def _become_calm(self):
        if not self.painter.strokes:
            self.painter.is_calm = True
            self.request()
        self.when_calm()

    def _draw_frame(self, time):
        self._is_asked = False
        self.before_frame()
        box, self._dirty = self._dirty, None
        if box is not None:
            self.painter.paint(None if box[2] - box[0] >= 1e9 else box)
        self._place_ring()

    def _place_ring(self):
        ring = self._ring
        if not self.pointer or not self.ring_size:
            ring.hidden = True
            return
        size = max(4.0, self.ring_size * self.camera.scale / self.density)
        x, y = self.pointer[0] / self.density - size / 2, self.pointer[1] / self.density - size / 2
        ring.style.cssText = f"width:{size:.1f}px;height:{size:.1f}px;transform:translate({x:.1f}px,{y:.1f}px)"
        ring.hidden = False

    def show_ring(self):
        """Move the ring with the next frame; nothing else is repainted."""
        if not self._is_asked:
            self._is_asked = True
            js.requestAnimationFrame(self._frame)
