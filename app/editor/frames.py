"""When the canvas is painted: at most one frame for each refresh of the screen, and only the boxes that changed."""

from core.signals import Signal

from editor.geometry import union


class FrameScheduler:
    """Collects what has to be repainted until the next frame."""

    def __init__(self, make_frame_request):
        """`make_frame_request(callback)` returns a function that has `callback()` called with the next frame."""
        self._request_frame = make_frame_request(self.run)
        self._is_requested = False
        self._box = None
        self._is_all = False
        self.starting = Signal()
        """Emitted at the start of each frame: what has come since the last one can be drawn now."""

        self.painting = Signal()
        """Emitted with the box of photo pixels to repaint, or None for everything."""

        self.ending = Signal()
        """Emitted at the end of each frame, also if nothing was repainted."""

    def request(self, box):
        """Repaint a box of photo pixels with the next frame."""
        self._box = union(self._box, box)
        self.request_overlay()

    def request_all(self):
        """Repaint everything with the next frame."""
        self._is_all = True
        self.request_overlay()

    def request_overlay(self):
        """Have a frame that repaints nothing, for what lies above the canvas."""
        if not self._is_requested:
            self._is_requested = True
            self._request_frame()

    def run(self):
        """Draw the frame."""
        self._is_requested = False
        self.starting.emit()
        box, is_all = self._box, self._is_all
        self._box, self._is_all = None, False
        if is_all or box is not None:
            self.painting.emit(None if is_all else box)
        self.ending.emit()
