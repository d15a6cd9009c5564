"""What key presses mean on the keyboards of the world."""
# ruff: noqa: RUF001 (letters that look like Latin ones are what this is about)

import pytest
from editor.keyboard import KEYS
from editor.keys import SHORTCUTS, KeyPress


def action(key, code="", **more):
    return KeyPress(key, code, **more).action


def test_no_two_actions_share_a_key():
    seen = [
        (key, command, held)
        for _, keys, command, shift in SHORTCUTS
        for key in keys
        for held in ((False, True) if shift is None else (shift,))
    ]
    assert len(seen) == len(set(seen))
    assert {name for name, *_ in SHORTCUTS} <= set(KEYS)


@pytest.mark.parametrize(
    ("key", "more", "expected"),
    [
        ("b", {}, "brush"),
        ("B", {}, "brush"),  # caps lock
        ("b", {"shift": True}, None),
        ("b", {"ctrl": True}, None),
        ("b", {"alt": True}, None),
        ("x", {}, "swap"),
        ("z", {"ctrl": True}, "undo"),
        ("z", {"meta": True}, "undo"),
        ("Z", {"ctrl": True}, "undo"),  # caps lock
        ("Z", {"ctrl": True, "shift": True}, "redo"),
        ("z", {"ctrl": True, "shift": True}, "redo"),  # caps lock
        ("y", {"ctrl": True}, "redo"),
        ("y", {"ctrl": True, "shift": True}, None),
        ("z", {}, None),
        ("z", {"ctrl": True, "alt": True}, None),
        ("s", {"meta": True}, "save"),
        ("s", {"ctrl": True, "shift": True}, None),
        ("c", {"ctrl": True}, "copy"),
        ("C", {"ctrl": True, "shift": True}, None),  # opens the browser's tools
        ("o", {"ctrl": True}, "open"),
        ("?", {"shift": True}, "help"),
        ("+", {"shift": True}, "zoom_in"),
        ("=", {}, "zoom_in"),
        ("+", {"ctrl": True}, None),
        ("-", {"ctrl": True}, None),
        ("0", {"ctrl": True}, None),
        ("Escape", {}, "hand"),
        ("q", {}, None),
        ("Shift", {"shift": True}, None),
        ("Dead", {"alt": True}, None),
        ("", {}, None),
    ],
)
def test_a_key_with_exactly_its_modifiers(key, more, expected):
    assert action(key, **more) == expected


@pytest.mark.parametrize(
    ("key", "code", "more", "expected"),
    [
        ("я", "KeyZ", {"ctrl": True}, "undo"),  # Russian
        ("Я", "KeyZ", {"ctrl": True, "shift": True}, "redo"),
        ("с", "KeyC", {"meta": True}, "copy"),
        ("ы", "KeyS", {"ctrl": True}, "save"),
        ("и", "KeyB", {}, "brush"),
        ("х", "BracketLeft", {}, "smaller"),
        ("ъ", "BracketRight", {}, "larger"),
        ("ζ", "KeyZ", {"ctrl": True}, "undo"),  # Greek
        ("β", "KeyB", {}, "brush"),
        ("Β", "KeyB", {}, "brush"),  # caps lock
        ("ז", "KeyZ", {"ctrl": True}, "undo"),  # Hebrew
        ("ק", "KeyE", {}, "erase"),
        ("]", "BracketLeft", {}, "larger"),  # Hebrew keyboards have them the other way round
        ("لا", "KeyB", {}, "brush"),  # Arabic, two characters of one key
        ("ئ", "KeyZ", {"ctrl": True}, "undo"),
        ("؟", "Slash", {"shift": True}, "help"),
        ("٠", "Digit0", {}, "fit"),
        ("ㅋ", "KeyZ", {"ctrl": True}, "undo"),  # Korean
        ("こ", "KeyB", {}, "brush"),  # Japanese kana
        ("？", "Slash", {"shift": True}, "help"),  # full width, as Chinese is typed
        ("【", "BracketLeft", {}, "smaller"),
        ("к", "KeyR", {}, None),
    ],
)
def test_other_scripts_go_by_the_place_of_the_key(key, code, more, expected):
    assert action(key, code, **more) == expected


@pytest.mark.parametrize(
    ("key", "code", "more", "expected"),
    [
        ("z", "KeyY", {"ctrl": True}, "undo"),  # German
        ("y", "KeyZ", {"ctrl": True}, "redo"),
        ("z", "KeyW", {"ctrl": True}, "undo"),  # French
        ("m", "Semicolon", {}, "mask"),
        ("w", "KeyZ", {"ctrl": True}, None),
        (";", "KeyZ", {"ctrl": True}, None),  # Dvorak
        ("z", "Slash", {"ctrl": True}, "undo"),
        ("x", "KeyB", {}, "swap"),
        ("ü", "BracketLeft", {}, None),  # an own letter is no bracket
        ("ö", "Semicolon", {}, None),
        ("ı", "KeyI", {}, None),  # Turkish
        ("İ", "Quote", {"shift": True}, None),
        ("0", "Digit0", {"shift": True}, "fit"),  # French
        ("à", "Digit0", {}, "fit"),
        ("&", "Digit1", {}, "actual"),
        ("!", "Digit1", {"shift": True}, None),  # American
        ("é", "Digit2", {}, None),
        ("-", "Digit6", {}, "zoom_out"),  # French
        ("0", "Numpad0", {}, "fit"),
        ("Insert", "Numpad0", {}, None),  # without NumLock
        ("+", "NumpadAdd", {}, "zoom_in"),
    ],
)
def test_latin_letters_go_by_the_key_and_digits_by_both(key, code, more, expected):
    assert action(key, code, **more) == expected


@pytest.mark.parametrize(
    ("key", "code", "more", "expected"),
    [
        ("[", "Digit5", {"alt": True}, "smaller"),  # a German Mac
        ("]", "Digit6", {"alt": True}, "larger"),
        ("[", "Digit5", {"alt": True, "shift": True}, "smaller"),  # a French Mac
        ("[", "Digit8", {"alt_graph": True}, "smaller"),  # German, on Windows and Linux
        ("]", "Digit9", {"ctrl": True, "alt": True, "alt_graph": True}, "larger"),
        ("[", "Digit8", {"ctrl": True, "alt": True}, "smaller"),  # in older browsers
        ("[", "BracketLeft", {"alt_graph": True}, "smaller"),  # Swiss
        ("Ω", "KeyZ", {"alt": True}, None),  # Option makes characters of letters
        ("∫", "KeyB", {"alt": True}, None),
        ("ç", "KeyC", {"alt": True, "meta": True}, None),
        ("€", "KeyE", {"alt_graph": True}, None),
        ("μ", "KeyM", {"alt_graph": True}, None),
        ("“", "BracketLeft", {"alt": True}, None),  # an American Mac
        ("[", "BracketLeft", {"ctrl": True}, None),
    ],
)
def test_option_and_altgr_make_brackets_and_nothing_of_letters(key, code, more, expected):
    assert action(key, code, **more) == expected


@pytest.mark.parametrize(
    ("press", "single"),
    [
        (KeyPress("b"), True),
        (KeyPress("я", "KeyZ"), True),
        (KeyPress("لا", "KeyB"), True),
        (KeyPress("[", "Digit8", ctrl=True, alt=True), True),
        (KeyPress("z", ctrl=True), False),
        (KeyPress("Escape"), False),
    ],
)
def test_single_characters_can_be_distinguished(press, single):
    assert press.is_single == single
