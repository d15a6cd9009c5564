"""Presets: what a shop, an office or an app wants of a picture. The data is `models/presets.toml`."""

import json

from core.files import read_text
from core.i18n import t
from editor.settings import control_values

from offcut.protocol.formats import FILE_TYPES
from offcut.protocol.look import LOOK
from offcut.protocol.settings import PLACEMENT

PLAIN = "plain"
"""The preset that leaves the cutout as it is."""

FILE = "presets.json"
"""Written by the build (`tools.site.presets`)."""

OWN = "own"
"""The group of a person's own; their ids begin with it."""

GROUPS = ("cutout", OWN, "shop", "id", "size", "sticker", "social")
"""What presets are listed under, in this order."""


class Preset:
    """One entry of the data."""

    def __init__(self, id, data):
        self.id, self.group = id, data["group"]
        self.look = dict(LOOK)
        """What is made of a photo (`offcut.protocol.look`)."""

        self.look.update(data.get("look", {}))
        self._name = data.get("name", "")
        self._order = data["order"]
        self.source, self.checked = data.get("source", ""), data.get("checked", "")
        """The address of the page that the numbers are from, and the day on which that was read; both may be empty."""

        self.through = data.get("through", "")
        """Who has read that page, where it was not this project."""

        self.is_unaltered = data.get("unaltered", False)
        """Whether whoever wants the picture wants no changes in it."""

        self.head = data.get("head", ())
        """The least and the greatest height of a head from crown to chin, as parts of the canvas's height; or nothing.
        """

        self.eyes = data.get("eyes", ())
        """The lowest and the highest place of the eyes, as parts of the canvas's height from below; or nothing."""

    @property
    def title(self):
        """Its name, in the page's language unless a person gave it."""
        return self._name or t("preset." + self.id)

    @property
    def place(self):
        """What presets of a group are sorted by: documents by their names, the general one first."""
        return (self.id != "id", self.title) if self.is_of_document else (True, f"{self._order:04d}")

    @property
    def is_of_document(self):
        """Whether an office wants the picture."""
        return self.group in ("id", "size")

    @property
    def host(self):
        """Who has published the numbers: the first part of the source's address."""
        return self.source.split("/")[2] if self.source else ""

    @property
    def controls(self):
        """The values of the editor's controls by name."""
        look = self.look
        settings = {"edges": {}, "background": look["background"], "placement": PLACEMENT, "canvas": look["canvas"]}
        settings["border"], settings["recipe"] = look["border"], look["recipe"]
        shadow = look["shadow"]
        if isinstance(shadow, dict):
            settings["shadow"] = shadow
        values = control_values(settings, 1, 1)
        if not isinstance(shadow, dict):
            for kind in ("drop", "contact"):
                values["shadow." + kind] = shadow == kind
        values["save.size"], values["save.output"], values["save.format"] = "full", "cutout", look["format"]
        if FILE_TYPES[look["format"]].lossy:  # type: ignore[index]
            values["save.quality"] = look["quality"]
            values["save.limit"] = look["max_bytes"] // 1000 if look["max_bytes"] else 0  # type: ignore[operator]
        return values


def read_presets(data):
    """Return the presets of the data by id."""
    return {name: Preset(name, entry) for name, entry in data["presets"].items()}


def load_presets():
    """Return the presets of this site by id."""
    return read_presets(json.loads(read_text(FILE)))


def in_order(presets):
    """Return presets, a dictionary by id, as they are listed: MicroPython's dictionaries have no order."""
    return sorted(presets.values(), key=lambda preset: preset.place)


def preset_of(presets, value, first=PLAIN, has_file_type=True):
    """Return the preset that the controls say, `first` if it is one of them; None where they say none.

    Args:
        presets: the presets by id.
        value: `value(name)` returns the value of a control.
        first: the id of the preset that is looked at first.
        has_file_type: whether the file type has to be that of the preset, too. A plain cutout has any.
    """

    def is_shown(preset):
        is_any_type = preset.id == PLAIN or not has_file_type
        free = ("placement.", "save.") if is_any_type else ("placement.",)
        return all(name.startswith(free) or value(name) == wanted for name, wanted in preset.controls.items())

    if is_shown(presets[first]):
        return presets[first]
    return next((preset for preset in in_order(presets) if is_shown(preset)), None)
