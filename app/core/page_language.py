"""The language of the page's own texts, and the list that switches it."""

import js

from core.dom import by_id, document, element, object_of, on
from core.fonts import Fonts
from core.i18n import (
    LANGUAGES,
    best_language,
    current_language,
    is_right_to_left,
    on_language_change,
    set_language,
    t,
)

_NAME = "language"  # of the preference


class PageLanguage:
    """Begins with the remembered language, or else the browser's."""

    def __init__(self, preferences):
        """Must come before whatever shows a text."""
        self._preferences = preferences
        self._list = by_id("language")
        by_name = sorted(LANGUAGES.items(), key=lambda pair: pair[1])  # MicroPython's dictionaries have no order
        self._list.replaceChildren(*[element("option", name, value=tag, lang=tag) for tag, name in by_name])
        self._is_checked = False
        for event in ("pointerenter", "focus"):  # before it opens, and not at the start, which would take longer
            on(self._list, event, lambda event: self._check_fonts())
        on(self._list, "change", lambda event: self._choose(self._list.value))
        on_language_change(self._show)
        set_language(best_language([preferences.get(_NAME) or ""] + list(js.navigator.languages or [])))

    def _show(self):
        translate()
        self._list.value = self._list.lang = current_language()

    def _check_fonts(self):
        """Name languages in English where this device has no letters for their own name."""
        if self._is_checked:
            return
        self._is_checked = True
        fonts, english = Fonts(), js.Intl.DisplayNames.new("en", object_of(type="language"))
        for option in self._list.querySelectorAll("option"):
            if not fonts.has(option.textContent[0]):
                option.textContent, option.lang = english.of(option.value), "en"

    def _choose(self, language):
        self._preferences.set(_NAME, language)
        set_language(language)


def translate():
    """Put texts into the page: `data-word` is an element's text, `data-word-label` its accessible name."""
    document.documentElement.lang = current_language()
    document.documentElement.dir = "rtl" if is_right_to_left() else "ltr"
    document.title = t("page.tab")
    for shown in document.querySelectorAll("[data-word]"):
        shown.textContent = t(shown.dataset.word)
    for shown in document.querySelectorAll("[data-word-label]"):
        name = t(shown.dataset.wordLabel)
        shown.setAttribute("aria-label", name)
        if shown.tagName in ("BUTTON", "SUMMARY"):
            shown.title = name
        elif shown.getAttribute("type") == "radio":
            shown.parentElement.title = name
