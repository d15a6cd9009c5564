"""What the next photos are for, and what the photo in the editor is made into."""

from core.signals import Signal

from presets.preset import PLAIN, preset_of

_FILE_TYPE = ("save.size", "save.output", "save.format", "save.quality", "save.limit")


class PresetChoice:
    """One preset is chosen for every photo that comes; the page's address names it."""

    def __init__(self, presets, address, editor):
        """
        Args:
            presets: the `Preset`s by id.
            address: an object with `read()`, which returns what stands behind the `#`, and `write(text)`.
            editor: an object with `is_open`, `value(name)`, `use_preset(controls)`, `use_file_type(controls)` and the
                signal `stepped`.
        """
        self._presets, self._address, self._editor = presets, address, editor
        self.chosen = presets[PLAIN]
        """The preset for the photos that come."""

        self.changed = Signal()
        """Emitted when another is chosen."""

        self._file_types = {}  # how files were saved when a preset was left, by its id
        editor.stepped.connect(self._on_stepped)
        self.follow()

    @property
    def shown(self):
        """The preset that the photo in the editor has now, or None."""
        return preset_of(self._presets, self._editor.value, self.chosen.id)

    @property
    def look(self):
        """The look that new photos get, None where they stay plain cutouts."""
        return None if self.chosen.id == PLAIN else self.chosen.look

    def follow(self):
        """Choose what the address names; one that names no preset changes nothing."""
        named = self._address.read() or PLAIN
        if named in self._presets and named != self.chosen.id:
            self._choose(named)

    def choose(self, id):
        """Choose a preset, also for the photo that is open."""
        self._address.write("" if id == PLAIN else id)
        self._choose(id)
        if self._editor.is_open:
            self._editor.use_preset(self.chosen.controls)

    def forget_missing(self):
        """The chosen preset may be deleted: photos to come stay plain then, and the open one stays as it is."""
        for name in list(self._file_types):
            if name not in self._presets:
                del self._file_types[name]
        if self.chosen.id not in self._presets:
            self._address.write("")
            self.chosen = self._presets[PLAIN]
        else:
            self.chosen = self._presets[self.chosen.id]
        self.changed.emit()

    def _on_stepped(self):
        """Where undo or redo has brought the look of a preset chosen before, files are saved as they were with it."""
        known = {self.chosen.id: self.chosen}
        for name in self._file_types:
            known[name] = self._presets[name]
        found = preset_of(known, self._editor.value, self.chosen.id, has_file_type=False)
        if found and found.id != self.chosen.id:
            self._address.write("" if found.id == PLAIN else found.id)
            self._choose(found.id, self._file_types[found.id])

    def _choose(self, id, file_type=None):
        before = self.chosen
        self._file_types[before.id] = {name: self._editor.value(name) for name in _FILE_TYPE}
        self.chosen = self._presets[id]
        self._editor.use_file_type(file_type or self.chosen.controls)
        self.changed.emit()
