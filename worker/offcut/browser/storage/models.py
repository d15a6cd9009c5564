"""The site's models: which there are, which are on this device, and how one comes here or goes."""

import asyncio
import json
from collections.abc import Callable

import js
from pyodide.ffi import JsException, JsProxy

from offcut.browser.interop import free_buffer
from offcut.browser.storage.chunk_cache import CacheStorageChunks
from offcut.browser.storage.chunk_fetcher import HttpChunkFetcher
from offcut.errors import ModelDownloadError
from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.models.download import Download
from offcut.models.inventory import CachedModel, kept_of, pieces_to_drop


class ModelRepository:
    """Fetches models from a folder of the site and keeps their chunks on the device."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder
        self._source = HttpChunkFetcher(folder)
        self._shelf = CacheStorageChunks(folder)
        self._locks: dict[str, asyncio.Lock] = {}
        self._downloads: dict[str, list[Download]] = {}

    @property
    def trouble(self) -> str:
        """Why models are not kept for the next visit: ``"full"``, ``"missing"``, or empty where they are."""
        return self._shelf.trouble

    async def catalogue(self) -> Catalogue:
        """Read the site's list of models. Raises ModelDownloadError."""
        try:
            response = await js.fetch(self._folder + "catalogue.json")
            return read_catalogue(json.loads(await response.text()))
        except (JsException, ValueError, KeyError, TypeError) as error:
            raise ModelDownloadError(
                "The list of models could not be read from this site. Check the connection and reload the page."
            ) from error

    async def load(self, model: Model, progress: Callable[[str, int, int], None]) -> JsProxy:
        """Bring a whole model as one `Uint8Array`, telling progress in bytes.

        Raises ModelDownloadError, ModelDamagedError or DownloadCancelledError.
        """
        whole = js.Uint8Array.new(model.bytes)

        def place(offset: int, piece: JsProxy) -> None:
            whole.set(piece, offset)
            free_buffer(piece.buffer)

        await self._bring(model, progress, place)
        return whole

    async def keep(self, model: Model, progress: Callable[[str, int, int], None]) -> None:
        """Have a model on the device for later. Raises like `load`."""
        await self._bring(model, progress, lambda offset, piece: free_buffer(piece.buffer))

    async def state(self, catalogue: Catalogue, backend: str) -> list[CachedModel]:
        """How much of each model is on the device, as the backend needs it, in the catalogue's order."""
        return kept_of(catalogue, backend, await self._shelf.kept())

    async def forget(self, model: Model, catalogue: Catalogue, backend: str) -> int:
        """Take a model off the device, except for pieces that another whole one needs. Gives the bytes that went."""
        self.cancel(model.id)
        going = pieces_to_drop(model, catalogue, backend, await self._shelf.kept())
        for chunk in going:
            await self._shelf.drop(chunk)
        return sum(chunk.bytes for chunk in going)

    def is_paused(self, id: str) -> bool | None:
        """Whether the model's download is paused; None where there is none."""
        under_way = self._downloads.get(id)
        return all(download.paused for download in under_way) if under_way else None

    def pause(self, id: str | None = None) -> None:
        """Stop asking for bytes of this model, or of all."""
        for download in self._chosen(id):
            download.pause()

    def resume(self, id: str | None = None) -> None:
        """Go on after `pause`."""
        for download in self._chosen(id):
            download.resume()

    def cancel(self, id: str | None = None) -> None:
        """End the downloads of this model, or all; who waits for them gets a DownloadCancelledError."""
        for download in self._chosen(id):
            download.cancel()

    def _chosen(self, id: str | None) -> list[Download]:
        return [each for key, under_way in self._downloads.items() if id in (None, key) for each in under_way]

    async def _bring(self, model: Model, progress: Callable[[str, int, int], None], place) -> None:
        download = Download(
            model, self._source, self._shelf, self._locks, lambda done, total: progress("model", done, total)
        )
        self._downloads.setdefault(model.id, []).append(download)
        try:
            await download.run(place)
        finally:
            self._downloads[model.id].remove(download)
