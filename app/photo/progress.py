"""How far the photo on its way is, and the buttons that cancel it, or pause and cancel the download of a model."""

from core.i18n import t
from core.signals import Signal
from core.tasks import spawn
from core.units import Rate
from core.worker_client import EngineError


class Progress:
    """State of the progress box."""

    def __init__(self, worker, now) -> None:
        """`worker` is the `WorkerClient`, `now()` returns seconds."""
        self._worker = worker
        self._rate = Rate(now)
        self.stage = ""
        """The stage that is shown, empty while nothing is going on."""

        self.done = self.total = 0.0
        """Bytes, or 0 of 0 where the stage has no figure."""

        self.bytes_text = ""
        """Bytes, rate and time left, in the page's language."""

        self.is_paused = False
        """Whether the person has paused the download."""

        self.can_stop = False
        """Whether bytes of a model are on their way, which can be paused and cancelled."""

        self.can_cancel = False
        """Whether the photo can be given up."""

        self.cancelled = Signal()
        """Emitted when the person gives the photo up."""

        self.changed = Signal()
        """Emitted when any of these changes."""

        self.stage_changed = Signal()
        """Emitted with the name of a stage when it begins."""

    @property
    def text(self) -> str:
        """What is going on, in the page's language; empty while nothing is."""
        return t("progress." + ("paused" if self.is_paused else self.stage)) if self.stage else ""

    @property
    def pause_label(self) -> str:
        """What the first button says."""
        return t("download.resume" if self.is_paused else "download.pause")

    def show(self, stage: str, done: float = 0, total: float = 0) -> None:
        """Name the stage; the bar fills where there is a total, and only moves without one."""
        is_new = stage != self.stage
        self.stage, self.done, self.total = stage, done, total
        self.bytes_text = self._rate.text(done, total) if total else ""
        self._set_can_stop(stage == "model" and done < total)
        self.changed.emit()
        if is_new:
            self.stage_changed.emit(stage)

    def hide(self) -> None:
        """Nothing is going on."""
        self.stage, self.done, self.total, self.bytes_text = "", 0, 0, ""
        self._set_can_stop(False)
        self.changed.emit()

    def press_pause(self) -> None:
        """Pause the download, or continue it."""
        self._send(self._worker.resume_download if self.is_paused else self._worker.pause_download, not self.is_paused)

    def press_cancel(self) -> None:
        """Cancel the download where there is one, else the photo."""
        if self.can_stop:
            self._send(self._worker.cancel_download, False)
        else:
            self.cancelled.emit()

    def _set_can_stop(self, can_stop: bool) -> None:
        self.can_stop = can_stop
        if not can_stop:
            self.is_paused = False

    def _send(self, call, is_paused: bool) -> None:
        self.is_paused = is_paused
        self.changed.emit()
        spawn(_ignoring_refusal(call))


async def _ignoring_refusal(call) -> None:
    try:
        await call()
    except EngineError:
        pass  # the worker was stopped; whoever waits for the download gets the error
