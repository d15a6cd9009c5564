"""Which scripts this device has letters of."""

from core.dom import element

_NO_LETTER = "\u0378"  # stands for none, so every font shows its sign for what it lacks
_SIDE = 24


class Fonts:
    """Draws letters where nobody sees them. In browsers that hide what a device has, it seems to have everything."""

    def __init__(self):
        self._canvas = element("canvas", width=_SIDE, height=_SIDE)
        self._context = self._canvas.getContext("2d")
        self._context.font = f"{_SIDE - 6}px sans-serif"
        self._lacking = self._drawn(_NO_LETTER)

    def has(self, letter):
        """Return whether a letter is shown as more than a sign for what the fonts lack."""
        return self._drawn(letter) != self._lacking

    def _drawn(self, letter):
        self._context.clearRect(0, 0, _SIDE, _SIDE)
        self._context.fillText(letter, 2, _SIDE - 6)
        return self._canvas.toDataURL()
