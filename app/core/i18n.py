"""Every text of the page, from one file per language."""

import json

from core.signals import Signal

LANGUAGES = {"en": "English", "zh": "中文"}
"""Each language by its own name."""

_WITH_DETAIL = ("InternalError", "EngineStartError")  # worded by the page, in its language

_language = ""
_texts: dict[str, str] = {}
_changed = Signal()


def t(key: str, **values) -> str:
    """Return the text of a key with its `{places}` filled in."""
    return _texts[key].format(**values)


def error_text(error) -> str:
    """Return the text to show for an error. The engine's message is English, and more specific than the page's text."""
    if _language == "en" or error.name in _WITH_DETAIL:
        return error.message
    text = _texts.get("error." + error.name + "." + error.reason, _texts.get("error." + error.name, error.message))
    return text.replace("{kind}", error.kind)


def current_language() -> str:
    """Return the tag of the language that the page is in."""
    return _language


def set_language(language: str) -> None:
    """Read the texts of a language and have everything show them."""
    global _language, _texts
    with open(f"languages/{language}.json") as file:
        _language, _texts = language, json.load(file)
    _changed.emit()


def on_language_change(callback) -> None:
    """Call `callback()` whenever the language changes, for texts that are not in the page from the start."""
    _changed.connect(callback)


def best_language(wanted: list) -> str:
    """Return the first of these language tags that the page has, or English."""
    for tag in wanted:
        if tag[:2].lower() in LANGUAGES:
            return tag[:2].lower()
    return "en"
