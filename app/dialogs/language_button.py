"""The button that shows the page in the other language."""

from core.dom import by_id, on
from core.i18n import LANGUAGES, language, translate, use


class LanguageButton:
    """Named in the language that it leads to."""

    def __init__(self):
        self._button = by_id("language")
        self._language = language
        on(self._button, "click", lambda event: self._switch())
        translate()
        self._name()

    def _other(self):
        tags = list(LANGUAGES)
        return tags[(tags.index(self._language) + 1) % len(tags)]

    def _switch(self):
        self._language = self._other()
        use(self._language)
        self._name()

    def _name(self):
        other = self._other()
        self._button.textContent, self._button.lang = LANGUAGES[other], other
