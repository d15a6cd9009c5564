"""The panels of the tools: at most one is open, none at first. Each is a `details` element: opening needs no code."""

from core.dom import by_id, document, on

PANELS = ("brush", "smart", "edges", "background", "shadow", "place", "recipe", "history")


class ToolPanels:
    """Tells a `ToolSelection` which panel is open."""

    def __init__(self, selection):
        self._selection = selection
        self._elements = {name: by_id("tool-" + name) for name in PANELS}
        for panel in self._elements.values():
            on(panel, "toggle", lambda event: self._on_toggle())
        selection.changed.connect(self._show_pointer)

    def show(self, name):
        """Open a panel, or with None close whichever is open."""
        for other, panel in self._elements.items():
            panel.open = other == name
        self._on_toggle()

    def _on_toggle(self):
        before = self._selection.panel
        opened = [name for name, panel in self._elements.items() if panel.open]
        if len(opened) > 1:  # a browser that does not know exclusive details
            for name in opened:
                self._elements[name].open = name != before
            opened = [name for name in opened if name != before]
        now = opened[0] if opened else None
        if now != before:
            document.body.dataset.tool = now or ""
            self._selection.open_panel(now)

    def _show_pointer(self):
        document.body.dataset.pointer = self._selection.pointer_shape
