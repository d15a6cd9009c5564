"""Small pictures of photos that wait, so that a person recognises them before they are cut out."""

from core.log import log
from core.tasks import spawn

from batch.batch import WAITING, WORKING

AHEAD = 24
"""Photos before their turn that get one. The others are far down in the list, and their turn may come first."""


class Previews:
    """Makes one at a time: each needs the whole photo decoded."""

    def __init__(self, batch, worker, make, urls) -> None:
        """
        Args:
            batch: the `Batch`.
            worker: the `WorkerClient`, which has the files after a reload.
            make: coroutine function that returns a small picture of a file as a blob, or None where it cannot be read.
            urls: makes addresses of files and frees them.
        """
        self._batch, self._worker, self._make, self._urls = batch, worker, make, urls
        self._is_making = False
        self._tried: list = []  # photos that have one or cannot
        batch.listed.connect(self._forget)
        batch.changed.connect(self._go)

    def _forget(self) -> None:
        """Let go of photos that are no longer in the batch."""
        for photo in [photo for photo in self._tried if photo not in self._batch.photos]:
            self._tried.remove(photo)
            if photo.preview:
                self._urls.revoke(photo.preview)

    def _go(self) -> None:
        if not self._is_making and self._next():
            self._is_making = True
            spawn(self._run())

    def _next(self):
        for photo in self._batch.of(WORKING, WAITING)[:AHEAD]:
            if (photo.file or photo.is_kept) and not photo.thumbnail and photo not in self._tried:
                return photo
        return None

    async def _run(self) -> None:
        try:
            photo = self._next()
            while photo:
                self._tried.append(photo)
                await self._show(photo)
                photo = self._next()
        except Exception as error:  # whatever it is, the batch goes on without them
            log.warning("No preview of a photo", cause=error)
        finally:
            self._is_making = False

    async def _show(self, photo) -> None:
        blob = await self._make(photo.file or (await self._worker.photo_file(self._batch.id, photo.number)).file)
        if blob and photo in self._batch.photos:
            photo.preview = self._urls.create(blob)
            self._batch.photo_changed.emit(photo)
