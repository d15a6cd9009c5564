"""What a batch asks of the browser."""

import js
from core.dom import JsException, attempt, by_id, document, element, object_of
from core.log import log
from core.worker_client import EngineError

_PREVIEW_SIDE = 240  # width in pixels
_PIECE = 4_000_000  # bytes that are written at a time

_REASONS = {
    "NotAllowedError": "denied",
    "SecurityError": "denied",
    "QuotaExceededError": "full",
    "NotFoundError": "gone",
}


class ResultFiles:
    """Files on their way out of the page."""

    def __init__(self):
        self._url = None  # of the last download: the browser reads it for as long as it is being saved

    @property
    def has_folders(self):
        """Whether the browser can write into a folder."""
        return hasattr(js.window, "showDirectoryPicker")

    def download(self, file, name):
        """Have the browser save a file."""
        if self._url:
            js.URL.revokeObjectURL(self._url)
        self._url = js.URL.createObjectURL(file)
        link = element("a", "", href=self._url, download=name)
        document.body.append(link)
        link.click()
        link.remove()

    async def choose_folder(self):
        """Let the person choose a folder, and return it; None where that is not done, or it may not be written to."""
        try:
            return await attempt(js.window, "showDirectoryPicker", object_of(mode="readwrite", id="offcut-batch"))
        except JsException as error:
            log.info("No folder was chosen: " + str(error.args[-1]))
            return None

    async def is_same(self, folder, other):
        """Return whether two folders that the person has chosen are the same one."""
        try:
            return bool(other) and await folder.isSameEntry(other)
        except JsException:
            return False

    async def write(self, folder, name, file):
        """Write a file into a folder, under another name where that one is there.

        Folders with which the name begins are made.

        Raises EngineError with the reason `denied` (by browser or person), `full` or `gone`, or none. Then no part of
        the file is left there.
        """
        free = writable = None
        try:
            *within, name = name.split("/")
            for part in within:
                folder = await folder.getDirectoryHandle(part, object_of(create=True))
            free = await _free_name(folder, name)
            handle = await folder.getFileHandle(free, object_of(create=True))
            writable = await handle.createWritable()  # the file is there once this is closed, and empty before
            # Given the file itself, Chromium calls a full disk now this, now that.
            for start in range(0, int(file.size), _PIECE):
                await writable.write(await file.slice(start, start + _PIECE).arrayBuffer())
            await writable.close()
        except JsException as error:
            _, kind, message = error.args
            log.info(f"A result was not written: {kind}: {message}")
            if free:
                await _remove(folder, free, writable)
            raise EngineError("FolderError", "", "", _REASONS.get(kind, "")) from None


async def _remove(folder, name, writable):
    try:
        if writable:
            await writable.abort()  # deletes Chromium's temporary file (.crswap)
    except JsException:
        pass  # it is closed already
    try:
        await folder.removeEntry(name)
    except JsException:
        pass  # it was not made, or the folder is out of reach


async def _free_name(folder, name):
    stem, _, extension = name.rpartition(".")
    free, count = name, 2
    while await _is_there(folder, free):
        free = f"{stem} ({count}).{extension}"
        count += 1
    return free


async def _is_there(folder, name):
    try:
        await folder.getFileHandle(name)
        return True
    except JsException:
        return False


async def make_preview(file):
    """Return a small picture of a photo as a blob; None where the browser cannot read it."""
    try:
        bitmap = await js.createImageBitmap(file, object_of(resizeWidth=_PREVIEW_SIDE, resizeQuality="low"))
    except JsException:
        return None
    canvas = js.OffscreenCanvas.new(bitmap.width, bitmap.height) if hasattr(js, "OffscreenCanvas") else None
    if canvas:
        canvas.getContext("2d").drawImage(bitmap, 0, 0)
    bitmap.close()
    return await canvas.convertToBlob(object_of(type="image/webp", quality=0.7)) if canvas else None


def make_id():
    """Return an id like no other."""
    values = js.crypto.getRandomValues(js.Uint8Array.new(12))
    return "".join(f"{value:02x}" for value in values)


def open_picker(name):
    """Let a person choose files, or a folder."""
    by_id(name).click()
