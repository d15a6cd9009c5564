"""Networks of one's own on this device: their files in chunks, as those of models, and what describes them."""

import hashlib
import json
from contextlib import suppress

import js
from pyodide.ffi import JsException, JsProxy, to_js

from offcut.browser.interop import free_buffer
from offcut.browser.storage.chunk_cache import CacheStorageChunks
from offcut.errors import ModelDownloadError, NoRoomError, OffcutError
from offcut.models.catalogue import Chunk, File, Model, read_catalogue_entry
from offcut.models.own.kept import entry_of
from offcut.progress import Progress
from offcut.protocol import caches

CHUNK = 1 << 22
"""Bytes of a chunk, as the build's."""


class OwnNetworks:
    """Keeps networks in the cache of models. What describes one is written last and deleted first."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = f"{folder}{caches.OWN_NETWORKS}/"
        self._chunks = CacheStorageChunks(folder)

    async def all(self) -> dict[str, Model]:
        """Return the kept networks by id; one whose description cannot be read is left out."""
        found = {}
        try:
            if not await js.caches.has(caches.MODELS):
                return {}
            cache = await js.caches.open(caches.MODELS)
            for request in await cache.keys():
                if request.url.startswith(self._folder):
                    response = await cache.match(request)
                    name = request.url[len(self._folder) :].removesuffix(".json")
                    with suppress(KeyError, TypeError, ValueError, OffcutError):
                        found[name] = read_catalogue_entry(name, json.loads(await response.text()))
        except (AttributeError, JsException):  # forbidden here, or cleared at this moment
            return found
        return found

    async def keep_file(self, file: JsProxy, progress: Progress) -> File:
        """Keep a network's file.

        Args:
            file: a `File`.
            progress: called with the stage ``"model"`` and bytes.

        Raises:
            NoRoomError: the device has no room for it, or keeps nothing.
        """
        chunks: list[Chunk] = []
        whole, size = hashlib.sha256(), int(file.size)
        for start in range(0, size, CHUNK):
            buffer = await file.slice(start, min(size, start + CHUNK)).arrayBuffer()
            data = js.Uint8Array.new(buffer)
            content = data.to_py()
            whole.update(content)
            chunk = Chunk(hashlib.sha256(content).hexdigest(), len(content))
            del content
            await self._chunks.put(chunk, data)
            if self._chunks.problem:
                for kept in chunks:
                    await self._chunks.drop(kept)
                raise NoRoomError(
                    "There is no room on this device to keep this network, or this browser keeps nothing. Free some "
                    "room, for example under Storage."
                )
            free_buffer(buffer)
            chunks.append(chunk)
            progress("model", start + chunk.bytes, size)
        return File(size, whole.hexdigest(), tuple(chunks))

    async def file(self, model: Model) -> JsProxy:
        """Return the file of a kept network, a `Blob` of which nothing is read yet.

        Raises:
            ModelDownloadError: a part of it is not on this device any more.
        """
        parts = [await self._chunks.blob(chunk) for chunk in model.chunks]
        if any(part is None for part in parts):
            raise ModelDownloadError(
                f"A part of the model {model.title} is not on this device any more. Choose its file again."
            )
        file: JsProxy = js.Blob.new(to_js(parts))
        return file

    async def describe(self, model: Model) -> None:
        """Keep what describes a network whose file is kept. Raises NoRoomError."""
        try:
            cache = await js.caches.open(caches.MODELS)
            await cache.put(self._url(model.id), js.Response.new(json.dumps(entry_of(model))))
        except (AttributeError, JsException) as error:
            raise NoRoomError("There is no room on this device to keep this network.") from error

    async def forget(self, id: str) -> None:
        """Delete what describes a network; its file is deleted as other models' are."""
        with suppress(AttributeError, JsException):
            await (await js.caches.open(caches.MODELS)).delete(self._url(id))

    def _url(self, id: str) -> str:
        return f"{self._folder}{id}.json"
