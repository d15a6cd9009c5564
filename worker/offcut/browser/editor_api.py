"""What the page requests of the editor: `Editor` with its responses as plain objects and its pictures as `ImageBitmap`.

Places and sizes of patches are in pixels of what is shown; everything else is in pixels of the full photo.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from pyodide.ffi import JsException, JsProxy

from offcut.browser.interop import heap_size, make_bitmap, read_bytes
from offcut.browser.results import file_result, result_metadata
from offcut.browser.storage.work import make_works
from offcut.colour.spaces import convert
from offcut.editing import render
from offcut.editing.display import PIXELS, Display, Source, of_array
from offcut.editing.editor import Editor
from offcut.editing.look import Look
from offcut.editing.presets import read_presets
from offcut.editing.settings import Settings
from offcut.editing.works import Works
from offcut.errors import ImageTooLargeError, InferenceError, NothingOpenError
from offcut.geometry import Box
from offcut.memory_budget import spare
from offcut.options import Options
from offcut.pipeline import Engine, Result
from offcut.progress import Progress
from offcut.protocol import messages
from offcut.recipes.recipe import Run


class EditorApi:
    """One editor. Each public method is an export of the worker.

    An `OffcutError` reaches the page with its name and message.
    """

    def __init__(self, engine: Engine, works: Works, run_recipe: Run) -> None:
        self._editor = Editor(engine, run_recipe)
        self._works = works
        self._max_pixels = PIXELS
        self._detail: tuple[Display, Box] | None = None
        """What the page holds of the photo more finely than the whole."""

    @classmethod
    def create(cls, engine: Engine, site: str, post: Callable[..., None], run_recipe: Run) -> "EditorApi":
        """Make an editor that saves the work on its photo.

        Args:
            engine: the engine.
            site: the absolute URL of index.html's folder.
            post: sends a message to the page (`RpcServer.post`).
            run_recipe: runs the recipes of settings.
        """
        return cls(engine, make_works(site, partial(post, messages.WORK)), run_recipe)

    async def open_photo(
        self, file: JsProxy, options: dict[str, Any] | None, max_pixels: float, progress: Progress
    ) -> dict[str, Any]:
        """Cut a `Blob` out and open it; `finish_photo` is to be requested next.

        Besides those of `Options` there may be the option ``look``, with which its settings begin.

        With the option ``reduce`` false, a photo that there is no memory for is not opened: returns ``{"plan"}``, the
        `offcut.memory_budget.Plan`, which says in what size it could be. Otherwise returns `result_metadata` with
        ``{"photo", "alpha", "cutout", "history", "settings"}``: small bitmaps.
        """
        plain = dict(options or {})
        look = plain.pop("look", None)
        given = Options.read(plain)
        await self._works.flush()  # the photo that is open now, while it is
        try:
            preview = await self._editor.open(await read_bytes(file), given, progress, look and Look.read(look))
        except ImageTooLargeError as error:
            if error.plan is None:
                raise
            return {"plan": error.plan.plain()}
        self._file, self._max_pixels = file, max_pixels
        self._editor.photo_name = getattr(file, "name", "")
        return result_metadata(preview.provenance, *preview.size, preview.seconds) | {
            "photo": await _bitmap(preview.photo),
            "alpha": await _bitmap(preview.alpha),
            "cutout": await _bitmap(preview.cutout),
            "history": {"names": [], "position": 0, "network": preview.provenance.model, "revision": 0},
            "settings": self._editor.first_settings.plain(),
        }

    async def finish_photo(self) -> dict[str, Any]:
        """Have the opened photo ready at its full size.

        Returns ``{"photo", "alpha", "history", "settings", "work"}``: bitmaps of at most as many pixels as `open_photo`
        was given; ``work`` is the id under which changes will be saved.
        """
        await self._editor.finish()
        work = self._works.follow(self._editor.document, self._file, getattr(self._file, "name", ""))
        return await self._opened(self._max_pixels) | {"work": work}

    async def apply_operation(self, operation: Any, progress: Progress) -> dict[str, Any]:
        """Do one operation.

        Returns ``{"x", "y", "width", "height", "alpha", "detail", "history"}``: the part of the alpha that changed, as
        it is shown, with a null ``alpha`` where nothing did; ``detail`` is the same for the last `render_detail`, or
        null.
        """
        return await self._patch(await self._editor.apply(operation, progress))

    async def find_alternative(self, model: str, backend: str, progress: Progress) -> dict[str, Any]:
        """Compute the open photo's alpha with another network, unless it is known; the photo can be edited meanwhile.

        Returns ``{"seconds", "suited"}``: the time of each stage, and the id of the network whose alpha suits the
        photo, of those that have looked at it.
        """
        document = self._editor.document
        try:
            seconds = await self._editor.find_alternative(model, backend, progress)
        except JsException as error:  # such as a buffer that cannot be had: no reason to give up the open photo
            raise InferenceError(f"The other network could not look at this photo: {error}") from error
        if self._editor.has_open(document):
            self._keep()
        return {"seconds": seconds, "suited": self._editor.suited() if self._editor.has_open(document) else model}

    async def use_alternative(self, model: str, is_upgrade: bool, progress: Progress) -> dict[str, Any]:
        """Put what another network found under everything that was done, as one more step. Returns the same as
        `undo`."""
        return await self._stepped(await self._editor.use_alternative(model, is_upgrade, progress))

    async def list_alternatives(self, side: float) -> dict[str, Any]:
        """Return what the networks that have looked at the photo found (`offcut.editing.alternatives.Results`).

        ``{"looked", "current", "agreement", "is_doubtful", "pictures"}``; ``pictures`` are ``{"model", "title",
        "picture"}`` each, with a data URL whose picture's longer side is `side`.
        """
        return asdict(await self._editor.list_alternatives(max(1, int(side))))

    async def undo(self) -> dict[str, Any]:
        """Undo the last step. Returns the same as `apply_operation`, and ``settings``."""
        return await self._stepped(await self._editor.undo())

    async def redo(self) -> dict[str, Any]:
        """Redo the next step. Returns the same as `undo`."""
        return await self._stepped(await self._editor.redo())

    async def go_to_step(self, position: float) -> dict[str, Any]:
        """Undo or redo up to that number of steps. Returns the same as `undo`."""
        return await self._stepped(await self._editor.go_to_step(int(position)))

    async def start_over(self, progress: Progress) -> dict[str, Any]:
        """Return to the network's alpha and the settings at first, as one more step that can be undone. Returns the
        same as `undo`."""
        return await self._stepped(await self._editor.start_over(progress))

    async def preview_settings(self, settings: Any) -> dict[str, Any]:
        """Try settings that may change again at once; what they do not name has its default.

        Returns ``{"alpha"}``: a small copy of the whole alpha; null where it did not change. The last `render_detail`
        is out of date then.
        """
        small = await self._editor.preview_settings(Settings.read(settings))
        if small is None:
            return {"alpha": None}
        self._detail = None
        return {"alpha": await _bitmap(small)}

    async def set_settings(self, settings: Any) -> dict[str, Any]:
        """Use these settings, as one more step where they are others; what they do not name has its default.

        Returns ``{"alpha", "history"}``: the whole alpha as it is shown, null where it did not change. The last
        `render_detail` is out of date then.
        """
        changed = await self._editor.set_settings(Settings.read(settings))
        self._keep()
        alpha = None
        if changed:
            self._detail = None
            alpha = await self._shown(of_array(self._editor.document.finished))
        return {"alpha": alpha, "history": self._history()}

    async def render_cutout(self, is_detail: bool) -> dict[str, Any]:
        """Return ``{"cutout"}``: RGBA with its foreground colours, the whole as it is shown, or the part of the last
        `render_detail`."""
        whole = self._display, self._display.whole
        shown, box = self._detail if is_detail and self._detail else whole
        return {"cutout": await self._of_box(shown, await self._editor.render_cutout(), box)}

    async def render_composition(self, max_side: float) -> dict[str, Any]:
        """Compose background, shadow and placed subject, and run the recipe.

        Returns ``{"picture", "width", "height", "window", "placement", "enlarged", "is_head_guessed",
        "recipe_error"}``: a picture whose longer side is at most `max_side` before the recipe, the size that it has
        when it is saved, which part of the photo's coordinates it shows (``{"left", "top", "width", "height"}``), where
        the subject lies in it (``{"x", "y", "scale", "rotate"}``), as far as the subject is enlarged ``{"kind",
        "pixels", "zoom"}``, whether only the outline says where the head is, and where the recipe has failed
        ``{"message", "line", "traceback"}``.
        """
        made = await self._editor.render_composition(max(1, int(max_side)))
        window, error = made.window, made.error
        shown = {
            "picture": await _bitmap(np.asarray(made.picture)),
            "width": made.width,
            "height": made.height,
            "window": {"left": window.left, "top": window.top, "width": window.width, "height": window.height},
            "placement": asdict(self._editor.document.settings.placement),
            "is_head_guessed": made.is_head_guessed,
        }
        if made.enlargement:
            shown["enlarged"] = made.enlargement._asdict()
        if error:
            shown["recipe_error"] = {"message": str(error), "line": error.line, "traceback": error.traceback}
        return shown

    async def set_background_image(self, file: JsProxy) -> dict[str, Any]:
        """Take an image for the background of that kind. Returns ``{"image"}``: the number by which settings use it."""
        number = await self._editor.set_background_image(lambda: read_bytes(file))
        self._works.take_background(number, file)
        return {"image": number}

    async def pick_colour(self, x: float, y: float) -> dict[str, str]:
        """Return ``{"colour"}``: the photo's at that point, as ``"#rrggbb"``."""
        return {"colour": self._editor.document.colour_at(x, y)}

    async def list_colours(self) -> dict[str, list[str]]:
        """Return ``{"colours"}``: the photo's main ones, each as ``"#rrggbb"``."""
        return {"colours": self._editor.document.main_colours()}

    async def spare_memory(self) -> dict[str, int]:
        """Return ``{"bytes"}``: how much of this worker's WebAssembly memory the open photo does not need.

        Only another worker gives it back.
        """
        try:
            width, height = self._editor.document.size
        except NothingOpenError:
            width = height = 0
        return {"bytes": spare(heap_size(), width * height)}

    async def render_photo(self) -> dict[str, Any]:
        """Return ``{"photo", "alpha"}``: both once more, as `finish_photo` returned them, with all changes since. The
        last `render_detail` is out of date then."""
        self._detail = None
        return await self._photo_and_alpha()

    async def render_detail(self, x: float, y: float, width: float, height: float, scale: float) -> dict[str, Any]:
        """A part of the photo more finely than the whole is shown, `scale` pixels for each of the photo's, at most 1.

        Returns ``{"x", "y", "width", "height", "photo", "alpha"}``: where it lies, cut to the photo and to whole pixels
        of the response, and null bitmaps where nothing of it lies in the photo. Later changes of the alpha keep it up
        to date.
        """
        document = self._editor.document
        shown = Display.at_scale(document.size, scale)
        wanted = Box(int(y), math.ceil(y + height), int(x), math.ceil(x + width))
        box = shown.shown(wanted.within(shown.height, shown.width))
        self._detail = shown, box
        photo, alpha = render.photo_source(document), of_array(document.finished)
        places = dict(zip(("x", "y", "width", "height"), shown.place(box), strict=True))
        return places | {"photo": await self._of_box(shown, photo, box), "alpha": await self._of_box(shown, alpha, box)}

    async def save_picture(self, options: dict[str, Any] | None, progress: Progress) -> dict[str, Any]:
        """Save the finished picture. Returns `file_result`.

        Besides those of `Options` there may be the option ``longest``, the longer side in pixels; without it the
        picture has its full size.
        """
        given = dict(options or {})
        longest = given.pop("longest", None)
        return file_result(await self._editor.save(Options.read(given), progress, longest))

    async def save_sheet(self, paper: str, kind: str, progress: Progress) -> dict[str, Any]:
        """Save a sheet with the finished picture on it (`offcut.protocol.sheets`). Returns `file_result`."""
        return file_result(await self._editor.save_sheet(paper, kind, progress))

    async def finish_for_batch(self, options: Options, progress: Progress) -> tuple[Result, bytes]:
        """Return the finished picture and its thumbnail, as files, and close the photo.

        What was done to it is saved.
        """
        await self._works.flush()
        result = await self._editor.save(options, progress)
        thumbnail = await self._editor.thumbnail()
        self._editor.close()
        self._detail = None
        return result, thumbnail

    async def read_presets(self, text: str) -> dict[str, Any]:
        """Read a file of presets.

        Returns ``{"presets"}``: ``{"name", "look"}`` each, the look as JSON with every field that counts.
        """
        looks = read_presets(text)
        return {"presets": [{"name": name, "look": json.dumps(look.plain())} for name, look in looks.items()]}

    async def list_works(self, first: str) -> dict[str, Any]:
        """List the works that this device has saved: ``{"works"}``, as `Works.all` returns them."""
        return {"works": await self._works.all(first)}

    async def restore_work(self, id: str, max_pixels: float, progress: Progress) -> dict[str, Any]:
        """Open saved work.

        Returns ``{"width", "height", "model", "title", "name", "file", "photo", "alpha", "history", "settings",
        "work"}``; ``file`` is the photo as it was chosen.

        Raises:
            WorkDamagedError: nothing is saved, or a part of it is missing.
        """
        manifest, files, parts = await self._works.read(id)
        images = {int(name.split("-")[1]): file for name, file in files.items() if name != "photo"}
        readers = {number: partial(read_bytes, file) for number, file in images.items()}
        await self._editor.reopen(await read_bytes(files["photo"]), manifest, parts, readers, progress)
        self._editor.photo_name = manifest["name"]
        document = self._editor.document
        work = await self._works.follow_saved(document, manifest, files)
        width, height = document.size
        return {
            "width": width,
            "height": height,
            "model": document.provenance.model,
            "title": document.provenance.title,
            "name": manifest["name"],
            "file": files["photo"],
            "work": work,
        } | await self._opened(max_pixels)

    async def discard_work(self, id: str) -> None:
        """Delete saved work. If it is that on the open photo, the photo is closed."""
        if id == self._works.id:
            self._editor.close()
            self._detail = None
        await self._works.discard(id)

    @property
    def _display(self) -> Display:
        """How the whole photo is shown."""
        return Display.of(self._editor.document.size, self._max_pixels)

    async def _opened(self, max_pixels: float) -> dict[str, Any]:
        document = self._editor.document
        self._max_pixels, self._detail = max_pixels, None
        return await self._photo_and_alpha() | {
            "history": self._history(),
            "settings": document.settings.plain(),
        }

    async def _photo_and_alpha(self) -> dict[str, Any]:
        document = self._editor.document
        return {
            "photo": await self._shown(render.photo_source(document)),
            "alpha": await self._shown(of_array(document.finished)),
        }

    def _history(self) -> dict[str, Any]:
        document = self._editor.document
        return {
            "names": [step.name for step in document.history.steps],
            "position": document.history.position,
            "network": document.network,
            "revision": self._works.revision,
        }

    def _keep(self) -> None:
        """Save the work on this device, if a person has done anything to the photo."""
        if self._editor.document.history.has_edits:
            self._works.changed()

    async def _stepped(self, box: Box | None) -> dict[str, Any]:
        return await self._patch(box) | {"settings": self._editor.document.settings.plain()}

    async def _patch(self, box: Box | None) -> dict[str, Any]:
        self._keep()
        shown = self._display
        whole = await self._part(box, shown, shown.whole)
        detail = await self._part(box, *self._detail) if self._detail else None
        return whole | {"detail": detail, "history": self._history()}

    async def _part(self, box: Box | None, shown: Display, held: Box) -> dict[str, Any]:
        """What a change of a box of the photo changes of what is held of a display."""
        changed = shown.shown(box).within_box(held) if box else Box(0, 0, 0, 0)
        alpha = await self._of_box(shown, of_array(self._editor.document.finished), changed)
        return _place(changed.inside(held)) | {"alpha": alpha}

    async def _shown(self, source: Source) -> JsProxy | None:
        return await self._of_box(self._display, source, self._display.whole)

    async def _of_box(self, shown: Display, source: Source, box: Box) -> JsProxy | None:
        """Show a box of a display: colours in sRGB, as every canvas here."""
        height, width = box.bottom - box.top, box.right - box.left
        if height <= 0 or width <= 0:
            return None
        space = self._editor.document.provenance.space
        return await make_bitmap(
            height,
            width,
            lambda part: convert(shown.part(source, part.moved(box.top, box.left)), space, None),
        )


async def _bitmap(values: np.ndarray) -> JsProxy:
    height, width = values.shape[:2]
    return await make_bitmap(height, width, of_array(values))


def _place(box: Box) -> dict[str, Any]:
    return {"x": box.left, "y": box.top, "width": max(0, box.right - box.left), "height": max(0, box.bottom - box.top)}
