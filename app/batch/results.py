"""The results of a batch: their names, one ZIP file of all, or files in a folder that a person chooses."""

from core.errors import internal_error
from core.i18n import t
from core.log import log
from core.signals import Signal
from core.worker_client import EngineError
from export.file_name import folder_path

from offcut.protocol.formats import FILE_TYPES

_WHITE = ("#ffffff", "#fff", "white")


def names_of(batch, naming) -> list:
    """Return pairs of a finished photo's number and the name of its result, such as `shoes/red-cutout.png`.

    Results lie in the folders that their photos were chosen in, below what all photos have in common. No name comes
    twice.
    """
    found, taken = [], []
    folders = [folder_path(photo.folder) for photo in batch.photos]
    common = _common(folders)
    suffix = _suffix(batch.look)
    finished = batch.finished()
    for place, photo in enumerate(batch.photos):
        if photo not in finished:
            continue
        name = naming.name(photo.name, suffix, photo.result["extension"], place + 1)
        name = "/".join(folders[place][common:] + [name])
        stem, _, extension = name.rpartition(".")
        count = 2
        while name.lower() in taken:  # not every file system tells capitals from small letters
            name = f"{stem}-{count}.{extension}"
            count += 1
        taken.append(name.lower())
        found.append((photo.number, name))
    return found


def _common(paths) -> int:
    """Return how many folders all paths begin with."""
    count = min((len(path) for path in paths), default=0)
    while count and any(path[:count] != paths[0][:count] for path in paths):
        count -= 1
    return count


def _suffix(look) -> str:
    background = look["background"]
    kind = background["kind"]
    is_white = kind == "colour" and background.get("colour", "").lower() in _WHITE
    is_laid_on_white = kind == "transparent" and not FILE_TYPES[look["format"]].transparent
    return "-white" if is_white or is_laid_on_white else "-cutout"


class BatchResults:
    """Saves the results, one way at a time."""

    def __init__(self, batch, worker, browser, naming) -> None:
        """
        Args:
            batch: the `Batch`.
            worker: the `WorkerClient`.
            browser: what has `download(file, name)`, and the coroutine functions `choose_folder()`, which returns a
                folder or None, `is_same(folder, other)`, and `write(folder, name, file)`; the name may begin with
                folders.
            naming: the `Naming`.
        """
        self._batch, self._worker, self._browser, self._naming = batch, worker, browser, naming
        self._folder = None  # the folder that could not take everything
        self.is_saving = False
        self.done = self.total = 0
        """While results are saved: how many are, and of how many."""

        self.changed = Signal()
        """Emitted when any of these changes."""

        self.saved = Signal()
        """Emitted with how many results were saved, and where: ``"zip"`` or ``"folder"``."""

        self.failed = Signal()
        """Emitted with the `EngineError` for which nothing was saved, or not everything."""

    async def save_zip(self, name: str) -> None:
        """Put all results into a ZIP file of that name, and have the browser save it."""
        names = names_of(self._batch, self._naming)
        if not self._begin(names):
            return

        def on_progress(stage: str, done: float, total: float) -> None:
            self._count(done)

        try:
            response = await self._worker.write_zip(
                self._batch.id, [list(pair) for pair in names], on_progress=on_progress
            )
            self._browser.download(response.file, name)
            self._end(len(names), "zip")
        except Exception as error:  # whatever it is, the next saving must be possible
            self._fail(error)

    async def save_to_folder(self) -> None:
        """Write all results into a folder that the person chooses now.

        Where something comes in between, those that are written already are left out when the same folder is chosen
        again.
        """
        batch, names = self._batch, names_of(self._batch, self._naming)
        if self.is_saving or not names:
            return
        folder = await self._browser.choose_folder()
        if folder is None or not self._begin(names):
            return
        try:
            if not await self._is_last(folder):
                self._forget()
            self._folder = folder
            await self._worker.keep_folder(batch.id, folder)
            for number, name in names:
                result = batch.find(number).result  # another object with each result
                if not result.get("in_folder"):
                    response = await self._worker.result_file(batch.id, number)
                    await self._browser.write(folder, name, response.file)
                    batch.note_in_folder(result)
                self._count(self.done + 1)
            self._folder = None
            self._forget()
            self._end(len(names), "folder")
        except Exception as error:  # as above
            self._fail(self._explained(error, len(self._in_folder()), len(names)))

    async def _is_last(self, folder) -> bool:
        """Whether it is the folder that has taken some of the results, perhaps before a reload."""
        if self._folder is None and self._in_folder():
            self._folder = (await self._worker.kept_folder(self._batch.id)).folder
        return await self._browser.is_same(folder, self._folder)

    def _in_folder(self) -> list:
        """Return the results that the folder has."""
        return [photo.result for photo in self._batch.finished() if photo.result.get("in_folder")]

    def _forget(self) -> None:
        for result in self._in_folder():
            self._batch.note_in_folder(result, is_there=False)

    def _explained(self, error, done: int, count: int):
        """Return the error of a folder with its text; where the disk is full the batch is paused, too."""
        if not isinstance(error, EngineError) or error.name != "FolderError":
            return error
        if error.reason == "full" and self._batch.is_going:
            self._batch.pause(True)
        text = t("batch.folder." + (error.reason or "failed"), done=done, count=count)
        return EngineError(error.name, text, "", error.reason)

    async def save_one(self, photo) -> None:
        """Have the browser save the result of one photo."""
        for number, name in names_of(self._batch, self._naming):
            if number == photo.number:
                try:
                    response = await self._worker.result_file(self._batch.id, number)
                    self._browser.download(response.file, name.rpartition("/")[2])
                except EngineError as error:
                    self.failed.emit(error)

    def _begin(self, names) -> bool:
        if self.is_saving or not names:
            return False
        self.is_saving, self.done, self.total = True, 0, len(names)
        self.changed.emit()
        return True

    def _count(self, done) -> None:
        self.done = int(done)
        self.changed.emit()

    def _end(self, count: int, where: str) -> None:
        self.is_saving = False
        self._batch.note_saved()
        self.changed.emit()
        self.saved.emit(count, where)

    def _fail(self, error) -> None:
        self.is_saving = False
        self.changed.emit()
        if not isinstance(error, EngineError):
            log.error("The results were not saved", cause=error)
            error = internal_error(error)
        self.failed.emit(error)
