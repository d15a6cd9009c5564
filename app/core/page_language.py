"""The language of the page's own texts, and the button that switches it."""

import js

from core.dom import by_id, document, on
from core.i18n import LANGUAGES, best_language, current_language, on_language_change, set_language, t

_NAME = "language"  # of the preference


class PageLanguage:
    """Begins with the remembered language, or else the browser's."""

    def __init__(self, preferences):
        """Must come before whatever shows a text."""
        self._preferences = preferences
        self._button = by_id("language")
        on(self._button, "click", lambda event: self._switch())
        on_language_change(self._show)
        set_language(best_language([preferences.get(_NAME) or ""] + list(js.navigator.languages or [])))

    def _show(self):
        translate()
        other = self._other()
        self._button.textContent, self._button.lang = LANGUAGES[other], other

    def _other(self):
        tags = list(LANGUAGES)
        return tags[(tags.index(current_language()) + 1) % len(tags)]

    def _switch(self):
        other = self._other()
        self._preferences.set(_NAME, other)
        set_language(other)


def translate():
    """Put texts into the page: `data-word` is an element's text, `data-word-label` its accessible name."""
    document.documentElement.lang = current_language()
    document.title = t("page.tab")
    for element in document.querySelectorAll("[data-word]"):
        element.textContent = t(element.dataset.word)
    for element in document.querySelectorAll("[data-word-label]"):
        name = t(element.dataset.wordLabel)
        element.setAttribute("aria-label", name)
        if element.tagName in ("BUTTON", "SUMMARY"):
            element.title = name
        elif element.getAttribute("type") == "radio":
            element.parentElement.title = name
