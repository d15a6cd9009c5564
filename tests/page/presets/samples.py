"""The presets of the repository, and a page with one photo open or none."""

import json

from core.signals import Signal
from presets.preset import read_presets

from tests.page.editor.fakes import DEFAULTS
from tools.paths import CATALOGUE
from tools.site import presets

PRESETS = read_presets(json.loads(presets.files(CATALOGUE.parent)[presets.NAME]))


class Address:
    def __init__(self, text: str = "") -> None:
        self.text = text

    def read(self) -> str:
        return self.text

    def write(self, text: str) -> None:
        self.text = text


class Editor:
    """An editor whose controls are as they are at first."""

    def __init__(self, is_open: bool = False) -> None:
        self.is_open, self.values = is_open, dict(DEFAULTS)
        self.stepped = Signal()

    def value(self, name: str):
        return self.values[name]

    def use_preset(self, values: dict) -> None:
        assert set(values) <= set(self.values)
        self.values |= {name: value for name, value in values.items() if not name.startswith("save.")}

    def use_file_type(self, values: dict) -> None:
        self.values |= {name: value for name, value in values.items() if name.startswith("save.")}
