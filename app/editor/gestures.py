"""Which gesture the pointers make: one uses the tool, two fingers zoom and pan, middle button or space bar pan."""

from core.signals import Signal

from editor.geometry import length

HELD_BUTTONS = {0: 1, 1: 4}
"""The bit of `PointerEvent.buttons` for each button that begins a gesture."""


class Gestures:
    """Collects what pointers do and passes it to the tool once a frame. Places are in canvas pixels.

    Only touches are combined into one gesture. While a mouse button or a pen is down, touches are ignored: they are the
    hand that rests on the screen. A touch gesture that had begun before is cancelled.
    """

    def __init__(self, viewer, cursor, pan_tool, current_tool):
        """`current_tool()` returns the tool for a new gesture, or None where it pans."""
        self._viewer, self._cursor = viewer, cursor
        self._pan_tool, self._current_tool = pan_tool, current_tool
        self.is_space_held = False
        self.starting = Signal()
        """Emitted before a gesture with a tool begins."""

        self.is_alt_used = False
        """Whether a gesture has used Alt since it was last asked for; see `Keyboard.release`."""

        self._pointers = {}  # (x, y) by the id of each pointer that is down and takes part
        self._is_touch = False  # whether these are fingers
        self._button = 0  # that began the gesture of a mouse or pen
        self._tool = None  # while a gesture goes on
        self._points = []  # in photo pixels, since the last frame
        self._is_straight = False

    @property
    def is_active(self):
        """Whether a pointer that takes part is down."""
        return bool(self._pointers)

    def press(self, id, place, pressure=1.0, button=0, is_touch=False, shift=False, alt=False):
        """A pointer goes down."""
        if self._pointers and not (is_touch and self._is_touch):
            if is_touch:
                return
            if self._is_touch:
                self.cancel()
                self._pointers.clear()
            elif id in self._pointers:  # where it went up was not to be seen
                self.release(id)
            else:
                return
        self._is_touch = is_touch
        self._pointers[id] = place
        if len(self._pointers) == 2:
            self.cancel()
            return
        if len(self._pointers) > 2 or self._tool:
            return
        self._button = button
        if button == 1 or self.is_space_held:
            self._tool = self._pan_tool
        else:
            self.starting.emit()
            self._tool = self._current_tool() or self._pan_tool
        self.is_alt_used = self.is_alt_used or alt
        self._cursor.position = None if is_touch and self._tool is self._pan_tool else place
        x, y = self._viewer.camera.to_photo(*place)
        self._tool.begin(x, y, pressure, shift, alt)

    def move(self, id, moves, shift=False, buttons=None):
        """A pointer moves.

        Args:
            id: the pointer's.
            moves: (place, pressure), in the order in which they came since the last event.
            shift: whether Shift is held.
            buttons: as `PointerEvent.buttons`, or None for a finger: one that moves is down.
        """
        place = moves[-1][0]
        if buttons is not None and id in self._pointers and not buttons & HELD_BUTTONS.get(self._button, 0):
            self.release(id)  # it went up outside of the window, or while another button was held
        if id not in self._pointers:
            if buttons is not None and not self._pointers:
                self._cursor.move(place)
            return
        if len(self._pointers) >= 2:
            self._pinch(id, place)
            return
        if self._tool:
            camera = self._viewer.camera
            for at, pressure in moves:
                self._points.append(camera.to_photo(*at) + (pressure,))
            self._is_straight = shift
        self._pointers[id] = place
        self._cursor.move(place)

    def release(self, id):
        """A pointer goes up."""
        if id not in self._pointers:
            return
        self._pointers.pop(id)
        if self._tool:
            self.flush()
            tool, self._tool = self._tool, None
            tool.end()
        if self._is_touch:
            self.leave()

    def lose(self, id, is_taken=False):
        """A pointer is lost. `is_taken`: the browser takes it, for a gesture of its own."""
        if id not in self._pointers:
            return
        self._pointers.pop(id)
        self._lose_tool(is_taken and self._is_touch)

    def stop(self):
        """The window goes: nothing that is held down now is seen to go up."""
        self._pointers.clear()
        self.is_space_held = self.is_alt_used = False
        self._lose_tool(False)

    def leave(self):
        """The pointer leaves the canvas."""
        if not self._tool:
            self._cursor.move(None)

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

    def take_back(self):
        """Take back what is being drawn. Returns whether there was anything; moving the view does not count."""
        is_drawing = self._tool is not None and self._tool is not self._pan_tool
        if is_drawing:
            self.cancel()
        return is_drawing

    def _lose_tool(self, is_taken):
        if is_taken or not self._tool:
            self.cancel()
            return
        self.flush()
        tool, self._tool = self._tool, None
        tool.lose()

    def _pinch(self, id, place):
        (ax, ay), (bx, by) = list(self._pointers.values())[:2]
        self._pointers[id] = place
        (cx, cy), (dx, dy) = list(self._pointers.values())[:2]
        before, now = length(ax - bx, ay - by), length(cx - dx, cy - dy)
        self._viewer.camera.pan((cx + dx - ax - bx) / 2, (cy + dy - ay - by) / 2)
        self._viewer.zoom(now / before if before > 1 else 1, (cx + dx) / 2, (cy + dy) / 2)
