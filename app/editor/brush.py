"""The brushes: restore, erase, and the smart one that looks for the edge inside the stroke."""

from editor.stroke import Stroke

OTHER = {"restore": "erase", "erase": "restore"}


class Brush:
    """A tool for `Pointers`; `mode`, `size`, `softness` and `opacity` are what the next stroke is made with."""

    def __init__(self, viewer, on_stroke):
        """`on_stroke(stroke)` is given each finished stroke, which the view shows until it is dropped."""
        self.mode, self.size, self.softness, self.opacity = "restore", 40.0, 0.3, 1.0
        self._viewer, self._on_stroke = viewer, on_stroke
        self._stroke = None
        self._end = None  # where the last stroke ended

    def forget_end(self):
        """Another photo: a straight line begins nowhere yet."""
        self._end = None

    def begin(self, x, y, force, event=None):
        """Put the brush down. Shift draws from the last stroke's end, Alt swaps restoring and erasing."""
        mode = self.mode
        if event is not None and event.altKey:
            mode = OTHER.get(mode, mode)
        soft, opacity = (0.0, 1.0) if mode == "smart" else (self.softness, self.opacity)
        self._stroke = stroke = Stroke(mode, self.size, soft, opacity, self._viewer.take_layer())
        self._viewer.painter.strokes.append(stroke)
        self._viewer.painter.is_calm = False
        if event is not None and event.shiftKey and self._end:
            stroke.add(*self._end)
        stroke.add(x, y, force)
        self._show(stroke.box)

    def move(self, points, straight=False):
        """Go on to points."""
        stroke = self._stroke
        if straight:
            self._show(stroke.straighten(*points[-1][:2]))
            return
        x0 = y0 = 1e9
        x1 = y1 = -1e9
        for point in points:
            box = stroke.add(*point)
            if box:
                x0, y0, x1, y1 = min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3])
        if x1 > x0:
            self._show((x0, y0, x1, y1))

    def end(self):
        """Lift the brush."""
        stroke, self._stroke = self._stroke, None
        self._end = tuple(stroke.points[-3:])
        self._on_stroke(stroke)

    def cancel(self):
        """Take the stroke back; it never was."""
        stroke, self._stroke = self._stroke, None
        box = stroke.box
        self._viewer.drop_strokes(stroke)
        self._viewer.request(box)

    def _show(self, box):
        self._stroke.draw(self._viewer.camera, box)
        self._viewer.request(box)
