"""Models on their way: several pieces at once, again where that may help, paused and cancelled when a person says so.

Nothing here knows a browser. A `ChunkFetcher` fetches, a `ChunkCache` keeps; pieces are whatever these two pass on.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from offcut.errors import DownloadCancelledError, ModelDamagedError, ModelDownloadError, OffcutError
from offcut.models.catalogue import Chunk, Model

PARALLEL = 4
"""Pieces on their way at once. Browsers open six connections to a host over HTTP/1.1; the page needs some itself."""

STALLED = 20.0
"""Seconds without a single byte after which an answer counts as lost."""

WAITS = (0.5, 2.0, 5.0)
"""Seconds to wait before the second and each later try of a piece."""

LONGEST_WAIT = 30.0
"""A site may ask for more seconds of patience than a person has."""

_INTACT_TRIES = 2

Piece = Any


class FetchFailed(Exception):
    """A piece did not arrive. The message says why, to end the sentence "… could not be downloaded: "."""

    def __init__(self, why: str, *, again: bool, wait: float = 0.0) -> None:
        """`again`: whether another try may help; `wait`: seconds the site asks to wait before it."""
        super().__init__(why)
        self.again = again
        self.wait = wait


class ChunkFetcher(Protocol):
    """Where pieces come from."""

    async def fetch(self, chunk: Chunk, fresh: bool, arrived: Callable[[int], None]) -> Piece:
        """Bring one piece, telling `arrived` how many of its bytes are there. Raises FetchFailed.

        `fresh` goes round every cache on the way. Cancelling the call ends the request.
        """
        ...

    def is_intact(self, chunk: Chunk, piece: Piece) -> bool:
        """Whether the piece is exactly what the catalogue names."""
        ...


class ChunkCache(Protocol):
    """Where pieces are kept between visits."""

    async def take(self, chunk: Chunk) -> Piece | None:
        """A kept piece, or None."""
        ...

    async def put(self, chunk: Chunk, piece: Piece) -> None:
        """Keep a piece that was checked. Having no room is no error."""
        ...

    async def drop(self, chunk: Chunk) -> None:
        """Keep this piece no longer."""
        ...


class Download:
    """One model on its way from the shelf and the site."""

    def __init__(
        self,
        model: Model,
        source: ChunkFetcher,
        shelf: ChunkCache,
        locks: dict[str, asyncio.Lock],
        progress: Callable[[int, int], None],
    ) -> None:
        """`locks` is shared by all downloads, so that two models wait for a piece that is common to both.

        `progress(done, total)` is told of bytes; the first call counts what was on the shelf already.
        """
        self._model = model
        self._source = source
        self._shelf = shelf
        self._locks = locks
        self._progress = progress
        self._arrived: dict[int, int] = {}
        self._going = asyncio.Event()
        self._going.set()
        self._under_way: set[asyncio.Task] = set()
        self._run: asyncio.Task | None = None

    @property
    def paused(self) -> bool:
        """Whether it waits for `resume`."""
        return not self._going.is_set()

    async def run(self, place: Callable[[int, Piece], None]) -> None:
        """Give every piece to `place(offset, piece)`, each as soon as it is there.

        Raises ModelDownloadError, ModelDamagedError, DownloadCancelledError. What arrived before stays on the shelf.
        """
        self._run = asyncio.create_task(self._all(place))
        try:
            await asyncio.shield(self._run)
        except asyncio.CancelledError:
            if not self._run.cancelled():
                self._run.cancel()
                raise
            raise DownloadCancelledError(
                f"The download of {self._model.title} was stopped. What has arrived is kept, so it goes on from there "
                "the next time this model is used."
            ) from None

    def pause(self) -> None:
        """Stop asking for bytes. Pieces that are half there are asked for again by `resume`."""
        self._going.clear()
        for task in self._under_way:
            task.cancel()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._going.set()

    def cancel(self) -> None:
        """End it: `run` raises DownloadCancelledError."""
        if self._run is not None:
            self._run.cancel()

    async def _all(self, place: Callable[[int, Piece], None]) -> None:
        missing = []
        offset = 0
        for chunk in self._model.chunks:
            piece = await self._kept(chunk)
            if piece is None:
                missing.append((offset, chunk))
            else:
                self._arrived[offset] = chunk.bytes
                place(offset, piece)
            offset += chunk.bytes
        self._tell()
        waiting = iter(missing)

        failures: list[OffcutError] = []

        async def bring_some() -> None:
            for offset, chunk in waiting:  # shared: each piece goes to one of them
                try:
                    place(offset, await self._bring(offset, chunk))
                except OffcutError as failure:
                    failures.append(failure)
                if failures:
                    return  # what is on its way to the others may still arrive, and is kept

        async with asyncio.TaskGroup() as group:
            for _ in range(min(PARALLEL, len(missing))):
                group.create_task(bring_some())
        if failures:
            raise failures[0]

    async def _kept(self, chunk: Chunk) -> Piece | None:
        piece = await self._shelf.take(chunk)
        if piece is not None and not self._source.is_intact(chunk, piece):
            await self._shelf.drop(chunk)
            return None
        return piece

    async def _bring(self, offset: int, chunk: Chunk) -> Piece:
        while True:
            await self._going.wait()
            # A task of its own, so that `pause` can end it, also while it waits between two tries.
            task = asyncio.create_task(self._bring_once(offset, chunk))
            self._under_way.add(task)
            try:
                return await task
            except asyncio.CancelledError:
                self._count(offset, 0)
                if asyncio.current_task().cancelling():
                    raise
            finally:
                self._under_way.discard(task)

    async def _bring_once(self, offset: int, chunk: Chunk) -> Piece:
        async with self._locks.setdefault(chunk.sha256, asyncio.Lock()):
            piece = await self._kept(chunk)  # another model may have brought it meanwhile
            if piece is None:
                piece = await self._fetch_intact(offset, chunk)
                await self._shelf.put(chunk, piece)
        self._count(offset, chunk.bytes)
        return piece

    async def _fetch_intact(self, offset: int, chunk: Chunk) -> Piece:
        for attempt in range(_INTACT_TRIES):
            # A damaged answer may sit in a cache on the way: the second try goes round it.
            piece = await self._fetch(offset, chunk, fresh=attempt > 0)
            if self._source.is_intact(chunk, piece):
                return piece
        raise ModelDamagedError(
            f"A piece of the model {self._model.title} arrives damaged from this site. Reload the page and try again; "
            "if it stays so, the site's files are broken."
        )

    async def _fetch(self, offset: int, chunk: Chunk, fresh: bool) -> Piece:
        for wait in (*WAITS, None):
            try:
                return await self._fetch_once(offset, chunk, fresh)
            except FetchFailed as failure:
                self._count(offset, 0)
                if not failure.again or wait is None:
                    raise ModelDownloadError(
                        f"The model {self._model.title} could not be downloaded: {failure}. What has arrived is kept. "
                        "Check the connection and try again."
                    ) from failure
                await asyncio.sleep(max(wait, min(failure.wait, LONGEST_WAIT)))

    async def _fetch_once(self, offset: int, chunk: Chunk, fresh: bool) -> Piece:
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(STALLED) as limit:

                def arrived(count: int) -> None:
                    limit.reschedule(clock() + STALLED)
                    self._count(offset, count)

                return await self._source.fetch(chunk, fresh, arrived)
        except TimeoutError:
            raise FetchFailed(f"nothing arrived for {STALLED:.0f} seconds", again=True) from None

    def _count(self, offset: int, count: int) -> None:
        if self._arrived.get(offset, 0) != count:
            self._arrived[offset] = count
            self._tell()

    def _tell(self) -> None:
        self._progress(sum(self._arrived.values()), self._model.bytes)
