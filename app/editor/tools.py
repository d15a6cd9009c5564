"""What a pointer's gesture does.

A tool has `begin(x, y, pressure, straight, swap)`, `move(points, straight)`, and one of three ends: `end()`, `lose()`
where it is unknown whether the person has ended it, and `cancel()`, which takes everything back: what looked like a
stroke was the first finger of a pinch. Places are in photo pixels, `points` are (x, y, pressure); `straight` is whether
Shift is held, `swap` whether Alt is.
"""

import math

from core.signals import Signal

from editor.geometry import clamp, union
from offcut.protocol.brush import MAX_STROKE_SIZE, MIN_STROKE_SIZE

MIN_BOX = 8
"""Side in photo pixels below which a box is taken for an accident."""

CLICK_SLOP = 10
"""CSS pixels that a pointer may move in a click."""

OPPOSITE = {"restore": "erase", "erase": "restore", "keep": "remove", "remove": "keep"}


class PanTool:
    """Moves the photo, which stays under the pointer."""

    def __init__(self, viewer):
        self._viewer = viewer

    def begin(self, x, y, pressure, straight=False, swap=False):
        """Hold the photo at a point."""
        self._x, self._y = self._viewer.camera.on_plane(x, y)

    def move(self, points, straight):
        """Bring the point that is held under the pointer."""
        # Points were mapped by the camera as it stood when they came, which is as it stands now: it moves only here.
        camera = self._viewer.camera
        x, y = camera.on_plane(*points[-1][:2])
        self._viewer.pan((x - self._x) * camera.scale, (y - self._y) * camera.scale)

    def end(self):
        """Leave the photo where it is."""

    lose = cancel = end


class BrushTool:
    """Restores, erases, or marks where the edge is to be found."""

    def __init__(self, viewer):
        self.mode, self.size, self.softness, self.opacity = "restore", 40.0, 0.3, 1.0
        """What the next stroke is made with; the size in CSS pixels, so that zooming in makes the brush finer."""

        self.finished = Signal()
        """Emitted with each finished stroke. The viewer shows it until it is dropped."""

        self._viewer = viewer
        self._stroke = None
        self._last_end = None  # where the last stroke ended

    def forget_end(self):
        """Another photo is open: a straight line begins nowhere yet."""
        self._last_end = None

    def begin(self, x, y, pressure, straight=False, swap=False):
        """Start a stroke, a straight one at the last stroke's end. `swap` exchanges restoring and erasing."""
        mode = OPPOSITE.get(self.mode, self.mode) if swap else self.mode
        softness, opacity = (0.0, 1.0) if mode == "smart" else (self.softness, self.opacity)
        camera = self._viewer.camera
        size = clamp(self.size * camera.pixel_ratio / camera.photo_scale, MIN_STROKE_SIZE, MAX_STROKE_SIZE)
        self._stroke = stroke = self._viewer.start_stroke(mode, size, softness, opacity)
        if straight and self._last_end:
            stroke.add(*self._last_end)
        stroke.add(x, y, pressure)
        self._viewer.show_stroke(stroke, stroke.box)

    def move(self, points, straight):
        """Continue to points."""
        stroke = self._stroke
        box = None
        if straight:
            box = stroke.straighten(*points[-1][:2])
        else:
            for point in points:
                box = union(box, stroke.add(*point))
        if box:
            self._viewer.show_stroke(stroke, box)

    def end(self):
        """Finish the stroke."""
        stroke, self._stroke = self._stroke, None
        self._last_end = tuple(stroke.points[-3:])
        self.finished.emit(stroke)

    lose = end  # what is painted is there to be seen, and to be undone

    def cancel(self):
        """Take the stroke back."""
        stroke, self._stroke = self._stroke, None
        self._viewer.drop_strokes(stroke)
        self._viewer.request(stroke.box)


class ClickTool:
    """Emits `clicked` with the place within the photo where a pointer goes down and, without moving, up again."""

    def __init__(self, camera):
        self._camera = camera
        self.clicked = Signal()

    def begin(self, x, y, pressure, straight=False, swap=False):
        """Note the place; it counts when the pointer goes up, as another finger may follow."""
        self._place = x, y

    def move(self, points, straight):
        """A drag is no click."""
        if self._place:
            far = max(abs(at - start) for point in points for at, start in zip(point, self._place))
            if far * self._camera.photo_scale > CLICK_SLOP * self._camera.pixel_ratio:
                self._place = None

    def end(self):
        """Take the place."""
        if self._place:
            x, y = self._place
            if self._camera.shows(x, y):
                self.clicked.emit(x, y)

    def cancel(self):
        """Take nothing."""
        self._place = None

    lose = cancel


class BoxTool:
    """Draws a box within the photo."""

    def __init__(self, camera):
        self._camera = camera
        self.box = None
        """The box while it is drawn, None otherwise."""

        self.changed = Signal()
        """Emitted when `box` changes."""

        self.finished = Signal()
        """Emitted with each finished box."""

    def begin(self, x, y, pressure, straight=False, swap=False):
        """Set one corner."""
        self._first = self._last = (x, y)

    def move(self, points, straight):
        """Set the other corner."""
        self._last = points[-1][:2]
        self._set(self._sides())

    def end(self):
        """Finish the box, if it is large enough."""
        self._set(None)
        x0, y0, x1, y1 = self._sides()
        if x1 - x0 >= MIN_BOX and y1 - y0 >= MIN_BOX:
            self.finished.emit((x0, y0, x1, y1))

    def cancel(self):
        """Drop the box."""
        self._set(None)

    lose = cancel

    def _set(self, box):
        self.box = box
        self.changed.emit()

    def _sides(self):
        (ax, ay), (bx, by) = self._first, self._last
        width, height = self._camera.width, self._camera.height
        return (
            int(clamp(min(ax, bx), 0, width)),
            int(clamp(min(ay, by), 0, height)),
            int(clamp(max(ax, bx), 0, width)),
            int(clamp(max(ay, by), 0, height)),
        )


class MoveTool:
    """Drags the subject, on the plane that it is placed on."""

    def __init__(self, camera):
        self._camera = camera
        self.started = Signal()
        """Emitted when a drag begins."""

        self.dragged = Signal()
        """Emitted with (dx, dy, is_moving): how far from there on the plane, and whether the drag continues."""

    def begin(self, x, y, pressure, straight=False, swap=False):
        """Hold the subject."""
        self._start, self._distance = self._camera.on_plane(x, y), None
        self.started.emit()

    def move(self, points, straight):
        """Drag it."""
        x, y = self._camera.on_plane(*points[-1][:2])
        self._distance = x - self._start[0], y - self._start[1]
        self.dragged.emit(*self._distance, True)

    def end(self):
        """Leave it where it is."""
        if self._distance:
            self.dragged.emit(*self._distance, False)

    lose = end

    def cancel(self):
        """Return it to where it was."""
        if self._distance:
            self._distance = (0, 0)
            self.end()

    def nudge(self, dx, dy):
        """Move the subject by canvas pixels, but at least by a photo pixel, which is as far as it can go."""
        self.started.emit()
        self.dragged.emit(self._length(dx), self._length(dy), False)

    def _length(self, distance):
        length = distance / self._camera.scale
        return length if abs(length) >= 1 or not distance else math.copysign(1, distance)
