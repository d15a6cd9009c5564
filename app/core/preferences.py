"""What this device remembers of a person's choices. A private window forgets: a choice then holds for the visit."""

import js

_PREFIX = "offcut-"


def recall(name):
    """What was remembered under that name, or None."""
    try:
        return js.localStorage.getItem(_PREFIX + name)
    except Exception:
        return None


def remember(name, value):
    """Remember a text under that name."""
    try:
        js.localStorage.setItem(_PREFIX + name, value)
    except Exception:
        pass
