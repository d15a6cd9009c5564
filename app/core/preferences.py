"""Choices that this device remembers. Where it cannot store them, as in some private windows, they last for a visit."""


class Preferences:
    """Texts by name."""

    def __init__(self, stored: dict, write) -> None:
        """`stored` is what was remembered, `write(name, value)` remembers more and must not raise."""
        self._values = stored
        self._write = write

    def get(self, name: str) -> str | None:
        """Return what was remembered, or None."""
        return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        """Remember a text."""
        self._values[name] = value
        self._write(name, value)

    def clear(self) -> None:
        """Forget everything in memory; what is stored is deleted by its owner."""
        self._values = {}
