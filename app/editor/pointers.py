"""Mouse, pen and fingers on the canvas: one uses the tool, two zoom and pan, the middle button or the space bar pans."""

import math

from core.dom import on

LINE = 18.0
"""Pixels that a wheel's line stands for, where it counts in lines."""


class Pointers:
    """Collects what pointers do between two frames and hands it to the tool once a frame.

    A tool has `begin(x, y, force, event)`, `move(points, straight)` with points (x, y, force) in photo pixels, `end()` and
    `cancel()`.
    """

    def __init__(self, viewer, hand, tool_for):
        """`tool_for(event)` gives the tool that a new gesture uses."""
        self.is_space_held = False
        self._viewer, self._hand, self._tool_for = viewer, hand, tool_for
        self._down = {}  # id: (x, y) in canvas pixels
        self._tool = None
        self._points = []
        self._straight = False
        viewer.before_frame = self.flush
        canvas = viewer.canvas
        # While the photo was on its way the canvas lay nowhere.
        on(canvas, "pointerenter", lambda event: viewer.measure())
        on(canvas, "pointerdown", self._on_down)
        on(canvas, "pointermove", self._on_move)
        on(canvas, "pointerup", self._on_up)
        on(canvas, "pointercancel", self._on_cancel)
        on(canvas, "pointerleave", self._on_leave)
        on(canvas, "wheel", self._on_wheel)
        on(canvas, "contextmenu", lambda event: event.preventDefault())

    def flush(self):
        """Hand on what has come since the last frame."""
        if self._points and self._tool:
            points, self._points = self._points, []
            self._tool.move(points, self._straight)

    def cancel(self):
        """Take back the gesture that is going on."""
        self._points = []
        if self._tool:
            tool, self._tool = self._tool, None
            tool.cancel()

    def _on_down(self, event):
        if event.button > 1:
            return
        viewer = self._viewer
        viewer.measure()
        place = viewer.place_of(event)
        self._down[event.pointerId] = place
        try:
            viewer.canvas.setPointerCapture(event.pointerId)
        except Exception:
            pass  # the pointer is gone already
        if len(self._down) == 2:
            self.cancel()
            return
        if len(self._down) > 2 or self._tool:
            return
        pans = event.button == 1 or self.is_space_held
        self._tool = self._hand if pans else self._tool_for(event)
        x, y = viewer.camera.photo(*place)
        viewer.pointer = place if event.pointerType != "touch" or self._tool is not self._hand else None
        self._tool.begin(x, y, _force(event), event)

    def _on_move(self, event):
        viewer = self._viewer
        if len(self._down) >= 2:
            self._pinch(event)
            return
        if not self._tool:
            viewer.pointer = viewer.place_of(event)
            viewer.show_ring()
            return
        camera = viewer.camera
        moves = event.getCoalescedEvents()
        for one in moves if moves.length else [event]:
            place = viewer.place_of(one)
            x, y = camera.photo(*place)
            self._points.append((x, y, _force(one)))
        self._down[event.pointerId] = place
        viewer.pointer = place
        self._straight = event.shiftKey
        viewer.show_ring()

    def _pinch(self, event):
        if event.pointerId not in self._down:
            return
        before = list(self._down.values())
        self._down[event.pointerId] = self._viewer.place_of(event)
        (ax, ay), (bx, by) = before[:2]
        (cx, cy), (dx, dy) = list(self._down.values())[:2]
        was, now = _apart(ax - bx, ay - by), _apart(cx - dx, cy - dy)
        camera = self._viewer.camera
        camera.pan((cx + dx - ax - bx) / 2, (cy + dy - ay - by) / 2)
        self._viewer.zoom(now / was if was > 1 else 1, (cx + dx) / 2, (cy + dy) / 2)

    def _on_up(self, event):
        self._down.pop(event.pointerId, None)
        if self._tool:
            self.flush()
            tool, self._tool = self._tool, None
            tool.end()
        if event.pointerType == "touch":
            self._on_leave(event)

    def _on_cancel(self, event):
        self._down.pop(event.pointerId, None)
        self.cancel()

    def _on_leave(self, event):
        if not self._tool:
            self._viewer.pointer = None
            self._viewer.show_ring()

    def _on_wheel(self, event):
        event.preventDefault()
        self._viewer.measure()
        turned = event.deltaY * (LINE if event.deltaMode == 1 else 1)
        # A trackpad's pinch arrives as a wheel with Ctrl, in much smaller steps.
        factor = math.exp(-turned * (0.01 if event.ctrlKey else 0.0018))
        self._viewer.zoom(min(3.0, max(1 / 3, factor)), *self._viewer.place_of(event))


class Hand:
    """Pans. The photo stays under the pointer."""

    def __init__(self, viewer):
        self._viewer = viewer

    def begin(self, x, y, force, event):
        """Take hold of the photo at a point."""
        self._x, self._y = x, y

    def move(self, points, straight):
        """Bring the point that was taken hold of under the pointer."""
        camera = self._viewer.camera
        x, y = points[-1][:2]
        # Points were mapped by the camera as it stood when they came, which is as it stands now: it moves only here.
        self._viewer.pan((x - self._x) * camera.scale, (y - self._y) * camera.scale)

    def end(self):
        """Let go."""

    def cancel(self):
        """Let go."""


def _apart(dx, dy):
    return math.sqrt(dx * dx + dy * dy)  # MicroPython has no math.hypot


def _force(event):
    return event.pressure if event.pointerType == "pen" and event.pressure else 1.0
