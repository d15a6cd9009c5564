"""Every text of the page, from one file a language. The browser chooses the first; a choice of one's own is remembered."""

import json

import js

from core.dom import document
from core.preferences import recall, remember

LANGUAGES = {"en": "English", "zh": "中文"}
"""Each language by its own name."""

_NAME = "language"
_WITH_DETAIL = ("InternalError", "EngineStartError")  # said by the page, in its language
_listeners = []


def _choose():
    wanted = [recall(_NAME) or ""] + list(js.navigator.languages or [])
    for tag in wanted:
        if tag[:2].lower() in LANGUAGES:
            return tag[:2].lower()
    return "en"


def _load(language):
    with open(f"languages/{language}.json") as file:
        return json.load(file)


language = _choose()
_WORDS = _load(language)


def say(key, **values):
    """The text of that key with its `{places}` filled in."""
    return _WORDS[key].format(**values)


def explain(error):
    """What an error says to the person. The engine's own sentence is in English and knows more of the case."""
    key = "error." + error.name
    return error.message if language == "en" or error.name in _WITH_DETAIL else _WORDS.get(key, error.message)


def use(other):
    """Show the page in another language from now on."""
    global language, _WORDS
    language, _WORDS = other, _load(other)
    remember(_NAME, other)
    translate()


def translate():
    """Put the words of the language into the page: `data-word` is an element's text, `data-word-label` its name."""
    document.documentElement.lang = language
    document.title = say("page.tab")
    for element in document.querySelectorAll("[data-word]"):
        element.textContent = say(element.dataset.word)
    for element in document.querySelectorAll("[data-word-label]"):
        name = say(element.dataset.wordLabel)
        element.setAttribute("aria-label", name)
        if element.tagName in ("BUTTON", "SUMMARY"):
            element.title = name
        elif element.getAttribute("type") == "radio":
            element.parentElement.title = name
    for listener in _listeners:
        listener()


def when_translated(listener):
    """Call `listener()` whenever the language changes, for texts that are not in the page from the start."""
    _listeners.append(listener)
