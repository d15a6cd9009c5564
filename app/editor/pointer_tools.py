"""Tools that need a place or a box: regions by click, a box around the subject, a colour of the photo, moving the subject."""

from core.dom import by_id

LEAST = 8
"""Side in photo pixels below which a box is taken for a slip of the hand."""


class Click:
    """Calls `on_click(x, y)` where a pointer goes down within the photo, in photo pixels."""

    def __init__(self, viewer, on_click):
        self._camera, self._on_click = viewer.camera, on_click

    def begin(self, x, y, force, event=None):
        """This is the click."""
        if 0 <= x < self._camera.width and 0 <= y < self._camera.height:
            self._on_click(x, y)

    def move(self, points, straight):
        """A click has no way."""

    def end(self):
        """Nothing more to do."""

    def cancel(self):
        """What was clicked is undone like any other step."""


class Box:
    """Calls `on_box(x0, y0, x1, y1)` with what was drawn, within the photo."""

    def __init__(self, viewer, on_box):
        self._viewer, self._on_box = viewer, on_box
        self._frame = by_id("box")

    def begin(self, x, y, force, event=None):
        """One corner."""
        self._first = self._last = (x, y)

    def move(self, points, straight):
        """The other corner, so far."""
        self._last = points[-1][:2]
        camera, density = self._viewer.camera, self._viewer.density
        x0, y0, x1, y1 = self._sides()
        left, top = camera.canvas(x0, y0)
        across, down = (x1 - x0) * camera.scale / density, (y1 - y0) * camera.scale / density
        self._frame.style.cssText = (
            f"left:{left / density:.1f}px;top:{top / density:.1f}px;width:{across:.1f}px;height:{down:.1f}px"
        )
        self._frame.hidden = False

    def end(self):
        """Done."""
        self.cancel()
        x0, y0, x1, y1 = self._sides()
        if x1 - x0 >= LEAST and y1 - y0 >= LEAST:
            self._on_box(x0, y0, x1, y1)

    def cancel(self):
        """No box after all."""
        self._frame.hidden = True

    def _sides(self):
        camera = self._viewer.camera
        (ax, ay), (bx, by) = self._first, self._last
        inside = lambda at, limit: int(min(limit, max(0, at)))  # noqa: E731
        return (
            inside(min(ax, bx), camera.width),
            inside(min(ay, by), camera.height),
            inside(max(ax, bx), camera.width),
            inside(max(ay, by), camera.height),
        )


class Mover:
    """Calls `on_hold()`, then `on_move(dx, dy, moving)` with how far the subject is dragged from there, in photo pixels."""

    def __init__(self, on_hold, on_move):
        self._on_hold, self._on_move = on_hold, on_move

    def begin(self, x, y, force, event=None):
        """Take hold of the subject."""
        self._from, self._last = (x, y), (0, 0)
        self._on_hold()

    def move(self, points, straight):
        """Drag it."""
        self._last = points[-1][0] - self._from[0], points[-1][1] - self._from[1]
        self._on_move(*self._last, True)

    def end(self):
        """Let it go where it is."""
        self._on_move(*self._last, False)

    def cancel(self):
        """Back to where it was."""
        self._last = (0, 0)
        self.end()
