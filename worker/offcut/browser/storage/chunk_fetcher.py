"""Chunks of models from the site, by `fetch`."""

import asyncio
from collections.abc import Awaitable, Callable

import js
from pyodide.ffi import JsException, JsProxy

from offcut.models.catalogue import Chunk
from offcut.models.chunks import is_intact, path_of
from offcut.models.download import FetchFailed

_RETRYABLE = {408, 425, 429, 500, 502, 503, 504}
"""HTTP statuses that may be different a moment later."""


class HttpChunkFetcher:
    """A `ChunkFetcher` of `offcut.models.download` whose chunks are `Uint8Array`."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder

    def is_intact(self, chunk: Chunk, data: JsProxy) -> bool:
        """Return whether the data is exactly what the catalogue names."""
        return is_intact(chunk, data.to_py())

    async def fetch(self, chunk: Chunk, fresh: bool, arrived: Callable[[int], None]) -> JsProxy:
        """Fetch one chunk. Cancelling the call aborts the request.

        Args:
            chunk: what to fetch.
            fresh: whether to go past the browser's HTTP cache.
            arrived: called with the number of bytes that have arrived so far.

        Raises:
            FetchFailed: the site refused it, or the connection was lost.
        """
        return await fetch_once(
            self._folder + path_of(chunk), "reload" if fresh else "default", lambda response: _read(response, arrived)
        )


async def fetch_once(url: str, cache: str, read: Callable[[JsProxy], Awaitable[JsProxy]]) -> JsProxy:
    """Fetch something once, and read it. Cancelling the call aborts the request.

    Args:
        url: its address.
        cache: the `cache` of JavaScript's `fetch`.
        read: coroutine function that reads the response, whose status is right.

    Raises:
        FetchFailed: the site refused it, or the connection was lost.
    """
    abort = js.AbortController.new()
    try:
        response = await js.fetch(url, cache=cache, signal=abort.signal)
        if not response.ok:
            raise FetchFailed(
                f"the site answered {response.status}",
                again=response.status in _RETRYABLE,
                wait=_seconds(response.headers.get("Retry-After")),
                status=int(response.status),
            )
        return await read(response)
    except JsException as error:
        # A browser that knows it is offline need not be asked four times.
        raise FetchFailed("the connection broke off", again=bool(js.navigator.onLine)) from error
    except asyncio.CancelledError:
        abort.abort()
        raise


def _seconds(retry_after: str | None) -> float:
    """Return the header's seconds; 0 for its other form, a date."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0


async def _read(response: JsProxy, arrived: Callable[[int], None]) -> JsProxy:
    parts = js.Array.new()
    count = 0
    reader = response.body.getReader()
    while not (read := await reader.read()).done:
        parts.push(read.value)
        count += read.value.length
        arrived(count)
    data: JsProxy = js.Uint8Array.new(await js.Blob.new(parts).arrayBuffer())
    return data
