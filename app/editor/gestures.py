"""Which gesture the pointers make: one uses the tool, two zoom and pan, the middle button or the space bar pans."""

import math

from core.signals import Signal

from editor.geometry import clamp, length

PIXELS_PER_LINE = 18.0
"""Pixels that a wheel's line stands for, where it counts in lines."""


class Gestures:
    """Collects what pointers do and passes it to the tool once a frame. Places are in canvas pixels."""

    def __init__(self, viewer, cursor, pan_tool, current_tool):
        """`current_tool()` returns the tool for a new gesture, or None where it pans."""
        self._viewer, self._cursor = viewer, cursor
        self._pan_tool, self._current_tool = pan_tool, current_tool
        self.is_space_held = False
        self.starting = Signal()
        """Emitted before a gesture with a tool begins."""

        self._pointers = {}  # (x, y) by the id of each pointer that is down
        self._tool = None  # while a gesture goes on
        self._points = []  # in photo pixels, since the last frame
        self._is_straight = False

    def press(self, id, place, pressure=1.0, button=0, is_touch=False, shift=False, alt=False):
        """A pointer goes down."""
        self._pointers[id] = place
        if len(self._pointers) == 2:
            self.cancel()
            return
        if len(self._pointers) > 2 or self._tool:
            return
        if button == 1 or self.is_space_held:
            self._tool = self._pan_tool
        else:
            self.starting.emit()
            self._tool = self._current_tool() or self._pan_tool
        self._cursor.position = None if is_touch and self._tool is self._pan_tool else place
        x, y = self._viewer.camera.to_photo(*place)
        self._tool.begin(x, y, pressure, shift, alt)

    def move(self, id, moves, shift=False):
        """A pointer moves. `moves` are (place, pressure), in the order in which they came since the last event."""
        place = moves[-1][0]
        if len(self._pointers) >= 2:
            self._pinch(id, place)
            return
        if self._tool:
            camera = self._viewer.camera
            for at, pressure in moves:
                self._points.append(camera.to_photo(*at) + (pressure,))
            self._pointers[id] = place
            self._is_straight = shift
        self._cursor.move(place)

    def release(self, id, is_touch=False):
        """A pointer goes up."""
        self._pointers.pop(id, None)
        if self._tool:
            self.flush()
            tool, self._tool = self._tool, None
            tool.end()
        if is_touch:
            self.leave()

    def lose(self, id):
        """A pointer is taken by the browser, for a gesture of its own."""
        self._pointers.pop(id, None)
        self.cancel()

    def leave(self):
        """The pointer leaves the canvas."""
        if not self._tool:
            self._cursor.move(None)

    def turn_wheel(self, delta, in_lines, is_pinch, place):
        """The wheel turns. `is_pinch`: it is a trackpad's pinch, which comes in much smaller steps."""
        pixels = delta * (PIXELS_PER_LINE if in_lines else 1)
        factor = math.exp(-pixels * (0.01 if is_pinch else 0.0018))
        self._viewer.zoom(clamp(factor, 1 / 3, 3.0), *place)

    def flush(self):
        """Pass the tool what has arrived since the last frame."""
        if self._points and self._tool:
            points, self._points = self._points, []
            self._tool.move(points, self._is_straight)

    def cancel(self):
        """Take back the gesture that is going on."""
        self._points = []
        if self._tool:
            tool, self._tool = self._tool, None
            tool.cancel()

    def _pinch(self, id, place):
        if id not in self._pointers:
            return
        (ax, ay), (bx, by) = list(self._pointers.values())[:2]
        self._pointers[id] = place
        (cx, cy), (dx, dy) = list(self._pointers.values())[:2]
        before, now = length(ax - bx, ay - by), length(cx - dx, cy - dy)
        self._viewer.camera.pan((cx + dx - ax - bx) / 2, (cy + dy - ay - by) / 2)
        self._viewer.zoom(now / before if before > 1 else 1, (cx + dx) / 2, (cy + dy) / 2)
