"""Which key does what. A key fires only where nobody is typing, and only with exactly its own modifiers."""

SHORTCUTS = (
    # (name of the action and of its text, keys as `KeyboardEvent.key`, with Ctrl or Command, with Shift)
    ("brush", ("b",), False, False),
    ("erase", ("e",), False, False),
    ("smaller", ("[",), False, False),
    ("larger", ("]",), False, False),
    ("hand", ("Escape",), False, False),
    ("fit", ("0",), False, False),
    ("actual", ("1",), False, False),
    ("zoom_in", ("+", "="), False, None),
    ("zoom_out", ("-", "_"), False, None),
    ("compare", ("c",), False, False),
    ("mask", ("m",), False, False),
    ("undo", ("z",), True, False),
    ("redo", ("z",), True, True),
    ("redo", ("y",), True, False),
    ("help", ("?",), False, None),
)
"""Shift is None where it only makes the character on some keyboards."""

HELD = ("space", "shift", "alt", "arrows", "paint")
"""What keys do while they are held; named in the list of shortcuts, handled where the pointer is."""

KEYS = {
    "brush": "B",
    "erase": "E",
    "smaller": "[",
    "larger": "]",
    "hand": "Esc",
    "fit": "0",
    "actual": "1",
    "zoom_in": "+",
    "zoom_out": "−",
    "compare": "C",
    "mask": "M",
    "undo": "Ctrl Z",
    "redo": "Ctrl Shift Z",
    "help": "?",
    "space": "Space",
    "shift": "Shift",
    "alt": "Alt",
    "arrows": "← ↑ → ↓",
    "paint": "Space",
}
"""How the list of shortcuts writes each."""


def action_of(key, command, shift, alt):
    """Name of the action of a key press, or None. `command`: Ctrl or Command is held."""
    if alt:
        return None
    low = key.lower() if len(key) == 1 else key
    for name, keys, with_command, with_shift in SHORTCUTS:
        if low in keys and command == with_command and (with_shift is None or shift == with_shift):
            return name
    return None


def is_single(key, command):
    """Whether this is one character alone, which a person can switch off (WCAG 2.1.4)."""
    return len(key) == 1 and not command


def is_typing(tag, kind, editable):
    """Whether an element takes the letters that are typed: `tag` and `kind` are its tag name and `type`, lower case."""
    if editable or tag in ("textarea", "select"):
        return True
    return tag == "input" and kind not in ("range", "radio", "checkbox", "color", "file", "button")
