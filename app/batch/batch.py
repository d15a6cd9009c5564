"""A batch: photos with their states, and the look they get. `BatchRunner` has them cut out."""

import json

from core.signals import Signal
from core.worker_client import EngineError

from offcut.protocol.look import LOOK

WAITING, WORKING, DONE, REFUSED, CANCELLED = "waiting", "working", "done", "refused", "cancelled"

STATES = (WAITING, WORKING, DONE, REFUSED, CANCELLED)
"""What a photo of a batch can be."""

_FORMAT = 1  # of what `plain` returns


class BatchPhoto:
    """One photo of a batch."""

    def __init__(self, number, name, file=None, folder="") -> None:
        """`file` is None where only the worker has a copy of it."""
        self.number, self.name, self.file = number, name, file
        self.folder = folder
        """The path of the folder in which it was chosen, such as `shop/shoes`; empty where it was chosen by itself."""

        self.state = WAITING
        self.stage = ""
        """What is being done while it is in work: a stage that the worker reports."""

        self.error = None
        """The `EngineError` of a refused photo."""

        self.result = None
        """What is known of its finished picture: a dictionary with `width`, `height`, `bytes`, `extension` and
        `is_unsure`, which says whether the network is unsure of it, `model`, the network, `reduced_to`: to how many
        pixels the photo was made smaller, 0 where it was not, `enlarged`: how many pixels the subject has in the
        photo and in the picture, where that is not sharp, and `missing`: what was not found, of `no-subject` and
        `no-face`. `in_folder` says that it is in the folder that could not take everything yet."""

        self.is_current = False
        """Whether the result is as the batch's look wants it. So it is also while another network improves it."""

        self.thumbnail = ""
        """Address of a small picture of the result, empty while there is none."""

        self.preview = ""
        """Address of a small picture of the photo itself, empty while there is none."""

        self.is_edited = False
        """Whether a person has changed it in the editor: then another look for all leaves it as it is."""

        self.work = ""
        """The id of the work that is saved of it, if it was edited."""

        self.is_kept = file is None
        """Whether the worker has a copy of its file."""

        self.attempt = 0
        """Counts what made an answer of the worker out of date: cancelling, another look."""

    @property
    def path(self) -> str:
        """Its name with that of its folder."""
        return self.folder + "/" + self.name if self.folder else self.name

    @property
    def is_lost(self) -> bool:
        """Whether it was refused because neither the page nor the worker has its file."""
        return self.file is None and getattr(self.error, "name", "") == "BatchGoneError"

    @property
    def is_unsure(self) -> bool:
        """Whether a person should look at its result first: the network is unsure of it, or found no subject or face.
        Not where it has been edited."""
        result = self.result or {}
        return bool(result.get("is_unsure") or result.get("missing")) and not self.is_edited


