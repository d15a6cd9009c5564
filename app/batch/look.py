"""From the fields of the look to what the worker understands (`offcut.protocol.look`), and back."""

from offcut.protocol.look import LOOK

WHITE = "#ffffff"

OWN_SHADOW = "own"
"""A shadow with values of its own."""

_SHAPES = ("1:1", "4:5", "3:4", "3:2", "16:9", "9:16")

DEFAULTS = {
    "background": "transparent",
    "colour": "#f2f2f0",
    "canvas": "photo",
    "margin": 10,
    "width": 2000,
    "height": 2000,
    "shadow": "none",
    "border": 0,
    "border_colour": WHITE,
    "format": "png",
    "quality": 90,
    "limit": 0,
    "recipe": None,
}
"""Fields and what they are at first. Colours are texts such as `#ffffff`; margin, border and quality are per cent; the
limit of a file is in kilobytes, 0 for none."""


def look_of(values) -> dict:
    """Return the look for these values of the fields."""
    return {
        "background": _background(values),
        "canvas": _canvas(values),
        "shadow": values["shadow"],
        "border": _border(values),
        "format": values["format"],
        "quality": values["quality"],
        "max_bytes": values["limit"] * 1000 or None,
        "recipe": values["recipe"],
    }


def values_of(look) -> dict:
    """Return the values of the fields for a look: the inverse of `look_of`."""
    values = dict(DEFAULTS)
    background, canvas = look["background"], look["canvas"]
    values["background"] = background["kind"]
    if background["kind"] == "colour":
        is_white = background["colour"] == WHITE
        values["background"] = "white" if is_white else "colour"
        if not is_white:
            values["colour"] = background["colour"]
    if "margin" in canvas:
        values["margin"] = round(canvas["margin"] * 100)
    if canvas.get("crop"):
        values["canvas"] = "crop"
    elif "aspect" in canvas:
        values["canvas"] = canvas["aspect"]
    elif "width" in canvas:
        values["canvas"], values["width"], values["height"] = "own", canvas["width"], canvas["height"]
    if look.get("border"):
        values["border"], values["border_colour"] = round(look["border"]["width"] * 100), look["border"]["colour"]
    values["shadow"] = look["shadow"] if isinstance(look["shadow"], str) else OWN_SHADOW
    for name in ("format", "quality"):
        values[name] = look[name]
    values["limit"] = (look.get("max_bytes") or 0) // 1000
    values["recipe"] = look.get("recipe")
    return values


def changed_look(look, before, values) -> dict:
    """Return a look with what a person has changed in the fields. What they cannot say, such as a gradient, stays.

    Args:
        look: the look that the fields were set to.
        before: the values that they had then.
        values: those that they have.
    """
    old, new = look_of(before), look_of(values)
    return {name: look.get(name, LOOK[name]) if new[name] == old[name] else new[name] for name in new}


def _background(values) -> dict:
    kind = values["background"]
    if kind == "white":
        return {"kind": "colour", "colour": WHITE}
    if kind == "colour":
        return {"kind": "colour", "colour": values["colour"]}
    return {"kind": kind}


def _border(values):
    return {"width": values["border"] / 100, "colour": values["border_colour"]} if values["border"] else None


def _canvas(values) -> dict:
    """Canvases of a shape or size hold the whole subject in their middle, with the margin."""
    kind, margin = values["canvas"], values["margin"] / 100
    if kind == "crop":
        return {"crop": True, "margin": margin}
    if kind in _SHAPES:
        return {"aspect": kind, "fit": "subject", "margin": margin}
    if kind == "own":
        width, height = int(values["width"]), int(values["height"])
        return {"width": width, "height": height, "fit": "subject", "margin": margin}
    return {}
