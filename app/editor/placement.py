"""Where the placed subject lies: the map between photo pixels and the plane on which the canvas lies, too."""

import math


class Placement:
    """A photo that is turned and scaled about its middle, then moved (`offcut.editing.settings.Placement`)."""

    def __init__(self, width, height, x=0, y=0, scale=1, rotate=0):
        """
        Args:
            width, height: of the photo, in pixels.
            x, y: how far it is moved, in photo pixels.
            scale: how many times as large it is.
            rotate: by how many degrees it is turned, clockwise.
        """
        self.x, self.y, self.scale, self.rotate = x, y, scale, rotate
        self._middle = width / 2, height / 2
        turn = math.radians(rotate)
        self._cos, self._sin = math.cos(turn), math.sin(turn)

    def to_plane(self, x, y):
        """Return where a point of the photo lies once it is placed."""
        middle_x, middle_y = self._middle
        x, y = (x - middle_x) * self.scale, (y - middle_y) * self.scale
        return (
            self._cos * x - self._sin * y + middle_x + self.x,
            self._sin * x + self._cos * y + middle_y + self.y,
        )

    def to_photo(self, x, y):
        """Return which point of the photo lies there: the inverse of `to_plane`."""
        middle_x, middle_y = self._middle
        x, y = (x - middle_x - self.x) / self.scale, (y - middle_y - self.y) / self.scale
        return self._cos * x + self._sin * y + middle_x, self._cos * y - self._sin * x + middle_y

    @property
    def steps(self):
        """How far one goes on the plane by one photo pixel to the right: across and down."""
        return self.scale * self._cos, self.scale * self._sin
