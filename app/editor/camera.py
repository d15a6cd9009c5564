"""Which part of the photo is visible and how large: the map between photo pixels and the canvas's own pixels.

Between the two is the plane: photo, composition and placed subject lie on it, in photo pixels. Where the subject is
not seen placed, photo and plane are one.
"""

import math

from editor.geometry import clamp

MAX_SCALE = 32.0
"""Canvas pixels that one photo pixel is shown as, at most."""

SHARP = 2.0
"""CSS pixels for each photo pixel above which those are seen as squares, not smoothed. Fitting stays below it."""

LEAST = 360
"""CSS pixels that the longer side of a small part of the photo, such as the head of an ID photo, has when it is fitted:
its result has more pixels than the photo there, and guides lie over it."""

MARGIN = 0.03
"""Share of the canvas left free around a fitted photo."""


class Camera:
    """`scale` is canvas pixels for each of the plane's; the plane's origin lies at (`left`, `top`) of the canvas."""

    def __init__(self):
        self.width, self.height = 1, 1
        """Of the photo, in pixels."""

        self.placement = None
        """The `Placement` under which the subject is seen, or None."""

        self.area = 0, 0, 1, 1
        """What there is to be seen, on the plane: left, top, width, height."""

        self.canvas_width, self.canvas_height = 1, 1
        self.pixel_ratio = 1.0
        """Canvas pixels a CSS pixel."""

        self.scale, self.left, self.top = 1.0, 0.0, 0.0
        self.is_fitted = True

    def open(self, width, height):
        """Show another photo, all of it."""
        self.width, self.height = width, height
        self.placement, self.area = None, (0, 0, width, height)
        self.fit()

    def look_at(self, area, placement, keeps):
        """Show what lies in another area of the plane, with the subject placed so; None where it is not.

        All of it, if all was shown before. With `keeps`, what is shown stays where it is.
        """
        is_fitted = self.is_fitted
        is_other = area != self.area
        self.area, self.placement = area, placement
        if is_fitted and is_other and not keeps:
            self.fit()
        elif not is_fitted:
            self._limit()

    def resize(self, width, height):
        """Give the canvas another size; what was in its middle stays there."""
        x, y = self.to_plane(*self.middle)
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
        """Show all there is to be seen."""
        left, top, width, height = self.area
        self.scale = self._fitted_scale()
        self._place(left + width / 2, top + height / 2, *self.middle)
        self.is_fitted = True

    def zoom(self, factor, x=None, y=None):
        """Multiply the scale; what is at (`x`, `y`) of the canvas, or in its middle, stays there."""
        self.zoom_to(self.scale * factor, x, y)

    def zoom_to(self, scale, x=None, y=None):
        """Show a photo pixel as that many canvas pixels."""
        x = self.canvas_width / 2 if x is None else x
        y = self.canvas_height / 2 if y is None else y
        plane_x, plane_y = self.to_plane(x, y)
        self.scale = clamp(scale, min(1.0, self._fitted_scale()) / 2, MAX_SCALE)
        self._place(plane_x, plane_y, x, y)
        self._limit()

    def pan(self, dx, dy):
        """Move the photo by canvas pixels. Its edge cannot leave the middle of the canvas."""
        self.left += dx
        self.top += dy
        self._limit()

    def to_plane(self, x, y):
        """Return where on the plane a point of the canvas lies."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_photo(self, x, y):
        """Return which point of the photo is seen at a point of the canvas."""
        place = self.to_plane(x, y)
        return self.placement.to_photo(*place) if self.placement else place

    def on_plane(self, x, y):
        """Return where on the plane a point of the photo is seen."""
        return self.placement.to_plane(x, y) if self.placement else (x, y)

    def to_canvas(self, x, y):
        """Return where on the canvas a point of the photo is seen."""
        x, y = self.on_plane(x, y)
        return x * self.scale + self.left, y * self.scale + self.top

    def shows(self, x, y):
        """Return whether a point lies in the photo, and in what there is to be seen of it."""
        left, top, width, height = self.area
        across, down = self.on_plane(x, y)
        is_seen = left <= across < left + width and top <= down < top + height
        return is_seen and 0 <= x < self.width and 0 <= y < self.height

    @property
    def photo_scale(self):
        """Canvas pixels for each photo pixel."""
        return self.scale * (self.placement.scale if self.placement else 1)

    @property
    def plane_matrix(self):
        """For `setTransform`: draw on the plane."""
        return self.scale, 0, 0, self.scale, self.left, self.top

    @property
    def photo_matrix(self):
        """For `setTransform`: draw in photo pixels."""
        if not self.placement:
            return self.plane_matrix
        across, down = self.placement.steps
        across, down = across * self.scale, down * self.scale
        return (across, down, -down, across) + self.to_canvas(0, 0)

    def canvas_box(self, box):
        """Return the whole canvas pixels around a box of photo pixels, as x, y, width and height."""
        corners = [self.to_canvas(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        x0, y0 = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
        x1, y1 = max(corner[0] for corner in corners), max(corner[1] for corner in corners)
        x0, y0 = max(0, math.floor(x0) - 1), max(0, math.floor(y0) - 1)
        width = max(0, min(self.canvas_width, math.ceil(x1) + 1) - x0)
        return x0, y0, width, max(0, min(self.canvas_height, math.ceil(y1) + 1) - y0)

    @property
    def is_sharp(self):
        """Whether photo pixels are to be seen as squares."""
        return self.scale > self._closest_fit

    def visible_part(self):
        """Return the visible part of the photo, as x, y, width and height in whole photo pixels."""
        corners = [self.to_photo(x, y) for x in (0, self.canvas_width) for y in (0, self.canvas_height)]
        x0, y0 = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
        x1, y1 = max(corner[0] for corner in corners), max(corner[1] for corner in corners)
        x0, y0 = max(0, int(x0)), max(0, int(y0))
        x1, y1 = min(self.width, int(x1) + 1), min(self.height, int(y1) + 1)
        return x0, y0, max(0, x1 - x0), max(0, y1 - y0)

    def _fitted_scale(self):
        share, (_, _, width, height) = 1 - 2 * MARGIN, self.area
        return min(self._closest_fit, self.canvas_width * share / width, self.canvas_height * share / height)

    @property
    def _closest_fit(self):
        """The scale that fitting does not exceed, and above which photo pixels are squares."""
        _, _, width, height = self.area
        is_part = width < self.width and height < self.height
        return max(SHARP, LEAST / max(width, height) if is_part else 0) * self.pixel_ratio

    def _place(self, plane_x, plane_y, x, y):
        self.left, self.top = x - plane_x * self.scale, y - plane_y * self.scale
        self._snap()
        self.is_fitted = False

    def _snap(self):
        # Between two pixels of the canvas, even photo pixels that are shown one to one would be blurred.
        if self.scale == int(self.scale):
            self.left, self.top = round(self.left), round(self.top)

    def _limit(self):
        x, y = self.middle
        left, top, width, height = (side * self.scale for side in self.area)
        self.left = clamp(self.left, x - left - width, x - left)
        self.top = clamp(self.top, y - top - height, y - top)
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
    context.setTransform(*camera.photo_matrix)
