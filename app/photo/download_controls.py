"""Pause, go on and cancel, beside the progress of a model's download."""

import asyncio

from core.dom import by_id, on
from core.i18n import on_language_change, t
from core.worker_client import EngineError


class DownloadControls:
    """The two buttons of the progress box; seen only while bytes of a model are on their way."""

    def __init__(self, engine):
        self._engine = engine
        self._box = by_id("progress-choices")
        self._pause = by_id("progress-pause")
        self._cancel = by_id("progress-cancel")
        self._text = by_id("progress-text")
        self.paused = False
        on(self._pause, "click", lambda event: self._pause_or_resume())
        on(self._cancel, "click", lambda event: self._press(engine.cancel_download, False))
        on_language_change(self._label)
        self.hide()

    def show(self, stage, done, total):
        """Be there while the model's download can be stopped."""
        if stage == "model" and done < total:
            self._box.hidden = False
        else:
            self.hide()

    def hide(self):
        """There is nothing to stop."""
        self._box.hidden = True
        self._mark(False)

    def _pause_or_resume(self):
        call = self._engine.resume_download if self.paused else self._engine.pause_download
        self._press(call, not self.paused)

    def _press(self, call, paused):
        self._mark(paused)
        self._text.textContent = t("progress." + ("paused" if self.paused else "model"))
        asyncio.create_task(self._send(call))

    async def _send(self, call):
        try:
            await call()
        except EngineError:
            pass  # whoever waits for the download is told

    def _mark(self, paused):
        self.paused = paused
        self._label()

    def _label(self):
        self._pause.textContent = t("download.resume" if self.paused else "download.pause")
        self._cancel.textContent = t("download.cancel")
