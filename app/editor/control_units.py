"""What the position of a slider means. `data-unit` in index.html names the unit of each.

All percentages are parts of 1. Of a length such as a shadow's blur, 1 is the photo's longer side (`editor.settings`).
"""

import math

from offcut.protocol.brush import MAX_SIZE, MIN_SIZE

FORMATS = {
    "%": "{:.0f} %",
    "share": "{:+.0f} %",
    "°": "{:.0f}°",
    "px": "{:g} px",
    "part": "{:.1f} %",
    "fine": "{:.2f} %",
    "log": "{:.0f} px",
    "area": "{:.0f} px²",
}


def size_of(position):
    """Return the diameter in pixels for a slider at 0 to 100: each step is the same factor."""
    return MIN_SIZE * (MAX_SIZE / MIN_SIZE) ** (position / 100)


def slider_of(size):
    """Return where the slider stands for a diameter."""
    size = min(MAX_SIZE, max(MIN_SIZE, size))
    return 100 * math.log(size / MIN_SIZE) / math.log(MAX_SIZE / MIN_SIZE)


def area_of(position):
    """Return the pixels of a speck for a slider at 0 to 100: 1 to 100,000, each step the same factor."""
    return round(10 ** (position / 20))


_PERCENT = "%", "share", "part", "fine"
_VALUES = {"log": size_of, "area": area_of}


def value_of(unit, position):
    """Return the value of a slider or field at a position."""
    if unit in _PERCENT:
        return position / 100
    convert = _VALUES.get(unit)
    return convert(position) if convert else position


def position_of(unit, value):
    """Return where a slider stands for a value. Areas are never set by the page."""
    if unit == "log":
        return slider_of(value)
    return value * 100 if unit in _PERCENT else value


def number_of(text, low, high):
    """Return the whole number that is typed in a field; None where there is none, or not one from `low` to `high`."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if low <= number <= high and number == int(number) else None


def nearest_number(text, low, high, default):
    """Return the whole number from `low` to `high` that is nearest to what is typed; `default` where that is none."""
    try:
        number = float(text)
    except ValueError:
        return default
    return int(min(max(number, low), high))


def label_of(unit, position):
    """Return the text that is shown for a slider at a position."""
    shown = value_of(unit, position) if unit in ("log", "area") else position
    return FORMATS.get(unit, "{:.0f}").format(shown).replace("+0 ", "0 ")
