"""The presets of a person, which this device keeps."""

import json

from core.log import log
from core.signals import Signal
from editor.settings import look_settings

from offcut.protocol.formats import FILE_TYPES
from offcut.protocol.presets import MAX_NAME, MOST, VERSION
from presets.preset import OWN, Preset

_KEY = "presets"

_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class OwnPresets:
    """Adds them to the presets of the project, and takes them away."""

    def __init__(self, preferences, presets):
        """
        Args:
            preferences: the `Preferences`.
            presets: the `Preset`s by id, all that there are to choose from.
        """
        self._preferences, self.presets = preferences, presets
        self.changed = Signal()
        """Emitted when there are others, or one has another name."""

        for entry in _read(preferences.get(_KEY)):
            self._put(*entry)

    @property
    def all(self):
        """The person's presets, in the order in which they were saved."""
        return sorted([it for it in self.presets.values() if it.group == OWN], key=lambda preset: preset.place)

    @property
    def is_full(self):
        """Whether no more can be kept."""
        return len(self.all) >= MOST

    def save(self, name, look):
        """Keep a look under a name, instead of any of that name. Returns whether it is kept: not where it is full."""
        name = name.strip()[:MAX_NAME]
        is_kept = self._take(name, look)
        if is_kept:
            self._store()
        return is_kept

    def add(self, pairs):
        """Keep pairs of a name and a look, as far as there is room. Returns how many are kept."""
        count = sum(1 for name, look in pairs if self._take(name, look))
        self._store()
        return count

    def rename(self, id, name):
        """Give a preset another name. Returns whether it has it: not an empty one, nor that of another."""
        name = name.strip()[:MAX_NAME]
        if not name or any(preset.title == name and preset.id != id for preset in self.all):
            return False
        self._put(id, name, self.presets[id].look)
        self._store()
        return True

    def delete(self, id):
        """Delete a preset."""
        del self.presets[id]
        self._store()

    def forget(self):
        """Take all of them away: what this device has kept is deleted by its owner."""
        for preset in self.all:
            del self.presets[preset.id]
        self.changed.emit()

    def text(self):
        """Return the text of a file with all of them, as `offcut.editing.presets` reads it."""
        entries = [{"name": preset.title, "look": preset.look} for preset in self.all]
        return json.dumps({"offcut": VERSION, "presets": entries})

    def _take(self, name, look):
        same = [preset.id for preset in self.all if preset.title == name]
        if not name or (self.is_full and not same):
            return False
        numbers = [int(preset.id.split("-")[1]) for preset in self.all]
        self._put(same[0] if same else f"{OWN}-{max(numbers + [0]) + 1}", name, look)
        return True

    def _put(self, id, name, look):
        self.presets[id] = Preset(id, _data(id, name, look))

    def _store(self):
        self._preferences.set(_KEY, json.dumps([[preset.id, preset.title, preset.look] for preset in self.all]))
        self.changed.emit()


def look_of(value):
    """Return the look that the editor's controls say; None where the background is a picture of the person's own.

    Args:
        value: `value(name)` returns the value of a control.
    """
    if value("background.kind") == "image":
        return None
    look = look_settings(value)
    look["format"], look["quality"] = value("save.format"), int(value("save.quality"))
    is_limited = FILE_TYPES[look["format"]].lossy and value("save.limit")
    look["max_bytes"] = int(value("save.limit")) * 1000 if is_limited else None
    return look


def _data(id, name, look):
    return {"group": OWN, "order": int(id.split("-")[1]), "name": name, "look": look}


def _read(text):
    """Return id, name and look of each; what this device remembers may have been changed by others."""
    found = []
    try:
        for entry, name, look in json.loads(text) if text else []:
            group, number = entry.split("-")
            if group == OWN and int(number) and Preset(entry, _data(entry, name + "", look)).controls:
                found.append((entry, name, look))
    except _MALFORMED as error:
        log.info("Presets of this device cannot be read: " + str(error))
    return found[:MOST]
