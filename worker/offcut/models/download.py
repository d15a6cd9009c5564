"""Downloading models: several chunks at once, with retries, pause and cancel.

Nothing here knows a browser. A `ChunkFetcher` fetches and a `ChunkCache` stores; the bytes of a chunk are whatever type
these two pass on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from offcut.errors import DownloadCancelledError, ModelDamagedError, ModelDownloadError, OffcutError
from offcut.models.catalogue import Chunk, Model

PARALLEL = 4
"""Chunks fetched at once. Browsers open six connections to a host over HTTP/1.1; the page needs some itself."""

STALL_TIMEOUT = 20.0
"""Seconds without a single byte after which a response counts as lost."""

RETRY_DELAYS = (0.5, 2.0, 5.0)
"""Seconds to wait before each retry of a chunk."""

MAX_RETRY_AFTER = 30.0
"""Seconds to wait at most, whatever a site's Retry-After says."""

_MAX_DAMAGED = 2
"""Damaged copies of a chunk after which the site counts as broken."""

T = TypeVar("T")

Data = Any
"""The bytes of a chunk, such as a `Uint8Array`."""


class FetchFailed(Exception):
    """A chunk did not arrive. The message is the reason, to end the sentence "… could not be downloaded: "."""

    def __init__(self, why: str, *, again: bool, wait: float = 0.0, status: int = 0) -> None:
        """Describe the failure.

        Args:
            why: the reason.
            again: whether a retry may help.
            wait: seconds that the site asks to wait before a retry.
            status: of the site's answer; 0 where there was none.
        """
        super().__init__(why)
        self.again = again
        self.wait = wait
        self.status = status


async def retried(fetch: Callable[[], Awaitable[T]]) -> T:
    """Return what `fetch` returns, which is called again after failures that may pass. Raises FetchFailed."""
    delays = iter(RETRY_DELAYS)
    while True:
        try:
            return await fetch()
        except FetchFailed as failure:
            wait = next(delays, None)
            if not failure.again or wait is None:
                raise
            await asyncio.sleep(max(wait, min(failure.wait, MAX_RETRY_AFTER)))


class ChunkFetcher(Protocol):
    """Where chunks come from."""

    async def fetch(self, chunk: Chunk, fresh: bool, arrived: Callable[[int], None]) -> Data:
        """Fetch one chunk. Cancelling the call aborts the request.

        Args:
            chunk: which one.
            fresh: whether to bypass every HTTP cache.
            arrived: called with the number of its bytes that have arrived.

        Raises:
            FetchFailed: it did not arrive.
        """
        ...

    def is_intact(self, chunk: Chunk, data: Data) -> bool:
        """Return whether the data is exactly the chunk in the catalogue."""
        ...


class ChunkCache(Protocol):
    """Where chunks are stored between visits."""

    async def take(self, chunk: Chunk) -> Data | None:
        """Return a cached chunk, or None."""
        ...

    async def put(self, chunk: Chunk, data: Data) -> None:
        """Cache a chunk that was verified. Does nothing where there is no space."""
        ...

    async def drop(self, chunk: Chunk) -> None:
        """Remove a chunk."""
        ...


