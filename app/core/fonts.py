"""Whether the device's fonts have a letter."""

from core.dom import element

_NO_LETTER = "\u0378"  # no letter has this number, so every font draws its sign for a missing one
_SIDE = 24


class Fonts:
    """Draws a letter on a canvas that is not shown, and compares it with the sign that stands for a missing one.

    Some browsers change what a canvas returns, so that sites cannot recognise a device. There every letter is found.
    """

    def __init__(self):
        self._canvas = element("canvas", width=_SIDE, height=_SIDE)
        self._context = self._canvas.getContext("2d")
        self._context.font = f"{_SIDE - 6}px sans-serif"
        self._lacking = self._drawn(_NO_LETTER)

    def has(self, letter):
        """Return whether the fonts have a letter."""
        return self._drawn(letter) != self._lacking

    def _drawn(self, letter):
        self._context.clearRect(0, 0, _SIDE, _SIDE)
        self._context.fillText(letter, 2, _SIDE - 6)
        return self._canvas.toDataURL()
