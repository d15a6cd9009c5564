"""Which part of the photo is seen and how large: the map between photo pixels and the canvas's own pixels."""

import math

LARGEST = 32.0
"""Canvas pixels that one photo pixel is shown as, at most."""

SHARP = 2.0
"""CSS pixels for each photo pixel above which those are seen as squares, not smoothed. Fitting stays below it."""

MARGIN = 0.03
"""Share of the canvas left free around a fitted photo."""


class Camera:
    """`scale` is canvas pixels a photo pixel; the photo's upper left corner lies at (`left`, `top`) of the canvas."""

    def __init__(self):
        self.width, self.height = 1, 1  # of the photo
        self.across, self.down = 1, 1  # of the canvas
        self.density = 1.0  # canvas pixels a CSS pixel
        self.scale, self.left, self.top = 1.0, 0.0, 0.0
        self.is_fitted = True

    def look_at(self, width, height):
        """Show another photo, all of it."""
        self.width, self.height = width, height
        self.fit()

    def resize(self, across, down):
        """The canvas has another size; what was in its middle stays there."""
        x, y = self.photo(self.across / 2, self.down / 2)
        self.across, self.down = max(1, across), max(1, down)
        if self.is_fitted:
            self.fit()
        else:
            self._put(x, y, self.across / 2, self.down / 2)

    def fit(self):
        """Show all of the photo."""
        self.scale = self._fitting()
        self._put(self.width / 2, self.height / 2, self.across / 2, self.down / 2)
        self.is_fitted = True

    def zoom(self, factor, x=None, y=None):
        """Larger or smaller by a factor; what is at (`x`, `y`) of the canvas, or in its middle, stays there."""
        self.zoom_to(self.scale * factor, x, y)

    def zoom_to(self, scale, x=None, y=None):
        """Show a photo pixel as that many canvas pixels."""
        x = self.across / 2 if x is None else x
        y = self.down / 2 if y is None else y
        px, py = self.photo(x, y)
        self.scale = min(LARGEST, max(min(1.0, self._fitting()) / 2, scale))
        self._put(px, py, x, y)
        self._stay_near()

    def pan(self, dx, dy):
        """Push the photo by canvas pixels. Its edge cannot leave the middle of the canvas."""
        self.left += dx
        self.top += dy
        self._stay_near()

    def photo(self, x, y):
        """Where in the photo a point of the canvas lies."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def canvas(self, x, y):
        """Where on the canvas a point of the photo lies."""
        return x * self.scale + self.left, y * self.scale + self.top

    @property
    def is_sharp(self):
        """Whether photo pixels are to be seen as squares."""
        return self.scale > SHARP * self.density

    def seen(self):
        """The part of the photo that is seen, as x, y, width and height in whole photo pixels."""
        x0, y0 = self.photo(0, 0)
        x1, y1 = self.photo(self.across, self.down)
        x0, y0 = max(0, int(x0)), max(0, int(y0))
        x1, y1 = min(self.width, int(x1) + 1), min(self.height, int(y1) + 1)
        return x0, y0, max(0, x1 - x0), max(0, y1 - y0)

    def _fitting(self):
        room = 1 - 2 * MARGIN
        return min(SHARP * self.density, self.across * room / self.width, self.down * room / self.height)

    def _put(self, px, py, x, y):
        self.left, self.top = x - px * self.scale, y - py * self.scale
        self._snap()
        self.is_fitted = False

    def _snap(self):
        # Between two pixels of the canvas, even photo pixels that are shown one to one would be blurred.
        if self.scale == int(self.scale):
            self.left, self.top = round(self.left), round(self.top)

    def _stay_near(self):
        middle, centre = self.across / 2, self.down / 2
        self.left = min(middle, max(middle - self.width * self.scale, self.left))
        self.top = min(centre, max(centre - self.height * self.scale, self.top))
        self._snap()
        self.is_fitted = False


def aim(context, camera, box=None):
    """Clear a canvas and let it be drawn on in photo pixels: all of it, or only where it shows a box of these."""
    x, y, across, down = 0, 0, context.canvas.width, context.canvas.height
    if box is not None:
        x, y, across, down = _around(camera, box)
        context.beginPath()
        context.rect(x, y, across, down)
        context.clip()
    context.clearRect(x, y, across, down)
    context.setTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top)


def _around(camera, box):
    """A box of photo pixels as x, y, width and height in whole canvas pixels around it."""
    x0, y0 = camera.canvas(box[0], box[1])
    x1, y1 = camera.canvas(box[2], box[3])
    x0, y0 = max(0, math.floor(x0) - 1), max(0, math.floor(y0) - 1)
    return x0, y0, max(0, min(camera.across, math.ceil(x1) + 1) - x0), max(0, min(camera.down, math.ceil(y1) + 1) - y0)
