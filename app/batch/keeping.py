"""Keeps a batch on the device: its list after every change, and copies of its photos, so that it survives a reload."""

import asyncio

from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError

INTERVAL_S = 0.5
"""Least time between two times that the list is written."""


MAX_FAILURES = 3
"""Copies of photos that fail one after the other before it waits for more photos to come."""


class BatchKeeper:
    """Follows a `Batch`."""

    def __init__(self, batch, worker, sleep=asyncio.sleep) -> None:
        """`sleep(seconds)` is a coroutine function."""
        self._batch, self._worker, self._sleep = batch, worker, sleep
        self._is_writing = self._has_changed = self._is_copying = False
        self._is_refused = False
        self.refused = Signal()
        """Emitted once with the `EngineError` for which photos cannot be kept, or None where the browser keeps none."""

        batch.changed.connect(self._on_changed)
        batch.listed.connect(self._on_listed)

    async def discard(self, id: str) -> None:
        """Delete a batch from the device."""
        while self._is_writing:  # what is written later would be all that is left of it
            await self._sleep(INTERVAL_S / 5)
        try:
            await self._worker.discard_batch(id)
        except EngineError as error:
            log.warning("A batch was not deleted", cause=error)

    def _on_changed(self) -> None:
        self._has_changed = True
        if not self._is_writing:
            self._is_writing = True
            spawn(self._write())

    def _on_listed(self) -> None:
        self._is_refused = False
        if not self._is_copying:
            self._is_copying = True
            spawn(self._copy())

    async def _write(self) -> None:
        try:
            while self._has_changed:
                self._has_changed = False
                if self._batch.id and self._batch.photos:
                    await self._worker.keep_batch(self._batch.id, self._batch.plain())
                await self._sleep(INTERVAL_S)
        except EngineError as error:
            self._has_changed = True  # the next change writes what this one has not
            if error.name == "NoRoomError":
                self._refuse(error)
            else:
                log.warning("The list of a batch was not kept", cause=error)
        finally:
            self._is_writing = False

    async def _copy(self) -> None:
        """Have the photos copied one after the other: those that come meanwhile, too."""
        failures = 0
        try:
            photo = self._next()
            while photo and not self._is_refused and failures < MAX_FAILURES:
                try:
                    await self._copy_one(self._batch.id, photo)
                    failures = 0
                except EngineError as error:  # the worker was stopped
                    log.warning("A photo was not copied", cause=error)
                    failures += 1
                    await self._sleep(INTERVAL_S)
                photo = self._next()
        finally:
            self._is_copying = False

    async def _copy_one(self, id: str, photo) -> None:
        try:
            response = await self._worker.keep_photo(id, photo.number, photo.file)
        except EngineError as error:
            if error.name == "NoRoomError":
                self._refuse(error)
                return
            if error.name != "UnreadableFileError":
                raise
            photo.is_kept = True  # it cannot be; it is refused when it is cut out
            return
        if not response.is_lasting:
            self._refuse(None)
        elif id == self._batch.id:
            self._batch.note_kept(photo)

    def _next(self):
        for photo in self._batch.photos:
            if not photo.is_kept:
                return photo
        return None

    def _refuse(self, error) -> None:
        if not self._is_refused:
            self._is_refused = True
            self.refused.emit(error)
