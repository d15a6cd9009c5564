"""The choice of the view, in the row below the photo and in a menu, and the divider of the comparison."""

from core.dom import by_id, close_like_a_menu, document, on
from core.i18n import on_language_change, t

from editor.views import divider_share

RESULT = "result"
"""The choice that stands for `Views.show_result`."""


class ViewPicker:
    """Shows and sets the current one of `Views`."""

    def __init__(self, views, viewer):
        self._views, self._viewer = views, viewer
        self._radios = {radio.value: radio for radio in document.querySelectorAll("input[name=view]")}
        self._menu, self._name, self._divider = by_id("view-menu"), by_id("view-name"), by_id("compare")
        for radio in self._radios.values():
            on(radio, "change", lambda event: self._on_choice(event.target.value))
        on(self._menu, "click", self._on_click)
        close_like_a_menu(self._menu)
        on(by_id("menu-zoom-in"), "click", lambda event: viewer.zoom(1.5))
        on(by_id("menu-zoom-out"), "click", lambda event: viewer.zoom(1 / 1.5))
        on(by_id("menu-fit"), "click", lambda event: viewer.fit())
        on(self._divider, "input", lambda event: self._divide())
        views.changed.connect(self._show)
        on_language_change(self._show_name)
        self._show_name()

    def _show(self):
        self._radios[RESULT if self._views.is_result else self._views.current].checked = True
        document.body.dataset.view = self._views.current
        self._show_name()

    def _show_name(self):
        """The menu's button names the view that was chosen in it."""
        is_in_menu = self._menu.querySelector("input:checked") is not None
        self._name.textContent = t("view." + self._views.current) if is_in_menu else t("view.more")
        self._menu.toggleAttribute("data-chosen", is_in_menu)

    def _on_choice(self, name):
        if name == RESULT:
            self._views.show_result()
        else:
            self._views.show(name)

    def _on_click(self, event):
        """Close the menu once a pointer has chosen in it. Arrow keys choose one after the other."""
        if event.target.getAttribute("name") == "view" and event.detail:
            self._menu.open = False

    def _divide(self):
        self._viewer.divide(divider_share(float(self._divider.value), max(1, self._divider.clientWidth)))
