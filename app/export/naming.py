"""How saved files are named: after their photo, or by a pattern of a person's own, which this device remembers."""

from core.signals import Signal

from export.file_name import file_name

_KEY = "names"


class Naming:
    """One pattern for single photos and for batches."""

    def __init__(self, preferences):
        self._preferences = preferences
        self.changed = Signal()
        """Emitted when files may be named otherwise."""

    @property
    def pattern(self):
        """The pattern; empty where a person has none."""
        return self._preferences.get(_KEY) or ""

    def use(self, pattern):
        """Name files by a pattern from now on; an empty one leaves it to Offcut."""
        self._preferences.set(_KEY, pattern.strip())
        self.changed.emit()

    def name(self, photo_name, suffix, extension, number=1):
        """Return the name of a file, as `file_name` does."""
        return file_name(photo_name, suffix, extension, self.pattern, number)
