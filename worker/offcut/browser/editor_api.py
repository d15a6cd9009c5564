"""The editor's exports: `Editor` with its answers as plain objects and its pictures as `ImageBitmap`.

Each takes the number of a job first, by which progress is told. Places and sizes of patches are in pixels of what is
shown; everything else is in pixels of the full photo.
"""

import json
import math
import zlib

import numpy as np
from pyodide.ffi import JsException, JsProxy

from offcut.browser.bitmaps import bitmap_of
from offcut.browser.files import bytes_of
from offcut.browser.rpc import answer_of, teller, told_of
from offcut.browser.storage.work import WorkStore
from offcut.editing.display import PIXELS, Display, Source, of_array
from offcut.editing.editor import Editor, settings_of
from offcut.editing.history import History
from offcut.editing.settings import Settings
from offcut.errors import InferenceError
from offcut.geometry import Box
from offcut.options import Options
from offcut.pipeline import Engine


class EditorApi:
    """One editor, as the page asks it."""

    def __init__(self, engine: Engine, store: WorkStore) -> None:
        self._engine = engine
        self._editor = Editor(engine)
        self._store = store
        self._settled = Settings()
        self._pixels = PIXELS
        self._close: tuple[Display, Box] | None = None
        """What the page holds of the photo more finely than the whole."""

    async def open(self, job: int, file: JsProxy, options: JsProxy | None, pixels: float = PIXELS) -> dict:
        """Cut a `Blob` out and open it; `finish` is to be asked next. Answers like `remove` but for the file, and with
        ``{"photo", "alpha", "cutout", "scale", "history", "settings"}``: small bitmaps, and how many of their pixels there
        are for each of the photo's."""
        given = Options.read(options.to_py() if options else {})
        look = await self._editor.open(await bytes_of(file), given, teller(job))
        self._file, self._pixels = file, pixels
        return told_of(look.origin, *look.size, look.seconds) | {
            "photo": await _bitmap(look.photo),
            "alpha": await _bitmap(look.alpha),
            "cutout": await _bitmap(look.cutout),
            "scale": look.alpha.shape[1] / look.size[0],
            "history": _told(History()),
            "settings": settings_of(given).plain(),
        }

    async def finish(self, job: int) -> dict:
        """Have the photo that was opened ready for everything. Answers ``{"photo", "alpha", "scale", "history",
        "settings"}``: bitmaps of at most as many pixels as `open` was told."""
        await self._editor.finish()
        self._store.follow(self._editor.document, self._file)
        return await self._opened(self._pixels)

    async def apply(self, job: int, operation: JsProxy) -> dict:
        """Do one operation. Answers ``{"x", "y", "width", "height", "alpha", "history"}``; alpha is null where nothing
        changed."""
        given = operation.to_py()
        if isinstance(given, dict):  # typed arrays come as memory views
            given = {name: value.tolist() if isinstance(value, memoryview) else value for name, value in given.items()}
        return await self._patch(await self._editor.apply(given, teller(job)))

    async def improve(self, job: int, model: str, backend: str) -> dict:
        """Have another network look at the open photo, which can be edited meanwhile. Answers ``{"title", "seconds"}``."""
        try:
            seconds = await self._editor.improve(model, backend, teller(job))
        except JsException as error:  # such as a buffer that cannot be had: no reason to give up the open photo
            raise InferenceError(f"The other network could not look at this photo: {error}") from error
        return {"title": self._engine.model.title, "seconds": seconds}

    async def replace(self, job: int) -> dict:
        """Put what `improve` found under what was done since, as the first step. Answers like `apply`."""
        return await self._patch(await self._editor.replace(teller(job)))

    async def undo(self, job: int) -> dict:
        """Take the last step back. Answers like `apply`."""
        return await self._patch(await self._editor.step(-1))

    async def redo(self, job: int) -> dict:
        """Do the next step again. Answers like `apply`."""
        return await self._patch(await self._editor.step(1))

    async def goto(self, job: int, position: int) -> dict:
        """Undo or redo to that number of steps. Answers like `apply`."""
        return await self._patch(await self._editor.goto(int(position)))

    async def start_over(self, job: int) -> dict:
        """Go back to the network's alpha, as one more step that can be undone. Answers like `apply`."""
        return await self._patch(await self._editor.apply({"kind": "start_over"}, teller(job)))

    async def settings(self, job: int, settings: JsProxy, preview: bool) -> dict:
        """Take other settings: all of them, for what is not named has its default. Answers ``{"alpha"}``: the whole alpha
        as it is shown, for a preview a small copy of it; null where it did not change. What `region` gave is out of date then."""
        given = Settings.read(settings.to_py())
        if preview:
            small = await self._editor.preview(given)
            if small is None:
                return {"alpha": None}
            self._close = None
            return {"alpha": await bitmap_of(*small.shape, of_array(small))}
        changed = await self._editor.set(given)
        if given != self._settled:
            self._settled = given
            self._store.changed()
        if not changed:
            return {"alpha": None}
        self._close = None
        return {"alpha": await self._shown(self._editor.alpha())}

    async def cutout(self, job: int, close: bool) -> dict:
        """Answers ``{"cutout"}``: RGBA with the subject's own colours, as it is shown, or with `close` the part that `region`
        gave last."""
        display, box = self._close if close and self._close else (self._editor.display, self._editor.display.whole)
        return {"cutout": await _of_box(display, await self._editor.cutout(), box)}

    async def composed(self, job: int, max_side: float) -> dict:
        """Answers ``{"picture", "width", "height"}``: background, shadow and placed subject, its longest side at most so long,
        and its size when it is saved."""
        picture = np.asarray(await self._editor.composed(max(1, int(max_side))))
        width, height = self._editor.canvas()
        return {"picture": await bitmap_of(*picture.shape[:2], of_array(picture)), "width": width, "height": height}

    async def background_image(self, job: int, file: JsProxy) -> dict:
        """Take an image for the background of that kind. Answers ``{}``."""
        await self._editor.take_background_image(await bytes_of(file))
        self._store.take_background(file)
        return {}

    async def pick(self, job: int, x: float, y: float) -> dict:
        """Answers ``{"colour"}``: the photo's there, as ``"#rrggbb"``."""
        return {"colour": self._editor.pick(x, y)}

    async def region(self, job: int, x: float, y: float, width: float, height: float, scale: float) -> dict:
        """A part of the photo more finely than it is shown as a whole, `scale` pixels for each of the photo's, at most 1.

        Answers ``{"x", "y", "width", "height", "photo", "alpha"}``: where it lies, cut to the photo and to whole pixels of
        the answer's, and null bitmaps where nothing of it lies in the photo. Later answers of `apply` keep it up to date.
        """
        display = self._editor.close_up(scale)
        wanted = Box(int(y), math.ceil(y + height), int(x), math.ceil(x + width))
        box = display.shown(wanted.within(display.height, display.width))
        self._close = display, box
        photo, alpha = self._editor.photo(), self._editor.alpha()
        places = dict(zip(("x", "y", "width", "height"), display.place(box)))
        return places | {"photo": await _of_box(display, photo, box), "alpha": await _of_box(display, alpha, box)}

    async def save(self, job: int, options: JsProxy | None) -> dict:
        """The picture with everything done to it. Answers like `remove`. Beside the options there may be ``longest``, the
        longer side in pixels; without it the picture is saved at full size."""
        given = options.to_py() if options else {}
        longest = given.pop("longest", None)
        return answer_of(await self._editor.save(Options.read(given), teller(job), longest))

    async def state(self, job: int) -> dict:
        """What was done: ``{"operations", "position", "settings"}``."""
        document = self._editor.document
        return {
            "operations": [json.loads(zlib.decompress(step.operation)) for step in document.history.steps],
            "position": document.history.position,
            "settings": document.settings.plain(),
        }

    async def kept(self, job: int) -> dict:
        """Whether there is work from before, on this device: ``{"kept"}``, null or ``{"name", "width", "height", "steps",
        "saved"}``, the last in milliseconds since 1970."""
        found = await self._store.kept()
        if found is None:
            return {"kept": None}
        width, height = found["size"]
        told = {
            "name": found["name"],
            "width": width,
            "height": height,
            "steps": found["position"],
            "saved": found["saved"],
        }
        return {"kept": told}

    async def restore(self, job: int, pixels: float = PIXELS) -> dict:
        """Go on with the kept work. Answers like `open`, without a file: ``{"width", "height", "model", "title", "name",
        "photo", "alpha", "scale", "history", "settings", "file"}``, the last the photo as it was chosen."""
        manifest, files, parts = await self._store.read()
        background = [await bytes_of(file) for name, file in files.items() if name != "photo"]
        await self._editor.reopen(
            await bytes_of(files["photo"]), manifest, parts, background[0] if background else None, teller(job)
        )
        document = self._editor.document
        self._store.follow_kept(document, manifest, files)
        width, height = document.size
        return {
            "width": width,
            "height": height,
            "model": document.origin.model,
            "title": document.origin.title,
            "name": manifest["name"],
            "file": files["photo"],
        } | await self._opened(pixels)

    async def forget(self, job: int) -> dict:
        """Throw the kept work away for good, and keep nothing more of the photo that is open. Answers ``{}``."""
        await self._store.forget()
        return {}

    async def _opened(self, pixels: float) -> dict:
        editor = self._editor
        editor.pixels, self._close = pixels, None
        self._settled = editor.document.settings
        return {
            "photo": await self._shown(editor.photo()),
            "alpha": await self._shown(editor.alpha()),
            "scale": editor.display.scale,
            "history": _told(editor.document.history),
            "settings": editor.document.settings.plain(),
        }

    async def _patch(self, box: Box | None) -> dict:
        if box:
            self._store.changed()
        display = self._editor.display
        whole = await self._part(box, display, display.whole)
        detail = await self._part(box, *self._close) if self._close else None
        return whole | {"detail": detail, "history": _told(self._editor.document.history)}

    async def _part(self, box: Box | None, display: Display, held: Box) -> dict:
        """What a change of a box of the photo changes of what is held of a display."""
        changed = display.shown(box).within_box(held) if box else Box(0, 0, 0, 0)
        alpha = await _of_box(display, self._editor.alpha(), changed)
        return _place(changed.inside(held)) | {"alpha": alpha}

    async def _shown(self, source: Source) -> JsProxy:
        return await _of_box(self._editor.display, source, self._editor.display.whole)


async def _bitmap(values: np.ndarray) -> JsProxy:
    return await bitmap_of(*values.shape[:2], of_array(values))


def _told(history: History) -> dict:
    return {
        "names": [step.name for step in history.steps],
        "position": history.position,
        "bytes": history.bytes,
        "dropped": history.dropped,
    }


async def _of_box(display: Display, source: Source, box: Box) -> JsProxy | None:
    height, width = box.bottom - box.top, box.right - box.left
    if height <= 0 or width <= 0:
        return None
    return await bitmap_of(height, width, lambda part: display.part(source, part.moved(box.top, box.left)))


def _place(box: Box) -> dict:
    return {"x": box.left, "y": box.top, "width": max(0, box.right - box.left), "height": max(0, box.bottom - box.top)}
