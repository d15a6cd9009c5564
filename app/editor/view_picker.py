"""The buttons of the views, the name of the one that was chosen, and the divider of the comparison."""

from core.dom import by_id, document, on

from editor.browser import make_timer
from editor.views import divider_share

NAME_MS = 1400
"""Milliseconds for which the name of a view is shown that was chosen by its sign, where no pointer can ask for it."""


class ViewPicker:
    """Shows and sets the current one of `Views`."""

    def __init__(self, views, viewer):
        self._views, self._viewer = views, viewer
        self._radios = {radio.value: radio for radio in document.querySelectorAll("input[name=view]")}
        self._name, self._divider = by_id("view-name"), by_id("compare")
        self._hide_name_later = make_timer(lambda: self._name.toggleAttribute("hidden", True), NAME_MS)
        for radio in self._radios.values():
            on(radio, "change", lambda event: self._on_choice(event.target))
        on(self._divider, "input", lambda event: self._divide())
        views.changed.connect(self._show)

    def _show(self):
        self._radios[self._views.current].checked = True
        document.body.dataset.view = self._views.current

    def _on_choice(self, radio):
        self._views.show(radio.value)
        self._name.textContent = radio.getAttribute("aria-label")
        self._name.hidden = False
        self._hide_name_later()

    def _divide(self):
        self._viewer.divide(divider_share(float(self._divider.value), max(1, self._divider.clientWidth)))
