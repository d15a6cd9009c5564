"""Which part of the photo is visible and how large: the map between photo pixels and the canvas's own pixels."""

import math

from editor.geometry import clamp

MAX_SCALE = 32.0
"""Canvas pixels that one photo pixel is shown as, at most."""

SHARP = 2.0
"""CSS pixels for each photo pixel above which those are seen as squares, not smoothed. Fitting stays below it."""

MARGIN = 0.03
"""Share of the canvas left free around a fitted photo."""


class Camera:
    """`scale` is canvas pixels a photo pixel; the photo's upper left corner lies at (`left`, `top`) of the canvas."""

    def __init__(self):
        self.width, self.height = 1, 1
        """Of the photo, in pixels."""

        self.canvas_width, self.canvas_height = 1, 1
        self.pixel_ratio = 1.0
        """Canvas pixels a CSS pixel."""

        self.scale, self.left, self.top = 1.0, 0.0, 0.0
        self.is_fitted = True

    def open(self, width, height):
        """Show another photo, all of it."""
        self.width, self.height = width, height
        self.fit()

    def resize(self, width, height):
        """Give the canvas another size; what was in its middle stays there."""
        x, y = self.to_photo(*self.middle)
        self.canvas_width, self.canvas_height = max(1, width), max(1, height)
        if self.is_fitted:
            self.fit()
        else:
            self._place(x, y, *self.middle)

    @property
    def middle(self):
        """The canvas's middle, in canvas pixels."""
        return self.canvas_width / 2, self.canvas_height / 2

    def fit(self):
        """Show all of the photo."""
        self.scale = self._fitted_scale()
        self._place(self.width / 2, self.height / 2, *self.middle)
        self.is_fitted = True

    def zoom(self, factor, x=None, y=None):
        """Multiply the scale; what is at (`x`, `y`) of the canvas, or in its middle, stays there."""
        self.zoom_to(self.scale * factor, x, y)

    def zoom_to(self, scale, x=None, y=None):
        """Show a photo pixel as that many canvas pixels."""
        x = self.canvas_width / 2 if x is None else x
        y = self.canvas_height / 2 if y is None else y
        photo_x, photo_y = self.to_photo(x, y)
        self.scale = clamp(scale, min(1.0, self._fitted_scale()) / 2, MAX_SCALE)
        self._place(photo_x, photo_y, x, y)
        self._limit()

    def pan(self, dx, dy):
        """Move the photo by canvas pixels. Its edge cannot leave the middle of the canvas."""
        self.left += dx
        self.top += dy
        self._limit()

    def to_photo(self, x, y):
        """Return where in the photo a point of the canvas lies."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_canvas(self, x, y):
        """Return where on the canvas a point of the photo lies."""
        return x * self.scale + self.left, y * self.scale + self.top

    def canvas_box(self, box):
        """Return the whole canvas pixels around a box of photo pixels, as x, y, width and height."""
        x0, y0 = self.to_canvas(box[0], box[1])
        x1, y1 = self.to_canvas(box[2], box[3])
        x0, y0 = max(0, math.floor(x0) - 1), max(0, math.floor(y0) - 1)
        width = max(0, min(self.canvas_width, math.ceil(x1) + 1) - x0)
        return x0, y0, width, max(0, min(self.canvas_height, math.ceil(y1) + 1) - y0)

    @property
    def is_sharp(self):
        """Whether photo pixels are to be seen as squares."""
        return self.scale > SHARP * self.pixel_ratio

    def visible_part(self):
        """Return the visible part of the photo, as x, y, width and height in whole photo pixels."""
        x0, y0 = self.to_photo(0, 0)
        x1, y1 = self.to_photo(self.canvas_width, self.canvas_height)
        x0, y0 = max(0, int(x0)), max(0, int(y0))
        x1, y1 = min(self.width, int(x1) + 1), min(self.height, int(y1) + 1)
        return x0, y0, max(0, x1 - x0), max(0, y1 - y0)

    def _fitted_scale(self):
        share = 1 - 2 * MARGIN
        return min(
            SHARP * self.pixel_ratio, self.canvas_width * share / self.width, self.canvas_height * share / self.height
        )

    def _place(self, photo_x, photo_y, x, y):
        self.left, self.top = x - photo_x * self.scale, y - photo_y * self.scale
        self._snap()
        self.is_fitted = False

    def _snap(self):
        # Between two pixels of the canvas, even photo pixels that are shown one to one would be blurred.
        if self.scale == int(self.scale):
            self.left, self.top = round(self.left), round(self.top)

    def _limit(self):
        x, y = self.middle
        self.left = clamp(self.left, x - self.width * self.scale, x)
        self.top = clamp(self.top, y - self.height * self.scale, y)
        self._snap()
        self.is_fitted = False


def prepare(context, camera, box=None):
    """Clear a canvas and let it be drawn on in photo pixels: all of it, or only where it shows a box of these."""
    x, y, width, height = 0, 0, context.canvas.width, context.canvas.height
    if box is not None:
        x, y, width, height = camera.canvas_box(box)
        context.beginPath()
        context.rect(x, y, width, height)
        context.clip()
    context.clearRect(x, y, width, height)
    context.setTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top)
