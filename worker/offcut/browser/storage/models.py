"""The site's models: the catalogue, downloads, and which models are cached on this device."""

import asyncio
import json
from collections.abc import Callable

import js
from pyodide.ffi import JsProxy

from offcut.browser.interop import free_buffer
from offcut.browser.storage.chunk_cache import CacheStorageChunks
from offcut.browser.storage.chunk_fetcher import HttpChunkFetcher, fetch_once
from offcut.browser.storage.own_networks import OwnNetworks
from offcut.errors import ModelDownloadError
from offcut.models.catalogue import OWN, Catalogue, Chunk, Model, read_catalogue
from offcut.models.chunks import is_intact
from offcut.models.download import STALL_TIMEOUT, Download, FetchFailed, retried
from offcut.models.inventory import CachedModel, cached_models, chunks_to_delete
from offcut.progress import Progress


class NoFetcher:
    """A `ChunkFetcher` for networks of a person's own: what is not on this device is nowhere."""

    def is_intact(self, chunk: Chunk, data: JsProxy) -> bool:
        """Return whether the data is exactly what was kept."""
        return is_intact(chunk, data.to_py())

    async def fetch(self, chunk: Chunk, fresh: bool, arrived: Callable[[int], None]) -> JsProxy:
        """Raise FetchFailed."""
        raise FetchFailed("it is not on this device any more, so choose its file again", again=False)


class ModelRepository:
    """Downloads models from a folder of the site and caches their chunks."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder
        self._fetcher = HttpChunkFetcher(folder)
        self._cache = CacheStorageChunks(folder)
        self.networks = OwnNetworks(folder)
        self._locks: dict[str, asyncio.Lock] = {}
        self._downloads: dict[str, list[Download]] = {}

    @property
    def problem(self) -> str:
        """Why models cannot be cached for the next visit: ``"full"``, ``"missing"``, or empty where they can."""
        return self._cache.problem

    async def catalogue(self) -> Catalogue:
        """Read the site's catalogue. Raises ModelDownloadError."""
        try:
            return await retried(self._fetch_catalogue)
        except FetchFailed as error:
            raise ModelDownloadError(
                "The list of models could not be read from this site. Check the connection and reload the page."
            ) from error

    async def _fetch_catalogue(self) -> Catalogue:
        try:
            async with asyncio.timeout(STALL_TIMEOUT):
                text = await fetch_once(self._folder + "catalogue.json", "default", lambda response: response.text())
            return read_catalogue(json.loads(str(text)))
        except (TimeoutError, ValueError, KeyError, TypeError) as error:  # or a page that wants people to log in
            raise FetchFailed("it is not whole", again=True) from error

    async def load(self, model: Model, progress: Progress) -> JsProxy:
        """Return a whole model as one `Uint8Array`, from the cache or the site. Progress is in bytes.

        Raises:
            ModelDownloadError: a chunk cannot be fetched.
            ModelDamagedError: a chunk is not what the catalogue says, also after fetching it again.
            DownloadCancelledError: `cancel` was called.
        """
        whole: JsProxy = js.Uint8Array.new(model.bytes)

        def place(offset: int, data: JsProxy) -> None:
            whole.set(data, offset)
            free_buffer(data.buffer)

        await self._download(model, progress, place)
        return whole

    async def cache(self, model: Model, progress: Progress) -> None:
        """Download a model for later. Raises like `load`."""
        await self._download(model, progress, lambda offset, data: free_buffer(data.buffer))

    async def inventory(self, catalogue: Catalogue, backend: str) -> list[CachedModel]:
        """Return how much of each model is cached, of the file that the backend needs, in the catalogue's order."""
        return cached_models(catalogue, backend, await self._cache.hashes())

    async def delete(self, model: Model, catalogue: Catalogue, backend: str) -> int:
        """Delete a model, except for chunks that another completely cached one needs. Returns the bytes it freed."""
        self.cancel(model.id)
        if model.tier == OWN:
            await self.networks.forget(model.id)
        chunks = chunks_to_delete(model, catalogue, backend, await self._cache.hashes())
        for chunk in chunks:
            await self._cache.drop(chunk)
        return sum(chunk.bytes for chunk in chunks)

    def is_paused(self, id: str) -> bool | None:
        """Whether the model's download is paused; None where there is none."""
        downloads = self._downloads.get(id)
        return all(download.paused for download in downloads) if downloads else None

    def pause(self, id: str | None = None) -> None:
        """Pause the downloads of this model, or all."""
        for download in self._of(id):
            download.pause()

    def resume(self, id: str | None = None) -> None:
        """Continue after `pause`."""
        for download in self._of(id):
            download.resume()

    def cancel(self, id: str | None = None) -> None:
        """Cancel the downloads of this model, or all; whoever awaits them gets a DownloadCancelledError."""
        for download in self._of(id):
            download.cancel()

    def _of(self, id: str | None) -> list[Download]:
        return [download for key, some in self._downloads.items() if id in (None, key) for download in some]

    async def _download(self, model: Model, progress: Progress, place: Callable[[int, JsProxy], None]) -> None:
        fetcher = NoFetcher() if model.tier == OWN else self._fetcher
        download = Download(
            model, fetcher, self._cache, self._locks, lambda done, total: progress("model", done, total)
        )
        self._downloads.setdefault(model.id, []).append(download)
        try:
            await download.run(place)
        finally:
            self._downloads[model.id].remove(download)
