"""What a person sees and hears while the engine starts and a photo is cut out."""

from core.i18n import error_text, t
from core.tasks import spawn
from core.worker_client import EngineError

from photo.photo_flow import CANCELLED

PASSING = (
    "CodecDownloadError",
    "EngineDiedError",
    "EngineStartError",
    "InferenceError",
    "ModelDamagedError",
    "ModelDownloadError",
    "OutOfMemoryError",
    "SiteFileError",
)
"""Errors that the same photo may not meet the next time: of the network, of memory."""


class PhotoPresenter:
    """Follows photo and engine, and has notice, status line, progress and resume offer show what happens."""

    def __init__(self, flow, engine_start, worker, upgrade, backends, runtime, progress, status, notice, offer) -> None:
        """The arguments are objects of the classes `PhotoFlow`, `EngineStart`, `WorkerClient`, `AutoUpgrade`,
        `BackendPicker`, `RuntimeDownload`, `Progress`, `EngineStatus`, `Notice` and `ResumeOffer`."""
        self._flow, self._worker, self._upgrade, self._backends = flow, worker, upgrade, backends
        self._runtime, self._progress, self._status = runtime, progress, status
        self._notice, self._offer, self._engine_start = notice, offer, engine_start
        self._problems_shown: list[str] = []
        self._file = None  # of the newest photo
        self._says_nothing_found = False
        flow.started.connect(self._on_started)
        flow.progress.connect(self._on_progress)
        flow.shown.connect(lambda response, name, reopen: progress.hide())
        flow.finished.connect(self._on_finished)
        flow.refused.connect(self._on_refused)
        flow.closed.connect(self._on_closed)
        engine_start.starting.connect(status.starting)
        engine_start.running.connect(runtime.finish)
        engine_start.progress.connect(self._on_shared_progress)
        engine_start.ready.connect(self._on_ready)
        engine_start.stopped.connect(status.resting)
        engine_start.failed.connect(self._on_start_failed)
        runtime.progress.connect(self._on_shared_progress)
        upgrade.changed.connect(self._on_upgrade)
        progress.cancelled.connect(flow.cancel)
        progress.stage_changed.connect(lambda stage: notice.announce(progress.text))
        offer.accepted.connect(self.resume)
        worker.work_reported.connect(self._on_work_reported)

    def _on_started(self, file) -> None:
        self._file = file
        self._says_nothing_found = False
        self._upgrade.abandon()
        self._notice.clear()
        self._offer.withdraw()
        self._progress.can_cancel = self._flow.can_cancel
        if file is None:  # saved work, which the engine has at once
            self._progress.show("decode")
            return
        self._status.photo_chosen()
        self._progress.show("decode" if self._runtime.is_ready else "runtime")
        self._runtime.report()

    def _on_progress(self, stage: str, done: float, total: float, is_newest: bool) -> None:
        if is_newest:
            self._progress.show(stage, done, total)

    def _on_shared_progress(self, stage: str, done: float, total: float) -> None:
        """Show the progress of something that every photo waits for."""
        if self._flow.is_working:
            self._progress.show(stage, done, total)
        elif stage == "model" and done < total:
            self._status.loading(done, total)

    def _on_finished(self, response, file) -> None:
        self._upgrade.begin(response)
        self._status.finished()
        self._notice.announce(t("said.done", width=response.width, height=response.height))
        notices = list(response.notices)
        self._backends.heed(notices)
        text = notice_text(notices, response)
        self._says_nothing_found = "no-subject" in notices
        if text:
            self._notice.info(text)
        else:
            spawn(self._check_storage())

    def _on_upgrade(self) -> None:
        if self._says_nothing_found and self._upgrade.state == "done":  # a finer network has found something
            self._says_nothing_found = False
            self._notice.clear()

    def _on_refused(self, error) -> None:
        self._progress.hide()
        self._status.without_photo()
        if error.name == CANCELLED:
            self._notice.toast(t("said.cancelled"))
            if not self._worker.is_running:
                self._engine_start.begin()  # so that the next photo does not wait for it
        else:
            file = self._file
            self._show_error(error, (lambda: self._flow.choose(file)) if file and error.name in PASSING else None)
        if self._flow.current is None:
            self._offer.find()

    def _on_closed(self) -> None:
        self._upgrade.abandon()
        self._progress.hide()
        self._status.without_photo()
        self._offer.find()

    def _on_work_reported(self, key: str, name: str) -> None:
        if key == "refused":
            self._notice.toast(t("work." + key))
        else:
            self._notice.info(t("work." + key, name=name))

    def _on_ready(self, info) -> None:
        self._backends.show_for(info)
        self._status.ready(info)
        self._show_storage_problem(info)
        if self._flow.current is None:
            self._offer.find()

    def _on_start_failed(self, error) -> None:
        self._status.failed()
        self._show_error(error, self._engine_start.begin)

    def resume(self, work: str) -> None:
        """Continue with saved work."""
        spawn(self._resume(work))

    async def _resume(self, work: str) -> None:
        if await self._flow.restore(work):
            self._notice.announce(t("said.resumed"))

    async def _check_storage(self) -> None:
        try:
            self._show_storage_problem(await self._worker.info())
        except EngineError:
            pass  # the worker was stopped meanwhile

    def _show_storage_problem(self, info) -> None:
        """Say once that models cannot be cached here, and are downloaded again with the next visit."""
        problem = info.storage_problem
        if problem and problem not in self._problems_shown:
            self._problems_shown.append(problem)
            self._notice.info(t("download." + problem))

    def _show_error(self, error, again=None) -> None:
        if error.name == "DownloadCancelledError":  # the person wanted that
            self._notice.info(error_text(error))
        else:
            self._notice.error(error_text(error), error, again)


def notice_text(notices: list, response) -> str:
    """Return everything that is worth knowing about a finished photo, or an empty text.

    Args:
        notices: the engine's.
        response: that of `open_photo`.
    """
    texts = []
    if "gpu-failed" in notices:
        texts.append(t("backend.failed"))
    elif "gpu-differs" in notices:
        texts.append(t("backend.differs"))
    if "own-shape" in notices:
        texts.append(t("said.own"))
    if "no-subject" in notices:
        texts.append(t("said.no_subject"))
    if "incomplete" in notices:
        texts.append(t("said.incomplete"))
    if "reduced" in notices:
        texts.append(t("backend.reduced", width=response.width, height=response.height))
    if "animated" in notices:
        texts.append(t("said.animated"))
    return " ".join(texts)
