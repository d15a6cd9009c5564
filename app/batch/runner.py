"""Has the photos of a batch cut out, a few at a time."""

from core.errors import internal_error
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError

from batch.batch import DONE

AT_ONCE = 3
"""Photos that the worker gets at a time: one in the network, one before it and one behind it (docs/decisions/0008)."""

OF_ALL = (
    "DownloadCancelledError",
    "EngineStartError",
    "ModelDamagedError",
    "ModelDownloadError",
    "NoRoomError",
    "SiteFileError",
    "UnsupportedBrowserError",
)
"""Errors that no photo is to blame for. The batch is paused, because every other photo would end in the same way."""

_MAX_STOPS = {"EngineStoppedError": 2, "EngineDiedError": 1, "OutOfMemoryError": 1}
"""As often may the worker have been stopped, or have ended, with a photo in it before that photo is refused."""


class BatchRunner:
    """Goes on by itself whenever a photo is waiting and nothing holds it."""

    def __init__(self, batch, worker, network, urls) -> None:
        """
        Args:
            batch: the `Batch`.
            worker: the `WorkerClient`.
            network: the `BatchNetwork`.
            urls: makes addresses of files (`create(blob)`) and frees them (`revoke(url)`).
        """
        self._batch, self._worker, self._network, self._urls = batch, worker, network, urls
        self._running: list = []  # the photos that the worker has
        self._stops: dict = {}  # how often the worker ended with a photo in it, by the photo's number
        self._holds: list = []
        self._is_starting = False
        self.failed = Signal()
        """Emitted with the `EngineError` that has paused the batch."""

        batch.changed.connect(self._go)
        network.upgraded.connect(lambda: self._improve(batch.of(DONE)))

    @property
    def is_held(self) -> bool:
        """Whether something holds it, besides a person's pause."""
        return bool(self._holds)

    @property
    def is_running(self) -> bool:
        """Whether the worker has photos of the batch."""
        return bool(self._running)

    def hold(self, reason: str) -> None:
        """Begin with no more photos for a reason, such as that the editor is open."""
        if reason not in self._holds:
            self._holds.append(reason)
            self._batch.changed.emit()

    def let_go(self, reason: str) -> None:
        """That reason is gone."""
        if reason in self._holds:
            self._holds.remove(reason)
            self._batch.changed.emit()

    def _go(self) -> None:
        batch = self._batch
        if batch.is_paused or self._holds or self._is_starting:
            return
        self._is_starting = True  # each start is a change of the batch, too
        for photo in batch.next():
            if self._may_begin(photo):
                self._running.append(photo)
                spawn(self._run(photo, batch.id, batch.start(photo)))
        self._is_starting = False

    def _may_begin(self, photo) -> bool:
        """Whether a photo that waits may be in work now. One with which the worker has ended is alone in it: it may be
        what the worker does not survive, and the others need not end with it again."""
        running = self._running
        if photo.number in self._stops or any(other.number in self._stops for other in running):
            return not running
        # Not while an earlier attempt is in work, which would write the same result.
        return len(running) < AT_ONCE and photo not in running

    async def _run(self, photo, id: str, attempt: int) -> None:
        try:
            await self._process(photo, id, attempt)
        except EngineError as error:
            self._on_error(photo, attempt, error)
        except Exception as error:  # a bug; the other photos go on
            log.error("A photo of a batch failed", cause=error)
            self._batch.refuse(photo, attempt, internal_error(error))
        finally:
            self._running.remove(photo)
            self._go()

    async def _process(self, photo, id: str, attempt: int) -> None:
        look = self._batch.look

        def on_progress(stage: str, done: float, total: float) -> None:
            self._batch.note_stage(photo, attempt, stage)

        async def process(model, backend):
            options = {"model": model, "backend": backend}
            return await self._worker.process_photo(
                id, photo.number, photo.file, photo.name, look, options, on_progress=on_progress
            )

        response = await self._network.use(process)
        self._stops.pop(photo.number, None)
        old, new = photo.thumbnail, self._urls.create(response.thumbnail)
        is_wanted = self._batch.id == id and self._batch.finish(photo, attempt, result_of(response), new)
        self._urls.revoke(old if is_wanted else new)
        if is_wanted:
            self._improve([photo])

    def _improve(self, photos) -> None:
        """Have those of these photos improved that were cut out before a finer network was there."""
        is_outdated = self._network.is_outdated
        outdated = [photo for photo in photos if photo.result and is_outdated(photo.result.get("model", ""))]
        if outdated:
            self._batch.improve(outdated)

    def _on_error(self, photo, attempt: int, error) -> None:
        batch = self._batch
        if error.name in OF_ALL:
            batch.put_back(photo, attempt)
            if not batch.is_paused and photo.attempt == attempt:
                batch.pause(True)
                self.failed.emit(error)
            return
        if error.name in _MAX_STOPS:
            self._stops[photo.number] = self._stops.get(photo.number, 0) + 1
            if self._stops[photo.number] <= _MAX_STOPS[error.name]:
                batch.put_back(photo, attempt)
                return
        batch.refuse(photo, attempt, error)


def result_of(response) -> dict:
    """Return what is known of a finished picture (`BatchPhoto.result`)."""
    return {
        "width": response.width,
        "height": response.height,
        "bytes": response.bytes,
        "extension": response.extension,
        "is_unsure": response.is_unsure,
        "reduced_to": response.reduced_to,
        "enlarged": enlarged_of(list(response.notices)),
        "missing": [name for name in ("no-subject", "no-face") if name in list(response.notices)],
        "model": "" if "own-shape" in list(response.notices) else response.model,
    }


def enlarged_of(notices) -> list:
    """Return how many pixels the subject has in the photo and in the picture; nothing where that is sharp."""
    for notice in notices:
        if notice.startswith("enlarged-"):
            return [int(number) for number in notice.split()[1:]]
    return []
