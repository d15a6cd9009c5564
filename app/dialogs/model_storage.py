"""What can be done about the models on this device, and deleting everything."""

from core.i18n import error_text, t
from core.signals import Signal
from core.timing import timing
from core.units import Rate, size
from core.worker_client import EngineError

ACTIONS = ("download", "pause", "resume", "cancel", "edit", "delete")


def actions_for(model) -> tuple:
    """Return which of `ACTIONS` are possible for a model of `list_models`."""
    if model.is_downloading:
        return ("resume" if model.is_paused else "pause", "cancel")
    found = () if model.is_cached else ("download",)
    if model.is_own and model.is_cached:
        found += ("edit",)
    return found + (("delete",) if model.cached_bytes else ())


def state_text(model) -> str:
    """Return how much of a model is on this device; empty while the progress of its download says it."""
    if model.is_downloading:
        return t("download.paused") if model.is_paused else ""
    key = "storage.whole" if model.is_cached else "storage.some" if model.cached_bytes else "storage.absent"
    return t(key, size=size(model.bytes), kept=size(model.cached_bytes))


class ModelStorage:
    """Does what the buttons of the storage dialog say."""

    def __init__(self, worker, delete_stored, now) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            delete_stored: coroutine function that deletes everything Offcut has stored on this device.
            now: function that returns seconds.
        """
        self._worker, self._delete_stored, self._now = worker, delete_stored, now
        self._calls = {
            "pause": worker.pause_download,
            "resume": worker.resume_download,
            "cancel": worker.cancel_download,
        }
        self.deleted = Signal()
        """Emitted after everything was deleted."""

        self._asked = None  # when the person was asked whether really everything should be deleted
        self.message = Signal()
        """Emitted with a text for the person."""

        self.edited = Signal()
        """Emitted with the id of a network of a person's own whose description is to be changed."""

        self.removed = Signal()
        """Emitted after a model was deleted."""

        self.progress = Signal()
        """Emitted with (id, text, done, total) while a model is downloaded."""

        self.asked = Signal()
        """Emitted with whether the person is being asked whether really everything should be deleted."""

    async def run(self, action: str, id: str) -> None:
        """Do one of `ACTIONS` for a model."""
        try:
            if action == "download":
                await self._download(id)
            elif action == "edit":
                self.edited.emit(id)
            elif action == "delete":
                response = await self._worker.delete_model(id)
                self.message.emit(t("storage.freed", size=size(response.freed_bytes)))
                self.removed.emit()
            else:
                await self._calls[action](id)
        except EngineError as error:
            self.message.emit(error_text(error))

    async def _download(self, id: str) -> None:
        rate = Rate(self._now)

        def on_progress(stage: str, done: float, total: float) -> None:
            self.progress.emit(id, rate.text(done, total), done, total)

        self.message.emit("")
        response = await self._worker.cache_model(id, on_progress=on_progress)
        if response.storage_problem:
            self.message.emit(t("download." + response.storage_problem))

    def reset(self) -> None:
        """The dialog was opened: nothing is asked."""
        self._ask(False)

    async def delete_everything(self) -> None:
        """Ask first; when pressed again, delete everything. The second press of a double click is ignored."""
        if self._asked is None:
            self._ask(True)
            return
        if self._now() - self._asked < timing.confirm_delay:
            return
        try:
            await self._worker.cancel_download()
        except EngineError:
            pass  # the worker was stopped, and its downloads with it
        await self._delete_stored()
        self._ask(False)
        self.deleted.emit()
        self.message.emit(t("storage.everything.done"))

    def _ask(self, is_asking: bool) -> None:
        self._asked = self._now() if is_asking else None
        self.asked.emit(is_asking)
