"""The photo as it is shown: camera, layers, and the strokes that the mask does not hold yet."""

from core.signals import Signal

from editor.camera import Camera
from editor.layers import Layers
from editor.painter import Painter
from editor.stroke import Stroke

LATE_VIEWS = ("composed", "original")
"""Views that show what a stroke does only once the worker knows it, or not at all."""

SETTLE_MS = 180
"""Milliseconds without movement after which the finer smoothing is worth its time."""


class Viewer:
    """Zooms, pans and repaints."""

    def __init__(self, context, frames, make_canvas, make_path, make_timer):
        """
        Args:
            context: of the canvas that is painted.
            frames: the `FrameScheduler`.
            make_canvas: function that returns a new canvas element.
            make_path: function that returns an empty `Path2D`.
            make_timer: function of a callback and milliseconds that returns a function. That starts the timer again.
        """
        self.camera = Camera()
        self.layers = Layers(make_canvas)
        self._strokes = []  # those that the mask does not hold yet, the oldest first
        self._painter = Painter(context, self.camera, self.layers, self._strokes)
        self._frames, self._make_canvas, self._make_path = frames, make_canvas, make_path
        self._free_canvases = []  # of strokes, as large as the view
        self._restart_timer = make_timer(self._settle, SETTLE_MS)
        frames.painting.connect(self._painter.paint)
        self.moved = Signal()
        """Emitted when the camera has moved."""

        self.settled = Signal()
        """Emitted once nothing moves any more."""

    def open(self, response):
        """Show another photo."""
        self.drop_strokes()
        self.layers.open(response)
        self.camera.open(response.width, response.height)
        self._move()

    def close(self):
        """Show nothing, and free the memory."""
        self.drop_strokes()
        self.layers.forget("whole", "detail", "composed")
        self.request()

    def finish(self, response):
        """Show the photo in its full size, which was opened as a preview."""
        self.layers.finish(response)
        self.request()

    def renew(self, response):
        """Replace all layers and draw pending strokes again: the system has emptied the canvases."""
        self.layers.renew(response)
        self._free_canvases.clear()
        self._move()

    def request(self, box=None):
        """Repaint a box of photo pixels with the next frame; without one, everything."""
        if box is None:
            self._frames.request_all()
        else:
            self._frames.request(box)

    # The camera

    def resize(self, width, height, pixel_ratio):
        """Give the view another size, in canvas pixels; `pixel_ratio` is how many there are for each CSS pixel."""
        self.camera.pixel_ratio = pixel_ratio
        self.camera.resize(width, height)
        self._free_canvases.clear()
        for stroke in self._strokes:
            stroke.canvas.width, stroke.canvas.height = self.camera.canvas_width, self.camera.canvas_height
        self._move()

    def zoom(self, factor, x=None, y=None):
        """Multiply the scale around a point of the canvas, or its middle."""
        self.camera.zoom(factor, x, y)
        self._move()

    def pan(self, dx, dy):
        """Move the photo by canvas pixels."""
        self.camera.pan(dx, dy)
        self._move()

    def fit(self):
        """Show all of the photo."""
        self.camera.fit()
        self._move()

    def show_actual_size(self):
        """Show one photo pixel for each pixel of the screen."""
        self.camera.zoom_to(1.0)
        self._move()

    def toggle_fit(self):
        """From fitted go to 100 %, from anything else to fitted."""
        if self.camera.is_fitted and abs(self.camera.scale - 1) > 0.01:
            self.show_actual_size()
        else:
            self.fit()

    def look_at(self, area, placement, keeps=False):
        """Show what lies in another area, with the subject placed so: see `Camera.look_at`."""
        self.camera.look_at(area, placement, keeps)
        self._move()

    def _move(self):
        for stroke in self._strokes:
            stroke.draw(self.camera)
        self.request()
        self.settle_later()
        self.moved.emit()

    # Strokes

    def start_stroke(self, mode, size, softness, opacity):
        """Return a new stroke, which is shown from now on until it is dropped."""
        is_late = self._painter.view in LATE_VIEWS
        stroke = Stroke(mode, size, softness, opacity, self._stroke_canvas(), self._make_path, is_late)
        self._strokes.append(stroke)
        self._painter.is_settled = False
        return stroke

    def show_stroke(self, stroke, box):
        """Draw what was added to a stroke: it lies in that box of photo pixels."""
        stroke.draw(self.camera, box)
        self._frames.request(box)

    def drop_strokes(self, *strokes):
        """Show strokes no more, since the mask holds them; without any, all."""
        for stroke in strokes or list(self._strokes):
            if stroke in self._strokes:
                self._strokes.remove(stroke)
                self._free_canvases.append(stroke.canvas)
        del self._free_canvases[1:]

    def _stroke_canvas(self):
        canvas = self._free_canvases.pop() if self._free_canvases else self._make_canvas()
        width, height = self.camera.canvas_width, self.camera.canvas_height
        if canvas.width != width or canvas.height != height:
            canvas.width, canvas.height = width, height
        else:
            canvas.getContext("2d").clearRect(0, 0, width, height)
        return canvas

    # How it is painted

    def show_view(self, name):
        """Paint another view of the photo."""
        self._painter.view = name
        for stroke in self._strokes:
            stroke.is_tint = name in LATE_VIEWS or stroke.mode == "smart"
            stroke.draw(self.camera)
        self.settle_later()
        self.request()

    def show_removed_part(self, is_shown):
        """Paint the removed part faintly, or not."""
        self._painter.shows_removed = is_shown

    def divide(self, share):
        """Divide the comparison at a share of the canvas's width."""
        self._painter.split = share
        self.request()

    def settle_later(self):
        """Something changes: the finer smoothing, which takes longer, waits until nothing does."""
        self._painter.is_settled = False
        self._restart_timer()

    def _settle(self):
        if not self._strokes:
            self._painter.is_settled = True
            self.request()
        self.settled.emit()