class Batch:
    """Photos in the order in which they came. Every change is announced by a signal."""

    def __init__(self) -> None:
        self.id = ""
        self.photos: list = []
        self.look = dict(LOOK)
        self.is_paused = False
        self.is_saved = False
        """Whether the results were saved as they are now."""

        self._last = 0  # number of the newest photo
        self.listed = Signal()
        """Emitted when photos came or went."""

        self.photo_changed = Signal()
        """Emitted with a `BatchPhoto` whose state, stage or result is another."""

        self.changed = Signal()
        """Emitted after any change but that of a stage."""

    # Questions

    def of(self, *states) -> list:
        """Return the photos in one of these states."""
        return [photo for photo in self.photos if photo.state in states]

    def count(self, *states) -> int:
        """Return how many photos are in one of these states."""
        return len(self.of(*states))

    def finished(self) -> list:
        """Return the photos with a result that can be saved, also where that is being improved."""
        return [photo for photo in self.photos if photo.is_current]

    def next(self) -> list:
        """Return the photos that wait, in the order of their turn: those without a result come first."""
        waiting = self.of(WAITING)
        improved = [photo for photo in waiting if photo.is_current]
        return [photo for photo in waiting if not photo.is_current] + improved

    def unsure(self) -> list:
        """Return the finished photos that a person should look at first."""
        return [photo for photo in self.of(DONE) if photo.is_unsure]

    @property
    def is_going(self) -> bool:
        """Whether there is anything left to do, paused or not."""
        return self.count(WAITING, WORKING) > 0

    def find(self, number):
        """Return the photo of that number, or None."""
        for photo in self.photos:
            if photo.number == number:
                return photo
        return None

    # Photos come and go

    def begin(self, id: str, look=None) -> None:
        """Be another batch, with no photos yet. `look` is for all of them, None for the default."""
        self.id, self.photos, self._last = id, [], 0
        self.look = dict(look or LOOK)
        self.is_paused = self.is_saved = False
        self._announce_list()

    def add(self, files) -> None:
        """Add photos at the end. Those that a reload has cost their files get them back by their names."""
        for file in self._without_known(files):
            self._last += 1
            self.photos.append(BatchPhoto(self._last, file.name, file, folder_of(file)))
        self.is_saved = False
        self._announce_list()

    def _without_known(self, files):
        """Give lost photos their files. Returns the others, without those of a folder that was just chosen again."""
        known = list(self.photos)
        lost = [photo for photo in self.of(REFUSED) if photo.is_lost]
        others, has_found = [], False
        for file in files:
            again = [photo for photo in lost if _may_be(photo, file)]
            if again:
                has_found = True
                lost.remove(again[0])
                again[0].file, again[0].is_kept = file, False
                self.retry(again[0])
            else:
                others.append(file)
        return [file for file in others if not any(_may_be(photo, file) for photo in known)] if has_found else others

    def remove(self, photo) -> None:
        """Take a photo out of the batch."""
        photo.attempt += 1
        self.photos.remove(photo)
        self._announce_list()

    # The way of a photo

    def start(self, photo) -> int:
        """It is in work now. Returns the attempt, with which its answer is given."""
        photo.state, photo.error, photo.stage = WORKING, None, ""
        self._announce(photo)
        return photo.attempt

    def note_stage(self, photo, attempt: int, stage: str) -> None:
        """The worker has reached a stage."""
        if photo.attempt == attempt and photo.state == WORKING and photo.stage != stage:
            photo.stage = stage
            self.photo_changed.emit(photo)

    def finish(self, photo, attempt: int, result: dict, thumbnail: str) -> bool:
        """The picture is made. Returns whether it still counts."""
        if photo.attempt != attempt:
            return False
        photo.state, photo.error = DONE, None
        photo.result, photo.thumbnail = result, thumbnail
        photo.is_current = True
        self.is_saved = False
        self._announce(photo)
        return True

    def refuse(self, photo, attempt: int, error) -> None:
        """The photo cannot be cut out. One that was to be improved stays as it was."""
        if photo.attempt == attempt and photo.is_current:
            photo.state = DONE
            self._announce(photo)
        elif photo.attempt == attempt:
            photo.state, photo.error, photo.result = REFUSED, error, None
            self._announce(photo)

    def put_back(self, photo, attempt: int) -> None:
        """Nothing came of this attempt, for a reason that is not the photo's."""
        if photo.attempt == attempt and photo.state == WORKING:
            self._wait(photo)

    # What a person decides

    def cancel(self, photo) -> None:
        """Leave a photo out that is not finished yet. One that was to be improved stays as it was."""
        if photo.state in (WAITING, WORKING):
            photo.attempt += 1
            photo.state = DONE if photo.is_current else CANCELLED
            self._announce(photo)

    def cancel_all(self) -> None:
        """Leave out all that are not finished yet. Those that were to be improved stay as they were."""
        self.is_paused = False
        going = self.of(WAITING, WORKING)
        self._put_all([photo for photo in going if not photo.is_current], CANCELLED)
        self._put_all([photo for photo in going if photo.is_current], DONE)

    def retry(self, photo) -> None:
        """Try a refused or cancelled photo again."""
        if photo.state in (REFUSED, CANCELLED):
            self._wait(photo)

    def retry_all(self) -> None:
        """Try all refused and cancelled photos again."""
        self._put_all(self.of(REFUSED, CANCELLED), WAITING)

    def pause(self, is_paused: bool) -> None:
        """Begin with no more photos, or go on."""
        self.is_paused = is_paused
        self.changed.emit()

    def use_look(self, look: dict) -> None:
        """Give all photos another look. Those that were edited keep theirs."""
        if look == self.look:
            return
        self.look = look
        others = [photo for photo in self.of(WAITING, WORKING, DONE) if not photo.is_edited]
        for photo in others:
            photo.is_current = False
        self._put_all(others, WAITING)

    def improve(self, photos) -> None:
        """Have finished photos cut out once more, by a better network. Their results count until then."""
        self._put_all([photo for photo in photos if photo.state == DONE and not photo.is_edited], WAITING)

    def note_returned(self, photo, result: dict, thumbnail: str, work: str) -> None:
        """The photo came back from the editor with another picture.

        `work` is the id of what is saved of it if a person has changed it, else empty.
        """
        photo.attempt += 1
        if work:
            photo.is_edited, photo.work = True, work
        self.finish(photo, photo.attempt, result, thumbnail)

    def note_saved(self) -> None:
        """The results were saved."""
        self.is_saved = True
        self.changed.emit()

    def note_in_folder(self, result, is_there=True) -> None:
        """A result is in the folder that results are being written into, or does not count as in it any more."""
        if is_there:
            result["in_folder"] = True
        else:
            result.pop("in_folder", None)
        self.changed.emit()

    def note_kept(self, photo) -> None:
        """The worker has a copy of the file."""
        photo.is_kept = True
        self.changed.emit()

    # A reload

    def plain(self) -> str:
        """Return everything that a reload needs, as a text. Files and thumbnails are the worker's."""
        return json.dumps(
            {
                "format": _FORMAT,
                "last": self._last,
                "look": self.look,
                "paused": self.is_paused,
                "saved": self.is_saved,
                "photos": [_plain(photo) for photo in self.photos],
            }
        )

    def restore(self, id: str, text: str, kept, thumbnails: dict, gone_error) -> None:
        """Go on where a batch was.

        Args:
            id: of the batch.
            text: from `plain`.
            kept: the names of the files that the worker has, such as `photo-7`.
            thumbnails: addresses by number of the photo.
            gone_error: the error of a photo of which no copy was made in time.
        """
        plain = json.loads(text)
        self.id, self._last, self.look = id, plain["last"], plain["look"]
        self.is_paused, self.is_saved = plain["paused"], plain["saved"]
        self.photos = [_restored(given, kept, thumbnails, gone_error) for given in plain["photos"]]
        self._announce_list()

    def _wait(self, photo) -> None:
        photo.state, photo.error = WAITING, None
        self._announce(photo)

    def _put_all(self, photos, state) -> None:
        """Put photos into another state, as one change."""
        for photo in photos:
            photo.attempt += 1
            photo.state, photo.error = state, None
            self.photo_changed.emit(photo)
        self.changed.emit()

    def _announce(self, photo) -> None:
        self.photo_changed.emit(photo)
        self.changed.emit()

    def _announce_list(self) -> None:
        self.listed.emit()
        self.changed.emit()


