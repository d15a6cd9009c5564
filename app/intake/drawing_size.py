"""How large an SVG drawing is meant to be, from what its first element says (SVG 2, 8.2 and 8.9)."""

USUAL = 2048
"""Longer side in pixels that a drawing gets unless a person wants another."""

LONGEST = 8192
"""Longest side that is offered: canvases of many browsers end at 67 million pixels or 16,384 a side."""

_PIXELS = {"": 1, "px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72, "pc": 16}
"""Pixels of CSS in a unit."""

_DEFAULT = 300.0, 150.0
"""What browsers take where nothing is said."""


def sides_of(width, height, view_box):
    """Return width and height of a drawing, in pixels of CSS, of which only the proportions count.

    Args:
        width, height: the attributes, None or any text.
        view_box: the attribute ``viewBox``, None or any text.
    """
    across, down = _length(width), _length(height)
    if across and down:
        return across, down
    box = _numbers(view_box)
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return box[2], box[3]
    return across or _DEFAULT[0], down or _DEFAULT[1]


def fitted(sides, longest):
    """Return whole pixels, at least one a side, of these proportions with that longer side."""
    scale = longest / max(sides)
    return max(1, round(sides[0] * scale)), max(1, round(sides[1] * scale))


def _length(text):
    """Return a length in pixels; None for one that depends on the page, and for what is none."""
    text = (text or "").strip().lower()
    end = len(text)
    while end and (text[end - 1].isalpha() or text[end - 1] == "%"):
        end -= 1
    found = _numbers(text[:end])
    factor = _PIXELS.get(text[end:])
    return found[0] * factor if len(found) == 1 and factor and 0 < found[0] < 1e9 else None


def _numbers(text):
    """Return the numbers of a text, none where something else is among them."""
    try:
        return [float(part) for part in (text or "").replace(",", " ").split()]
    except ValueError:
        return []
