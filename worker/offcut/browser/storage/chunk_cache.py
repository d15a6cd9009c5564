"""Pieces of models in Cache Storage. The worker writes it itself: not every browser leads its requests through sw.js."""

import js
from pyodide.ffi import JsException, JsProxy

from offcut.models.catalogue import Chunk
from offcut.models.chunks import path_of
from offcut.protocol import caches


class CacheStorageChunks:
    """A `ChunkCache` of `offcut.models.download` whose pieces are `Uint8Array`."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder
        self.trouble = ""
        """Why pieces are not kept: ``"full"``, ``"missing"`` (no Cache Storage here), or empty where they are."""

    async def take(self, chunk: Chunk) -> JsProxy | None:
        """A kept piece, or None."""
        try:
            response = await (await self._cache()).match(self._url(chunk))
            return js.Uint8Array.new(await response.arrayBuffer()) if response else None
        except (_Missing, JsException):
            return None

    async def put(self, chunk: Chunk, piece: JsProxy) -> None:
        """Keep a piece. Where there is no room it is in memory all the same, and `trouble` says so."""
        try:
            await (await self._cache()).put(self._url(chunk), js.Response.new(piece))
            self.trouble = ""
        except _Missing:
            self.trouble = "missing"
        except JsException:
            self.trouble = "full"

    async def drop(self, chunk: Chunk) -> None:
        """Keep this piece no longer."""
        try:
            await (await self._cache()).delete(self._url(chunk))
        except (_Missing, JsException):
            pass

    async def kept(self) -> set[str]:
        """SHA-256 of every piece that is on the device."""
        try:
            requests = await (await self._cache()).keys()
        except (_Missing, JsException):
            return set()
        return {request.url.rsplit("/", 1)[-1].removesuffix(".bin") for request in requests}

    def _url(self, chunk: Chunk) -> str:
        return self._folder + path_of(chunk)

    async def _cache(self) -> JsProxy:
        try:
            return await js.caches.open(caches.MODELS)
        except (AttributeError, JsException):
            # Plain http, some private windows, or storage that a person has forbidden.
            raise _Missing from None


class _Missing(Exception):
    """There is no Cache Storage here."""
