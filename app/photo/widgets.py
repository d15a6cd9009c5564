"""The elements that show how far a photo is. Each follows an object that has the state and the texts."""

from core.dom import by_id, on
from core.i18n import on_language_change, t


class StatusLine:
    """Shows an `EngineStatus`."""

    def __init__(self, status):
        self._status = status
        self._line = by_id("status")
        status.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        if self._status.text:
            self._line.dataset.state = self._status.state
            self._line.textContent = self._status.text


class ProgressBox:
    """Shows a `Progress`: a bar, its figures, and two buttons while a model is downloaded."""

    def __init__(self, progress):
        self._progress = progress
        self._box, self._text, self._bytes = by_id("progress"), by_id("progress-text"), by_id("progress-bytes")
        self._bar, self._buttons = by_id("progress-bar"), by_id("progress-choices")
        self._pause, self._cancel = by_id("progress-pause"), by_id("progress-cancel")
        on(self._pause, "click", lambda event: progress.press_pause())
        on(self._cancel, "click", lambda event: progress.press_cancel())
        progress.changed.connect(self._show)
        on_language_change(self._show)
        self._show()

    def _show(self):
        progress = self._progress
        self._box.hidden = not progress.stage
        self._buttons.hidden = not progress.can_stop
        self._pause.textContent, self._cancel.textContent = progress.pause_label, t("download.cancel")
        self._text.textContent, self._bytes.textContent = progress.text, progress.bytes_text
        if progress.total:
            self._bar.max, self._bar.value = progress.total, progress.done
        else:
            self._bar.removeAttribute("value")


class UpgradeLine:
    """Shows an `AutoUpgrade`, and a button that stops it."""

    def __init__(self, upgrade):
        self._upgrade = upgrade
        self._box, self._text, self._stop = by_id("finer"), by_id("finer-text"), by_id("finer-stop")
        on(self._stop, "click", lambda event: upgrade.stop())
        upgrade.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        upgrade = self._upgrade
        self._box.hidden, self._stop.hidden = not upgrade.is_shown, not upgrade.can_stop
        if upgrade.state:
            self._text.textContent = t("finer." + upgrade.state, **upgrade.values)


class ResumeBox:
    """Shows a `ResumeOffer`. The saved work can also be discarded from the history panel."""

    def __init__(self, offer):
        self._offer = offer
        self._box = by_id("resume")
        on(by_id("resume-go"), "click", lambda event: offer.accept())
        for name in ("resume-away", "throw-away"):
            on(by_id(name), "click", lambda event: offer.discard())
        offer.changed.connect(self._show)

    def _show(self):
        self._box.hidden = not self._offer.is_shown
