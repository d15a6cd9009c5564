"""What a key press means, on any keyboard.

Letters go by the character that the key types, so that they are where a person's own keyboard has them. Where that is
none of ours (Cyrillic, Greek, Hebrew, Arabic, kana …) they go by the place of the key.
"""

SHORTCUTS = (
    # (name of the action and of its text, keys as `KeyboardEvent.key`, with Ctrl or Command, with Shift)
    ("brush", ("b",), False, False),
    ("erase", ("e",), False, False),
    ("swap", ("x",), False, False),
    ("smart", ("s",), False, False),
    ("smaller", ("[",), False, None),
    ("larger", ("]",), False, None),
    ("hand", ("Escape",), False, False),
    ("fit", ("0",), False, None),
    ("actual", ("1",), False, None),
    ("zoom_in", ("+", "="), False, None),
    ("zoom_out", ("-", "_"), False, None),
    ("compare", ("c",), False, False),
    ("mask", ("m",), False, False),
    ("undo", ("z",), True, False),
    ("redo", ("z",), True, True),
    ("redo", ("y",), True, False),
    ("open", ("o",), True, False),
    ("save", ("s",), True, False),
    ("copy", ("c",), True, False),
    ("help", ("?",), False, None),
)
"""Shift is None where it only makes the character on some keyboards; so do AltGr and Option for `SYMBOLS`."""

SYMBOLS = "[]+=-_?"

REPEATED = ("smaller", "larger", "zoom_in", "zoom_out", "undo", "redo")
"""What a key that is held goes on doing."""

ANYWHERE = ("open", "save")
"""What works in a text field, too: it has no use for these keys of its own."""

_PLACES = {"BracketLeft": "[", "BracketRight": "]", "Minus": "-", "Equal": "="}
for _letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
    _PLACES["Key" + _letter] = _letter.lower()
_WIDE = {"【": "[", "】": "]", "「": "[", "」": "]", "؟": "?", "–": "-", "—": "-"}


class KeyPress:
    """A key that goes down, with what is held."""

    def __init__(
        self,
        key,
        code="",
        ctrl=False,
        meta=False,
        shift=False,
        alt=False,
        alt_graph=False,
        is_repeated=False,
        is_composing=False,
    ):
        """
        Args:
            key, code: as in a `KeyboardEvent`.
            ctrl, meta, shift, alt, alt_graph: whether these are held; Option is Alt.
            is_repeated: whether the key is held and this comes of it.
            is_composing: whether an input method is composing a character.
        """
        self.key, self.code = key, code
        self.is_command, self.shift, self.alt = ctrl or meta, shift, alt
        self.is_repeated, self.is_composing = is_repeated, is_composing
        self._is_alt_graph = alt_graph or (ctrl and alt and not meta)  # as older browsers report AltGr

    @property
    def is_plain(self):
        """Whether neither Ctrl, Command, Alt nor AltGr is held."""
        return not (self.is_command or self.alt or self._is_alt_graph)

    @property
    def is_single(self):
        """Whether this is one character alone, which a person can switch off (WCAG 2.1.4)."""
        return not self._is_named and (self._is_alt_graph or not self.is_command)

    @property
    def action(self):
        """The name of the action, or None."""
        if not self.key:
            return None
        character = _own(self.key)
        if character in SYMBOLS and len(character) == 1:
            return _find(character, self.is_command and not self._is_alt_graph, self.shift)
        if self.alt or self._is_alt_graph:
            return None  # what Option and AltGr make of a letter is a character of its own
        if character and not self._is_named:
            character = character.lower()
        action = _find(character, self.is_command, self.shift) if character else None
        if action or self._is_named:
            return action
        if not character and _is_foreign(self.key):
            if self.code == "Slash" and self.shift:
                return _find("?", self.is_command, True)
            character = _PLACES.get(self.code)
            if character:
                return _find(character, self.is_command, self.shift)
        if self.code.startswith("Digit") and not self.shift:  # French keyboards need Shift for digits
            return _find(self.code[5:], self.is_command, False)
        return None

    @property
    def _is_named(self):
        return len(self.key) > 1 and ord(self.key[0]) < 128


def _own(key):
    """Return a key of ours that is typed like this, or an empty text."""
    key = _WIDE.get(key, key)
    if len(key) == 1 and 0xFF01 <= ord(key) <= 0xFF5E:  # full width, as input methods type it
        key = chr(ord(key) - 0xFEE0)
    return key if key and ord(key[0]) < 128 else ""


def _is_foreign(key):
    """Whether a key types a character of another script. Accented letters are Latin; so is the Turkish dotless i."""
    code = ord(key[0])
    return code >= 0x0370 and not 0x1E00 <= code < 0x1F00 and not 0x2000 <= code < 0x2C80


def _find(character, is_command, shift):
    for name, keys, with_command, with_shift in SHORTCUTS:
        if character in keys and is_command == with_command and (with_shift is None or shift == with_shift):
            return name
    return None
