"""The choice of processor: automatic, or what the person wants. Remembered on this device."""

from core.i18n import say
from core.select import SavedSelect

_NAMES = ("auto", "webgpu", "wasm")


class BackendPicker:
    """A list, hidden where there is no graphics processor to choose."""

    def __init__(self, on_change):
        """`on_change()` is called when the person chooses another."""
        self._has_failed = False
        self._choice = SavedSelect("backend", "backend", lambda name: say("backend." + name), on_change)
        self._choice.offer(_NAMES, "auto")

    @property
    def chosen(self):
        """What the engine is told."""
        return "wasm" if self._has_failed else self._choice.value

    def offer(self, info):
        """Show the list where the engine found a graphics processor; `info` is its answer."""
        self._choice.box.hidden = not info.gpu

    def heed(self, notices):
        """A graphics processor that failed is left alone for this visit, by the next worker too."""
        self._has_failed = self._has_failed or "gpu-failed" in notices
