"""Model chunks: from Cache Storage where they are, else fetched, checked and kept."""

import json

import js
from pyodide.ffi import JsException, JsProxy

from ..catalogue import Catalogue, Chunk, Model, read_catalogue
from ..chunks import is_intact, path_of
from ..errors import ModelDamagedError, ModelDownloadError
from ..pipeline import Progress

CACHE = "offcut-models"
"""Name of the cache. Chunks are named by their content, so it never goes stale and needs no version."""

_TRIES = 2


class ModelStore:
    """Fetches models from a folder of the site and keeps their chunks on the device."""

    def __init__(self, folder: str) -> None:
        """`folder` is the absolute URL of `models/`, ending in a slash."""
        self._folder = folder

    async def catalogue(self) -> Catalogue:
        """Read the site's list of models. Raises ModelDownloadError."""
        try:
            response = await js.fetch(self._folder + "catalogue.json")
            return read_catalogue(json.loads(await response.text()))
        except (JsException, ValueError, KeyError, TypeError) as error:
            raise ModelDownloadError(
                "The list of models could not be read from this site. Check the connection and reload the page."
            ) from error

    async def load(self, model: Model, progress: Progress) -> JsProxy:
        """Bring a whole model as one `Uint8Array`, telling progress in bytes.

        Raises ModelDownloadError or ModelDamagedError.
        """
        whole = js.Uint8Array.new(model.bytes)
        cache = await _open_cache()
        done = 0
        progress("model", 0, model.bytes)
        for chunk in model.chunks:
            def arrived(count: int, before: int = done) -> None:
                progress("model", before + count, model.bytes)

            piece = await self._bring(chunk, model, cache, arrived)
            whole.set(piece, done)
            done += chunk.bytes
            progress("model", done, model.bytes)
        return whole

    async def _bring(self, chunk: Chunk, model: Model, cache: JsProxy | None, arrived) -> JsProxy:
        url = self._folder + path_of(chunk)
        kept = await _from_cache(cache, url)
        if kept is not None:
            if is_intact(chunk, kept.to_py()):
                return kept
            await cache.delete(url)
        for attempt in range(_TRIES):
            # A damaged answer may sit in the browser's own HTTP cache: the second try goes round it.
            piece = await _fetch(url, model, "default" if attempt == 0 else "reload", arrived)
            if is_intact(chunk, piece.to_py()):
                await _keep(cache, url, piece)
                return piece
        raise ModelDamagedError(
            f"A piece of the model {model.title} arrives damaged from this site. Reload the page and try again; "
            "if it stays so, the site's files are broken."
        )


async def _open_cache() -> JsProxy | None:
    """The chunk cache, or None where there is none (private windows, plain http, a full disk)."""
    try:
        return await js.caches.open(CACHE)
    except (AttributeError, JsException):
        return None


async def _from_cache(cache: JsProxy | None, url: str) -> JsProxy | None:
    if cache is None:
        return None
    try:
        response = await cache.match(url)
        return js.Uint8Array.new(await response.arrayBuffer()) if response else None
    except JsException:
        return None


async def _keep(cache: JsProxy | None, url: str, piece: JsProxy) -> None:
    if cache is None:
        return
    try:
        await cache.put(url, js.Response.new(piece))
    except JsException:
        pass  # A full disk is no reason to stop: the model is in memory, it will be fetched again next time.


async def _fetch(url: str, model: Model, caching: str, arrived) -> JsProxy:
    try:
        response = await js.fetch(url, cache=caching)
        if not response.ok:
            raise ModelDownloadError(
                f"The model {model.title} could not be downloaded: the site answered {response.status}. Try again later."
            )
        return await _read(response, arrived)
    except JsException as error:
        raise ModelDownloadError(
            f"The model {model.title} could not be downloaded. Check the connection and try again."
        ) from error


async def _read(response: JsProxy, arrived) -> JsProxy:
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
