"""The bar that says what is going on, in words and bytes."""

import js
from core.dom import by_id
from core.i18n import t
from core.units import Rate


class ProgressBar:
    """Shown while a photo is on its way."""

    def __init__(self, downloading, notice):
        """`downloading` are the buttons in it; `notice` says the stages to screen readers."""
        self._downloading, self._notice = downloading, notice
        self._stage = None  # the one that was named last
        self._box = by_id("progress")
        self._text = by_id("progress-text")
        self._bytes = by_id("progress-bytes")
        self._bar = by_id("progress-bar")
        self._rate = Rate(lambda: js.performance.now() / 1000)

    def show(self, stage, done=0, total=0):
        """Name the stage; with a total the bar fills, without one it only moves."""
        self._box.hidden = False
        self._downloading.show(stage, done, total)
        if stage != self._stage:
            self._stage = stage
            self._notice.announce(t("progress." + stage))
        self._text.textContent = t("progress." + ("paused" if self._downloading.paused else stage))
        if total:
            self._bar.max = total
            self._bar.value = done
            self._bytes.textContent = self._rate.text(done, total)
        else:
            self._bar.removeAttribute("value")
            self._bytes.textContent = ""

    def hide(self):
        """Nothing is going on."""
        self._box.hidden = True
        self._stage = None
