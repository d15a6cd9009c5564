"""The choice of processor: automatic, or what the person wants. Remembered on this device."""

import js
from dom import by_id, document, on
from words import say, when_translated

_KEY = "offcut-backend"
_NAMES = ("auto", "webgpu", "wasm")


class Backends:
    """A list, hidden where there is no graphics processor to choose."""

    def __init__(self, on_change):
        """`on_change()` is called when the person chooses another."""
        self._box = by_id("backend")
        self._list = by_id("backend-list")
        self._has_failed = False
        remembered = _remembered()
        for name in _NAMES:
            option = document.createElement("option")
            option.value = name
            option.selected = name == remembered
            self._list.append(option)
        when_translated(self._name)
        self._name()
        on(self._list, "change", lambda event: self._choose(on_change))

    @property
    def chosen(self):
        """What the engine is told."""
        return "wasm" if self._has_failed else self._list.value

    def offer(self, info):
        """Show the list where the engine found a graphics processor; `info` is its answer."""
        self._box.hidden = not info.gpu

    def heed(self, notices):
        """A graphics processor that failed is left alone for this visit, by the next worker too."""
        self._has_failed = self._has_failed or "gpu-failed" in notices

    def _name(self):
        for option in self._list.options:
            option.textContent = say("backend." + option.value)

    def _choose(self, on_change):
        try:
            js.localStorage.setItem(_KEY, self._list.value)
        except Exception:
            pass  # a private window forgets; the choice holds for this visit
        on_change()


def _remembered():
    try:
        return js.localStorage.getItem(_KEY)
    except Exception:
        return None
