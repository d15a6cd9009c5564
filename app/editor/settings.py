"""From the values of the controls to the settings that the worker understands (`offcut.editing`), and back."""

from editor.geometry import clamp
from offcut.protocol.settings import (
    BACKGROUND_KIND,
    BACKGROUNDS,
    BORDER,
    CANVAS_FITS,
    CONTACT_SHADOW,
    DROP_SHADOW,
    EDGES,
    HEAD,
    MAX_BLUR,
    MAX_EDGE,
    PLACEMENT,
)

LENGTHS = {
    "edges.grow": MAX_EDGE,
    "edges.feather": MAX_EDGE,
    "shadow.distance": MAX_BLUR,
    "shadow.blur": MAX_BLUR,
    "shadow.contact_blur": MAX_BLUR,
}
"""The largest value in pixels of each control that holds a part of the photo's longer side."""


RECIPE = ("name", "source")
"""Fields of a recipe."""


_OF_FIT = {"subject": ("margin",), "head": tuple(HEAD)}
"""Fields of the canvas that count for each fit."""


def assemble(value, width, height, image=0):
    """Return the settings for `value(name)`, the value of a control. Those that leave the result alone are left out.

    Args:
        value: function of a control's name.
        width, height: of the photo, in pixels.
        image: the number of the background's image; while there is none, 0, there is no background of that kind.
    """

    def in_pixels(name):
        if name not in LENGTHS:
            return value(name)
        return clamp(round(value(name) * max(width, height), 2), -LENGTHS[name], LENGTHS[name])

    settings = {"edges": _edges(in_pixels), "background": _background(value, image)}
    shadow = _shadow(in_pixels)
    if shadow:
        settings["shadow"] = shadow
    if value("border.shown"):
        settings["border"] = {name: value("border." + name) for name in BORDER}
    placement = {
        "x": round(value("placement.x") * width),  # whole pixels stay the very same ones
        "y": round(value("placement.y") * height),
        "scale": value("placement.scale"),
        "rotate": value("placement.rotate"),
    }
    if placement != PLACEMENT:
        settings["placement"] = placement
    canvas = _canvas(value)
    if canvas:
        settings["canvas"] = canvas
    if value("recipe.source"):
        settings["recipe"] = {name: value("recipe." + name) for name in RECIPE}
    return settings


def look_settings(value):
    """Return the settings that a preset has, whatever the photo: lengths of shadows are parts of its longer side."""
    return {
        "background": _background(value, 0),
        "border": {name: value("border." + name) for name in BORDER} if value("border.shown") else None,
        "canvas": _canvas(value) or {},
        "shadow": _shadow(value) or "none",
        "recipe": {name: value("recipe." + name) for name in RECIPE} if value("recipe.source") else None,
    }


def changes_result(settings):
    """Return whether these settings make anything else of the photo than the plain cutout."""
    return settings != {"edges": EDGES, "background": {"kind": BACKGROUND_KIND}}


def _edges(value):
    return {name: value("edges." + name) for name in EDGES}


def _background(value, image):
    kind = value("background.kind")
    if kind == "image" and not image:
        kind = BACKGROUND_KIND
    background = {name: value("background." + name) for name in BACKGROUNDS[kind]}
    background["kind"] = kind
    if kind == "image":
        background["image"] = image
    return background


def _shadow(value):
    shadow = {}
    if value("shadow.drop"):
        shadow["drop"] = {name: value("shadow." + name) for name in DROP_SHADOW}
    if value("shadow.contact"):
        shadow["contact"] = {name: value("shadow.contact_" + name) for name in CONTACT_SHADOW}
    return shadow


def _canvas(value):
    preset = value("canvas.preset")
    if preset == "photo":
        return None
    if preset == "crop":
        return {"crop": True, "margin": value("canvas.margin")}
    fit = value("canvas.fit")
    canvas = {"fit": fit}
    for name in _OF_FIT.get(fit, ()):
        canvas[name] = value("canvas." + name)
    if preset == "own":
        canvas["width"], canvas["height"] = int(value("canvas.width")), int(value("canvas.height"))
        if value("canvas.dpi"):
            canvas["dpi"] = int(value("canvas.dpi"))
    else:
        canvas["aspect"] = preset
    return canvas


def control_values(settings, width, height):
    """Return the values of the controls by name for saved settings: the inverse of `assemble`."""
    background = settings["background"]
    values = {"background." + name: background[name] for name in ("kind",) + BACKGROUNDS[background["kind"]]}
    for name, value in settings["edges"].items():
        values["edges." + name] = value
    shadow = settings.get("shadow", {})
    for kind, prefix in (("drop", "shadow."), ("contact", "shadow.contact_")):
        values["shadow." + kind] = bool(shadow.get(kind))
        for name, value in (shadow.get(kind) or {}).items():
            values[prefix + name] = value
    border = settings.get("border") or {}
    values["border.shown"] = bool(border)
    for name, value in border.items():
        values["border." + name] = value
    for name in LENGTHS:
        if name in values:
            values[name] = values[name] / max(width, height)
    placement, canvas = settings["placement"], settings.get("canvas", {})
    values["placement.x"], values["placement.y"] = placement["x"] / width, placement["y"] / height
    values["placement.scale"], values["placement.rotate"] = placement["scale"], placement["rotate"]
    if canvas.get("width"):
        values["canvas.preset"] = "own"
        values["canvas.width"], values["canvas.height"] = canvas["width"], canvas["height"]
        values["canvas.dpi"] = canvas.get("dpi") or 0
    elif canvas.get("crop"):
        values["canvas.preset"] = "crop"
    else:
        values["canvas.preset"] = canvas.get("aspect") or "photo"
    for name in _OF_FIT["subject"] if canvas.get("crop") else _OF_FIT.get(canvas.get("fit"), ()):
        values["canvas." + name] = canvas[name]
    if values["canvas.preset"] not in ("photo", "crop"):
        values["canvas.fit"] = canvas.get("fit", CANVAS_FITS[0])
    recipe = settings.get("recipe") or {}
    for name in RECIPE:
        values["recipe." + name] = recipe.get(name, "")
    return values
