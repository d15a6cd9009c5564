"""Which tool a gesture uses, by the panel that is open and the controls in it."""

from core.signals import Signal

PAINTING_PANELS = ("brush", "smart")


class ToolSelection:
    """Sets the brush up as its controls say, and chooses the tool and the shape of the pointer."""

    def __init__(self, controls, background, cursor, brush, box, region, picker, mover):
        """
        Args:
            controls: the `Controls`.
            background: the `Background`.
            cursor: the `BrushCursor`.
            brush, box, region, picker, mover: the tools.
        """
        self._controls, self._background, self._cursor = controls, background, cursor
        self._brush, self._box, self._region = brush, box, region
        self._picker, self._mover = picker, mover
        self.panel = None
        """The panel that is open, or None."""

        self.pointer_shape = "hand"
        """``"hand"``, ``"cross"`` or ``"brush"``."""

        self.panel_changed = Signal()
        """Emitted when another panel is open, or none."""

        self.changed = Signal()
        """Emitted when the pointer's shape may have changed."""

        self._is_demonstrating = False  # the ring is shown for the slider's sake
        for group in PAINTING_PANELS:
            controls.changed(group).connect(self._on_control)

    @property
    def is_painting(self):
        """Whether the open panel is that of a brush."""
        return self.panel in PAINTING_PANELS

    def open_panel(self, name):
        """Another panel is open, or with None, none."""
        self.panel = name
        if name != "background":
            self._background.set_picking(False)
        self.panel_changed.emit()
        self._set_up()

    def current_tool(self):
        """Return the tool that a gesture uses now, None where it pans."""
        if self._background.is_picking:
            return self._picker
        if self.panel == "brush":
            return self._brush
        if self.panel == "smart":
            mode = self._controls.value("smart.mode")
            return self._brush if mode == "smart" else self._box if mode == "box" else self._region
        return self._mover if self.panel == "place" else None

    @property
    def size_control(self):
        """The name of the control of the brush's size."""
        return "smart.size" if self.panel == "smart" else "brush.size"

    @property
    def swapped_control(self):
        """The name of the control of what the open tool does, which can be swapped; None without such a tool."""
        return {"brush": "brush.mode", "smart": "smart.mode"}.get(self.panel)

    def region_operation(self, x, y):
        """Return the operation of a click on a region at a place of the photo."""
        kind = self._controls.value("smart.reach")
        operation = {"kind": kind, "mode": self._controls.value("smart.mode"), "x": x, "y": y}
        if kind == "region":
            operation["tolerance"] = self._controls.value("smart.tolerance")
        return operation

    def cleanup_operation(self, kind):
        """Return the operation that removes ``"specks"`` or fills ``"holes"``."""
        return {"kind": kind, "pixels": self._controls.value("smart.pixels")}

    def _on_control(self, name, is_moving):
        """While the size of a brush changes, the ring shows it in the middle of the view."""
        cursor = self._cursor
        if name.endswith(".size") and is_moving and not cursor.position:
            cursor.position = cursor.position_or_middle
            self._is_demonstrating = True
        elif self._is_demonstrating and not is_moving:
            cursor.position, self._is_demonstrating = None, False
        self._set_up()

    def _set_up(self):
        value, brush, panel = self._controls.value, self._brush, self.panel
        brush.mode = value("smart.mode" if panel == "smart" else "brush.mode")
        brush.size = value(self.size_control)
        brush.softness, brush.opacity = value("brush.softness"), value("brush.opacity")
        is_brush = panel == "brush" or (panel == "smart" and brush.mode == "smart")
        self._cursor.diameter = brush.size if is_brush else 0
        is_cross = panel == "smart" or self._background.is_picking
        self.pointer_shape = "brush" if is_brush else "cross" if is_cross else "hand"
        self._cursor.show()
        self.changed.emit()
