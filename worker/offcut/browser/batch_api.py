"""What the page requests for its batches. The page has the list of photos and decides what is done; here it is done."""

import asyncio
import gc
from typing import Any

import js
from pyodide.ffi import JsProxy, to_js

from offcut.alternatives import kept_found
from offcut.browser.editor_api import EditorApi
from offcut.browser.interop import read_bytes
from offcut.browser.storage import chosen_folders
from offcut.browser.storage.batches import make_batches
from offcut.editing.batches import Batches
from offcut.editing.look import Finisher, Look
from offcut.inference.uncertainty import UNSURE
from offcut.options import Options
from offcut.pipeline import Engine, Found, Result
from offcut.progress import Progress
from offcut.recipes.recipe import Run


class BatchApi:
    """Each public method is an export of the worker.

    An `OffcutError` reaches the page with its name and message. A batch has an id that the page makes, and a photo a
    number.
    """

    def __init__(self, engine: Engine, editor: EditorApi, site: str, run_recipe: Run) -> None:
        """
        Args:
            engine: the engine.
            editor: the editor, from which photos are returned.
            site: the absolute URL of index.html's folder.
            run_recipe: runs the recipes of looks.
        """
        self._engine, self._editor, self._site, self._run_recipe = engine, editor, site, run_recipe
        self._made: asyncio.Task[Batches] | None = None

    async def process_photo(
        self,
        batch: str,
        photo: float,
        file: JsProxy | None,
        name: str,
        look: dict[str, Any],
        options: dict[str, Any],
        progress: Progress,
    ) -> dict[str, Any]:
        """Cut out a photo with a look, and keep the result. A network that has looked at the photo is not run again.

        Args:
            batch: the batch.
            photo: the photo.
            file: its file; None for the copy that is kept.
            name: of its file, which a recipe may use.
            look: as `Look.read` takes it.
            options: model and backend, as `Options.read` takes them.
            progress: reports the stages.

        Returns:
            ``{"width", "height", "bytes", "extension", "thumbnail", "is_unsure", "model", "backend", "notices",
            "reduced_to", "seconds"}``: the thumbnail as a `Blob`, and to how many pixels at most the photo was made
            smaller, 0 where it was not.
        """
        batches = await self._batches()
        await batches.open_here(batch)
        chosen = Look.read(look)
        given = chosen.options_for(options)
        known = await self._known(batch, int(photo), given)
        data = await read_bytes(file or await batches.photo(batch, int(photo)))
        finisher = Finisher(chosen, name, self._run_recipe, self._engine)
        result = await self._engine.remove(data, given, progress, finisher.finish, known)
        if finisher.found and not known:
            await batches.keep_found(batch, int(photo), kept_found.to_bytes(finisher.found))
        gc.collect()  # what refers to itself would hold a photo until Python collects by itself
        is_unsure = result.uncertainty >= UNSURE
        return await self._kept(batch, int(photo), result, finisher.thumbnail, is_unsure=is_unsure)

    async def return_photo(
        self, batch: str, photo: float, options: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        """Keep the open photo as it is now as the result of a photo of the batch, and close it.

        `options` are format and quality. Returns the same as `process_photo`.
        """
        result, thumbnail = await self._editor.finish_for_batch(Options.read(options), progress)
        return await self._kept(batch, int(photo), result, thumbnail)

    async def keep_photo(self, batch: str, photo: float, file: JsProxy) -> dict[str, bool]:
        """Keep a copy of a photo. Returns ``{"is_lasting"}``: whether it survives a reload."""
        batches = await self._batches()
        if batches.is_lasting:
            await batches.keep_photo(batch, int(photo), file)
        return {"is_lasting": batches.is_lasting}

    async def photo_file(self, batch: str, photo: float) -> dict[str, JsProxy]:
        """Return ``{"file"}``: the copy of a photo."""
        return {"file": await (await self._batches()).photo(batch, int(photo))}

    async def result_file(self, batch: str, photo: float) -> dict[str, JsProxy]:
        """Return ``{"file"}``: the result of a photo."""
        return {"file": await (await self._batches()).result(batch, int(photo))}

    async def drop_photo(self, batch: str, photo: float) -> None:
        """Delete what is kept of a photo."""
        await (await self._batches()).drop(batch, int(photo))

    async def write_zip(self, batch: str, names: list[Any], progress: Progress) -> dict[str, JsProxy]:
        """Put results into a ZIP file. `names` are pairs of a photo and a name. Returns ``{"file"}``."""
        pairs = [(int(photo), str(name)) for photo, name in names]
        return {"file": await (await self._batches()).zip(batch, pairs, progress)}

    async def keep_batch(self, batch: str, state: str) -> None:
        """Keep the list of a batch, a text."""
        await (await self._batches()).keep_list(batch, state)

    async def list_batches(self) -> dict[str, Any]:
        """Return ``{"batches"}``: ``{"id", "state"}`` of each that is kept and not open in another tab."""
        found = await (await self._batches()).all()
        return {"batches": [{"id": batch, "state": text} for batch, text in found]}

    async def restore_batch(self, batch: str) -> dict[str, Any]:
        """Return ``{"state", "names", "thumbnails"}``: the list, the names of all kept files, and pairs of a photo and
        its thumbnail, a `Blob`."""
        state, names, thumbnails = await (await self._batches()).restore(batch)
        return {"state": state, "names": names, "thumbnails": [list(pair) for pair in thumbnails.items()]}

    async def keep_folder(self, batch: str, folder: JsProxy) -> None:
        """Keep the folder, a `FileSystemDirectoryHandle`, into which the results of a batch are written."""
        await chosen_folders.keep(batch, folder)

    async def kept_folder(self, batch: str) -> dict[str, JsProxy | None]:
        """Return ``{"folder"}``: the one that is kept for a batch, or null."""
        return {"folder": await chosen_folders.kept(batch)}

    async def discard_batch(self, batch: str) -> None:
        """Delete a batch with everything in it."""
        await chosen_folders.forget(batch)
        await (await self._batches()).discard(batch)

    async def _batches(self) -> Batches:
        if self._made is None:
            self._made = asyncio.ensure_future(make_batches(self._site))
        return await self._made

    async def _known(self, batch: str, photo: int, options: Options) -> Found | None:
        """Return what the network of these options has found in a photo before."""
        data = await (await self._batches()).found(batch, photo)
        known = kept_found.read(data, self._engine.catalogue) if data else None
        return known if known and known.model.id == self._engine.first_model(options.model).id else None

    async def _kept(
        self, batch: str, photo: int, result: Result, thumbnail: bytes, *, is_unsure: bool = False
    ) -> dict[str, Any]:
        await (await self._batches()).keep_result(batch, photo, result.data, thumbnail)
        return {
            "width": result.width,
            "height": result.height,
            "bytes": len(result.data),
            "extension": result.format.extension,
            "thumbnail": js.Blob.new(to_js([to_js(thumbnail)]), type="image/webp"),
            "is_unsure": is_unsure,
            "model": result.model,
            "backend": result.backend,
            "notices": list(result.notices),
            "reduced_to": self._engine.max_pixels if "reduced" in result.notices else 0,
            "seconds": result.seconds,
        }
