"""The panels of the tools: at most one is open, none at first. Each is a `details` element: opening needs no code."""

import js
from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t
from pyscript.ffi import create_proxy

PANELS = ("brush", "smart", "edges", "background", "shadow", "place", "recipe", "history")


class ToolPanels:
    """Tells a `ToolSelection` which panel is open."""

    def __init__(self, selection):
        self._selection = selection
        self._elements = {name: by_id("tool-" + name) for name in PANELS}
        for panel in self._elements.values():
            on(panel, "toggle", lambda event: self._on_toggle())
        # On phones the open sheet lies above the page, which is made shorter by as much.
        self._observer = js.ResizeObserver.new(create_proxy(lambda entries, observer: self._measure()))
        self._buttons = [self._add_button(panel.querySelector(".sheet")) for panel in self._elements.values()]
        on_language_change(self._label)
        self._label()
        selection.changed.connect(self._show_pointer)

    def show(self, name):
        """Open a panel, or with None close whichever is open."""
        for other, panel in self._elements.items():
            panel.open = other == name
        self._on_toggle()

    def _add_button(self, sheet):
        """Give a sheet the button that closes it, which phones show."""
        self._observer.observe(sheet)
        button = element("button", "", type="button", class_="plain sheet-done")
        on(button, "click", lambda event: self.show(None))
        sheet.prepend(button)
        return button

    def _label(self):
        for button in self._buttons:
            button.textContent = t("tool.done")

    def _measure(self):
        for panel in self._elements.values():
            height = panel.querySelector(".sheet").offsetHeight
            if panel.open and height:
                document.body.style.setProperty("--sheet", f"{height}px")

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
