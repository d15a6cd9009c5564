"""No shortcut fires while somebody types, or with other modifiers than its own."""

import pytest
from editor.shortcuts import KEYS, SHORTCUTS, action_of, is_single, is_typing


def test_no_two_actions_share_a_key():
    seen = [(key, command, shift) for _, keys, command, shift in SHORTCUTS for key in keys]
    assert len(seen) == len(set(seen))
    assert {name for name, *_ in SHORTCUTS} <= set(KEYS)


@pytest.mark.parametrize(
    ("pressed", "action"),
    [
        (("b", False, False, False), "brush"),
        (("B", False, False, False), "brush"),  # caps lock
        (("b", True, False, False), None),
        (("b", False, False, True), None),
        (("b", False, True, False), None),
        (("z", True, False, False), "undo"),
        (("Z", True, True, False), "redo"),
        (("y", True, False, False), "redo"),
        (("z", False, False, False), None),
        (("z", True, False, True), None),
        (("y", True, True, False), None),
        (("?", False, True, False), "help"),
        (("+", False, True, False), "zoom_in"),
        (("=", False, False, False), "zoom_in"),
        (("+", True, False, False), None),
        (("Escape", False, False, False), "hand"),
        (("q", False, False, False), None),
    ],
)
def test_a_key_with_exactly_its_modifiers(pressed, action):
    assert action_of(*pressed) == action


@pytest.mark.parametrize(
    ("element", "typing"),
    [
        (("input", "text", False), True),
        (("input", "number", False), True),
        (("input", "", False), True),
        (("textarea", "", False), True),
        (("select", "", False), True),
        (("div", "", True), True),
        (("input", "range", False), False),
        (("input", "radio", False), False),
        (("canvas", "", False), False),
        (("body", "", False), False),
        (("button", "button", False), False),
    ],
)
def test_where_letters_are_typed(element, typing):
    assert is_typing(*element) == typing


def test_single_characters_can_be_told_apart():
    assert is_single("b", False) and not is_single("z", True) and not is_single("Escape", False)
