"""Every text of the page, from one file per language. What a language lacks is shown in English."""

import json

from core.files import read_text
from core.signals import Signal

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt": "Português",
    "ar": "العربية",
    "hi": "हिन्दी",
    "ja": "日本語",
    "zh": "中文",
}
"""Each language by its own name."""

RIGHT_TO_LEFT = ("ar",)
"""Languages that are written from right to left."""

PLURAL_FORMS = ("zero", "one", "two", "few", "many")
"""Endings of the keys of texts for some numbers, as CLDR names them; the key itself is for all others."""

_WITHOUT_PLURAL = ("ja", "zh")
_ONE_OR_NONE = ("fr", "hi", "pt")  # languages whose singular is for 0, too
_ENGLISH = "en"

_WITH_DETAIL = ("InternalError", "EngineStartError")  # worded by the page, in its language

_ISOLATE, _POP = "\u2068", "\u2069"  # around what has its own direction

_language = ""
_texts: dict[str, str] = {}
_english: dict[str, str] = {}  # filled when a language lacks a text
_changed = Signal()


def t(key: str, **values) -> str:
    """Return the text of a key with its `{places}` filled in; where `count` is a whole number, the form for that."""
    count = values.get("count")
    if isinstance(count, int):
        form = key + "." + plural_form(_language, count)
        key = form if form in _texts else key
    if is_right_to_left():
        for name, value in values.items():
            if isinstance(value, str):  # such as a file's name: its letters would turn what stands around it
                values[name] = _ISOLATE + value + _POP
    return _text(key).format(**values)


def plural_form(language: str, count: int) -> str:
    """Return one of `PLURAL_FORMS`, or ``"other"``, for a whole number of things."""
    if language in _WITHOUT_PLURAL:
        return "other"
    if language == "ar":
        rest = count % 100
        if count <= 2:
            return PLURAL_FORMS[count]
        return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
    return "one" if count == 1 or (count == 0 and language in _ONE_OR_NONE) else "other"


def is_right_to_left() -> bool:
    """Return whether the page's language is written from right to left."""
    return _language in RIGHT_TO_LEFT


def _text(key: str) -> str:
    if key not in _texts and not _english:
        _english.update(_read(_ENGLISH))
    return _texts.get(key) or _english[key]


def _read(language: str) -> dict:
    texts: dict = json.loads(read_text(f"languages/{language}.json"))
    return texts


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
    _language, _texts = language, _read(language)
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