class Download:
    """The download of one model from the cache and the site."""

    def __init__(
        self,
        model: Model,
        fetcher: ChunkFetcher,
        cache: ChunkCache,
        locks: dict[str, asyncio.Lock],
        progress: Callable[[int, int], None],
    ) -> None:
        """Prepare a download; `run` starts it.

        Args:
            model: in the variant to download.
            fetcher: where chunks come from.
            cache: where they are stored.
            locks: shared by all downloads, so that a chunk common to two models is fetched once.
            progress: called with the bytes done and the total; the first call counts what was cached already.
        """
        self._model = model
        self._fetcher = fetcher
        self._cache = cache
        self._locks = locks
        self._progress = progress
        self._arrived: dict[int, int] = {}
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._fetching: set[asyncio.Task[Data]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def paused(self) -> bool:
        """Whether it waits for `resume`."""
        return not self._resumed.is_set()

    async def run(self, place: Callable[[int, Data], None]) -> None:
        """Download the model.

        Args:
            place: called with the offset and the data of each chunk as soon as it is there, in any order.

        Raises:
            ModelDownloadError: a chunk did not arrive. What has arrived stays in the cache.
            ModelDamagedError: a chunk arrives damaged.
            DownloadCancelledError: `cancel` was called.
        """
        self._task = asyncio.create_task(self._download(place))
        try:
            await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if not self._task.cancelled():
                self._task.cancel()
                raise
            raise DownloadCancelledError(
                f"The download of {self._model.title} was stopped. What has arrived is kept, so it goes on from there "
                "the next time this model is used."
            ) from None

    def pause(self) -> None:
        """Stop fetching. Chunks that are half there are fetched again after `resume`."""
        self._resumed.clear()
        for task in self._fetching:
            task.cancel()

    def resume(self) -> None:
        """Continue after `pause`."""
        self._resumed.set()

    def cancel(self) -> None:
        """Stop the download: `run` raises DownloadCancelledError."""
        if self._task is not None:
            self._task.cancel()

    async def _download(self, place: Callable[[int, Data], None]) -> None:
        """Place what is cached, then fetch the rest."""
        missing = []
        offset = 0
        for chunk in self._model.chunks:
            data = await self._cached(chunk)
            if data is None:
                missing.append((offset, chunk))
            else:
                self._arrived[offset] = chunk.bytes
                place(offset, data)
            offset += chunk.bytes
        self._report()
        waiting = iter(missing)

        failures: list[OffcutError] = []

        async def fetch_some() -> None:
            for offset, chunk in waiting:  # shared: each chunk goes to one of them
                try:
                    place(offset, await self._get(offset, chunk))
                except OffcutError as failure:
                    failures.append(failure)
                if failures:
                    return  # what the others are fetching may still arrive, and is cached

        async with asyncio.TaskGroup() as group:
            for _ in range(min(PARALLEL, len(missing))):
                group.create_task(fetch_some())
        if failures:
            raise failures[0]

    async def _cached(self, chunk: Chunk) -> Data | None:
        """Return a cached chunk that is intact, or None."""
        data = await self._cache.take(chunk)
        if data is not None and not self._fetcher.is_intact(chunk, data):
            await self._cache.drop(chunk)
            return None
        return data

    async def _get(self, offset: int, chunk: Chunk) -> Data:
        while True:
            await self._resumed.wait()
            # A task of its own, so that `pause` can end it, also while it waits between two tries.
            task = asyncio.create_task(self._get_once(offset, chunk))
            self._fetching.add(task)
            try:
                return await task
            except asyncio.CancelledError:
                self._count(offset, 0)
                current = asyncio.current_task()
                if current and current.cancelling():
                    raise
            finally:
                self._fetching.discard(task)

    async def _get_once(self, offset: int, chunk: Chunk) -> Data:
        async with self._locks.setdefault(chunk.sha256, asyncio.Lock()):
            data = await self._cached(chunk)  # another download may have cached it meanwhile
            if data is None:
                data = await self._fetch_intact(offset, chunk)
                await self._cache.put(chunk, data)
        self._count(offset, chunk.bytes)
        return data

    async def _fetch_intact(self, offset: int, chunk: Chunk) -> Data:
        for attempt in range(_MAX_DAMAGED):
            # A damaged response may be in an HTTP cache: the second try bypasses it.
            data = await self._fetch(offset, chunk, fresh=attempt > 0)
            if self._fetcher.is_intact(chunk, data):
                return data
        raise ModelDamagedError(
            f"A piece of the model {self._model.title} arrives damaged from this site. Reload the page and try again; "
            "if it stays so, the site's files are broken."
        )

    async def _fetch(self, offset: int, chunk: Chunk, fresh: bool) -> Data:
        try:
            return await retried(lambda: self._fetch_once(offset, chunk, fresh))
        except FetchFailed as failure:
            raise ModelDownloadError(
                f"The model {self._model.title} could not be downloaded: {failure}. What has arrived is kept. "
                "Check the connection and try again."
            ) from failure

    async def _fetch_once(self, offset: int, chunk: Chunk, fresh: bool) -> Data:
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(STALL_TIMEOUT) as limit:

                def arrived(count: int) -> None:
                    limit.reschedule(clock() + STALL_TIMEOUT)
                    self._count(offset, count)

                return await self._fetcher.fetch(chunk, fresh, arrived)
        except TimeoutError:
            self._count(offset, 0)
            raise FetchFailed(f"nothing arrived for {STALL_TIMEOUT:.0f} seconds", again=True) from None
        except FetchFailed:
            self._count(offset, 0)
            raise

    def _count(self, offset: int, count: int) -> None:
        if self._arrived.get(offset, 0) != count:
            self._arrived[offset] = count
            self._report()

    def _report(self) -> None:
        self._progress(sum(self._arrived.values()), self._model.bytes)
