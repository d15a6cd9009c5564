"""Asks how large a drawing should be."""

import asyncio

from core.dom import by_id, on
from core.i18n import t

from intake.drawing_size import LONGEST, USUAL, fitted

_SHORTEST = 16


class DrawingDialog:
    """A dialog with the longer side in pixels, which it remembers for the visit."""

    def __init__(self):
        self._dialog, self._side, self._size = by_id("drawing"), by_id("drawing-side"), by_id("drawing-size")
        self._sides = (1, 1)
        self._closed = asyncio.Event()
        self._is_wanted = False
        self._side.min, self._side.max, self._side.value = str(_SHORTEST), str(LONGEST), str(USUAL)
        on(self._side, "input", lambda event: self._show())
        on(by_id("drawing-form"), "submit", self._submit)
        on(by_id("drawing-no"), "click", lambda event: self._dialog.close())
        on(self._dialog, "close", lambda event: self._closed.set())

    async def ask(self, sides):
        """Return the longer side that a person wants for a drawing of these proportions; None for no drawing."""
        if self._dialog.open:
            return None
        self._sides, self._is_wanted = sides, False
        self._show()
        self._closed.clear()
        self._dialog.showModal()
        self._side.select()
        await self._closed.wait()
        return self._longest() if self._is_wanted else None

    def _longest(self):
        try:
            return min(max(int(float(self._side.value)), _SHORTEST), LONGEST)
        except ValueError:  # the field is empty
            return USUAL

    def _show(self):
        width, height = fitted(self._sides, self._longest())
        self._size.textContent = t("save.pixels", width=width, height=height)

    def _submit(self, event):
        event.preventDefault()
        self._is_wanted = True
        self._dialog.close()
