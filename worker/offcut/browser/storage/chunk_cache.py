"""Chunks of models in Cache Storage.

The worker writes them itself: not every browser routes a worker's requests through sw.js.
"""

from contextlib import suppress

import js
from pyodide.ffi import JsException, JsProxy

from offcut.models.catalogue import Chunk
from offcut.models.chunks import path_of
from offcut.protocol import caches


class CacheStorageChunks:
    """A `ChunkCache` of `offcut.models.download` whose chunks are `Uint8Array`."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder
        self.problem = ""
        """Why chunks cannot be cached: ``"full"``, ``"missing"`` (no Cache Storage), or empty where they can."""

    async def take(self, chunk: Chunk) -> JsProxy | None:
        """Return a cached chunk, or None."""
        try:
            response = await (await self._cache()).match(self._url(chunk))
            return js.Uint8Array.new(await response.arrayBuffer()) if response else None
        except (_Missing, JsException):
            return None

    async def blob(self, chunk: Chunk) -> JsProxy | None:
        """Return a cached chunk as a `Blob`, which need not be in memory, or None."""
        try:
            response = await (await self._cache()).match(self._url(chunk))
            return await response.blob() if response else None
        except (_Missing, JsException):
            return None

    async def put(self, chunk: Chunk, data: JsProxy) -> None:
        """Cache a chunk. Where that fails `problem` says why; the chunk is in memory all the same."""
        try:
            await (await self._cache()).put(self._url(chunk), js.Response.new(data))
            self.problem = ""
        except _Missing:
            self.problem = "missing"
        except JsException:
            self.problem = "full"

    async def drop(self, chunk: Chunk) -> None:
        """Delete a chunk."""
        with suppress(_Missing, JsException):
            await (await self._cache()).delete(self._url(chunk))

    async def hashes(self) -> set[str]:
        """Return the SHA-256 of every cached chunk."""
        try:
            requests = await (await self._cache()).keys()
        except (_Missing, JsException):
            return set()
        return {request.url.rsplit("/", 1)[-1].removesuffix(".bin") for request in requests}

    def _url(self, chunk: Chunk) -> str:
        return self._folder + path_of(chunk)

    async def _cache(self) -> JsProxy:
        try:
            cache: JsProxy = await js.caches.open(caches.MODELS)
        except (AttributeError, JsException):
            # Plain http, some private windows, or a person has forbidden storage.
            raise _Missing from None
        return cache


class _Missing(Exception):
    """There is no Cache Storage here."""