def folder_of(file) -> str:
    """Return the path of the folder in which a file was chosen; empty where it was chosen by itself."""
    path = getattr(file, "webkitRelativePath", "") or ""
    return path.rpartition("/")[0]


def _may_be(photo, file) -> bool:
    """Whether a file may be that of a photo. One that was chosen by itself has no folder."""
    folder = folder_of(file)
    return photo.name == file.name and (folder == photo.folder or not folder or not photo.folder)


def _plain(photo) -> dict:
    plain = {"number": photo.number, "name": photo.name, "state": WAITING if photo.state == WORKING else photo.state}
    if photo.folder:
        plain["folder"] = photo.folder
    if photo.error:
        error = photo.error
        plain["error"] = [error.name, error.message, error.reason, error.kind]
    if photo.is_current:
        plain["result"] = photo.result
    if photo.is_edited:
        plain["work"] = photo.work
    return plain


def _restored(plain, kept, thumbnails, gone_error):
    photo = BatchPhoto(plain["number"], plain["name"], folder=plain.get("folder", ""))
    photo.state = plain["state"]
    if "error" in plain:
        name, message, reason, kind = plain["error"]
        photo.error = EngineError(name, message, "", reason, kind)
    if "work" in plain:
        photo.is_edited, photo.work = True, plain["work"]
    if "result" in plain and f"result-{photo.number}" in kept:
        photo.result, photo.thumbnail = plain["result"], thumbnails.get(photo.number, "")
        photo.is_current = True
    elif f"photo-{photo.number}" not in kept:
        photo.state, photo.error = REFUSED, gone_error
    elif photo.state == DONE:
        photo.state = WAITING
    return photo
