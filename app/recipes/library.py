"""The recipes to choose from: samples, and those of the person, which this device keeps."""

import json

from core.files import read_text
from core.log import log
from core.signals import Signal

from offcut.protocol.recipes import SAMPLES

MOST = 20
"""So many recipes of the person are kept; the oldest goes first."""

_KEY = "recipes"


class Library:
    """Texts by the name of their file."""

    def __init__(self, preferences, read_sample):
        """
        Args:
            preferences: the `Preferences`.
            read_sample: function that returns the text of the sample of a name.
        """
        self._preferences, self._read_sample = preferences, read_sample
        self._own = _read(preferences.get(_KEY))
        self.changed = Signal()
        """Emitted when there are others."""

    @property
    def own(self):
        """The names of the person's recipes, the newest first."""
        return [name for name, _ in self._own]

    @property
    def samples(self):
        """The names of the samples' files, as far as the person has none of that name."""
        return [name + ".py" for name in SAMPLES if name + ".py" not in self.own]

    def is_own(self, name):
        """Return whether a recipe is the person's."""
        return name in self.own

    def source(self, name):
        """Return the text of a recipe, or None."""
        for own, source in self._own:
            if own == name:
                return source
        sample = sample_of(name)
        return self._read_sample(sample) if sample else None

    def keep(self, name, source):
        """Keep a recipe on this device, instead of any of its name. A sample as it is needs no keeping."""
        sample = sample_of(name)
        if sample and source == self._read_sample(sample):
            self.delete(name)
            return
        self._store([(name, source)] + [pair for pair in self._own if pair[0] != name])

    def delete(self, name):
        """Delete a recipe of the person's."""
        if self.is_own(name):
            self._store([pair for pair in self._own if pair[0] != name])

    def _store(self, own):
        self._own = own[:MOST]
        self._preferences.set(_KEY, json.dumps(self._own))
        self.changed.emit()


def sample_of(name):
    """Return the sample that a file's name stands for, or None."""
    stem = name.rsplit(".", 1)[0]
    return stem if stem in SAMPLES else None


def read_sample(name):
    """Return the text of a sample."""
    return read_text(f"recipes/samples/{name}.py")


def _read(text):
    """Return pairs of name and text; what this device remembers may have been changed by others."""
    try:
        pairs = json.loads(text) if text else []
        return [(name, source) for name, source in pairs if isinstance(name, str) and isinstance(source, str)]
    except (TypeError, ValueError) as error:
        log.info("The recipes of this device cannot be read: " + str(error))
        return []
