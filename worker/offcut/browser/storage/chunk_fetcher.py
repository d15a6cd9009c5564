"""Pieces of models from the site, by `fetch`."""

import asyncio
from collections.abc import Callable

import js
from pyodide.ffi import JsException, JsProxy

from offcut.models.catalogue import Chunk
from offcut.models.chunks import is_intact, path_of
from offcut.models.download import FetchFailed

_PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Answers of a site that may be different a moment later."""


class HttpChunkFetcher:
    """A `ChunkFetcher` of `offcut.models.download` whose pieces are `Uint8Array`."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder

    def is_intact(self, chunk: Chunk, piece: JsProxy) -> bool:
        """Whether the piece is exactly what the catalogue names."""
        return is_intact(chunk, piece.to_py())

    async def fetch(self, chunk: Chunk, fresh: bool, arrived: Callable[[int], None]) -> JsProxy:
        """Bring one piece. Raises FetchFailed; cancelling the call ends the request."""
        ending = js.AbortController.new()
        try:
            response = await js.fetch(
                self._folder + path_of(chunk), cache="reload" if fresh else "default", signal=ending.signal
            )
            if not response.ok:
                raise FetchFailed(
                    f"the site answered {response.status}",
                    again=response.status in _PASSING,
                    wait=_seconds(response.headers.get("Retry-After")),
                )
            return await _read(response, arrived)
        except JsException as error:
            # A browser that knows it is offline need not be asked four times.
            raise FetchFailed("the connection broke off", again=bool(js.navigator.onLine)) from error
        except asyncio.CancelledError:
            ending.abort()
            raise


def _seconds(retry_after: str | None) -> float:
    """The header's seconds; 0 for its other form, a date."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0


async def _read(response: JsProxy, arrived: Callable[[int], None]) -> JsProxy:
    pieces = js.Array.new()
    count = 0
    reader = response.body.getReader()
    while True:
        part = await reader.read()
        if part.done:
            break
        pieces.push(part.value)
        count += part.value.length
        arrived(count)
    return js.Uint8Array.new(await js.Blob.new(pieces).arrayBuffer())
