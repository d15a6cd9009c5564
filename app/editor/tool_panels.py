"""Which tool is open: one at a time, none at first. Each is a `details` element, so opening needs no code."""

from core.dom import by_id, document, on

TOOLS = ("brush", "smart", "edges", "background", "shadow", "place", "history")


class ToolPanels:
    """Tells who listens which tool is open."""

    def __init__(self, on_change):
        """`on_change(name)` is called with the tool that is open now, or None."""
        self.open = None
        self._on_change = on_change
        self._elements = {name: by_id("tool-" + name) for name in TOOLS}
        for element in self._elements.values():
            on(element, "toggle", lambda event: self._toggled())

    def show(self, name):
        """Open a tool, or with None close whichever is open."""
        for other, element in self._elements.items():
            element.open = other == name
        self._toggled()

    def _toggled(self):
        opened = [name for name, element in self._elements.items() if element.open]
        if len(opened) > 1:  # a browser that does not know exclusive details
            for name in opened:
                self._elements[name].open = name != self.open
            opened = [name for name in opened if name != self.open]
        now = opened[0] if opened else None
        if now != self.open:
            self.open = now
            document.body.dataset.tool = now or ""
            self._on_change(now)
