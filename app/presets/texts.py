"""What is said of a preset."""

from core.i18n import t

from offcut.protocol.formats import FILE_TYPES
from presets.preset import GROUPS, in_order

_WHITE = "#ffffff"


def describe(preset):
    """Return what the preset makes of a photo: size, background, file type."""
    look = preset.look
    canvas, background = look["canvas"], look["background"]
    parts = []
    if "width" in canvas:
        parts.append(t("save.pixels", width=canvas["width"], height=canvas["height"]))
    kind = t("background." + background["kind"])
    if background.get("colour") == _WHITE:
        kind = t("look.white")
    elif background["kind"] != "transparent":
        kind = t("tool.background") + ": " + kind
    parts.append(kind)
    parts.append(FILE_TYPES[look["format"]].title)
    return " · ".join(parts)


def origin(preset):
    """Return where the numbers are from, or nothing."""
    if not preset.source:
        return ""
    unchecked = "preset.size_alone" if preset.group == "size" else "preset.unchecked"
    host = preset.host + " (" + preset.through + ")" if preset.through else preset.host
    text = t(unchecked, host=host)
    if preset.checked:
        text = t("preset.checked", host=host, day=preset.checked)
    return text + " " + t("preset.unaltered") if preset.is_unaltered else text


def grouped(presets):
    """Return pairs of a group and its presets, as they are listed."""
    ordered = in_order(presets)
    found = [(group, [preset for preset in ordered if preset.group == group]) for group in GROUPS]
    return [(group, listed) for group, listed in found if listed]
