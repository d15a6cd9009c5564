"""What the next photos are for, and what the photo in the editor is made into."""

from core.signals import Signal

from presets.preset import PLAIN, preset_of


class PresetChoice:
    """One preset is chosen for every photo that comes; the page's address names it."""

    def __init__(self, presets, address, editor):
        """
        Args:
            presets: the `Preset`s by id.
            address: an object with `read()`, which returns what stands behind the `#`, and `write(text)`.
            editor: an object with `is_open`, `value(name)`, `use_preset(controls)` and `use_file_type(controls)`.
        """
        self._presets, self._address, self._editor = presets, address, editor
        self.chosen = presets[PLAIN]
        """The preset for the photos that come."""

        self.changed = Signal()
        """Emitted when another is chosen."""

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

    def _choose(self, id):
        self.chosen = self._presets[id]
        self._editor.use_file_type(self.chosen.controls)
        self.changed.emit()
