"""The picture on the clipboard: as it would be saved, as PNG, and in words where that is not possible."""

from types import SimpleNamespace

import pytest
from export.copying import Copying

from tests.page.fakes import FakeNotice, asynchronous, settle


class Clipboard:
    """Takes what is made for it, or refuses."""

    def __init__(self, takes_pictures: bool = True, error: Exception | None = None) -> None:
        self.takes_pictures, self.error = takes_pictures, error
        self.started = False
        self.blob = None
        self.is_refused = False

    def write(self, make):
        self.started = True
        make(self._take, self._refuse)
        return self._outcome()

    def _take(self, blob) -> None:
        self.blob = blob

    def _refuse(self) -> None:
        self.is_refused = True

    async def _outcome(self):
        return ValueError("no picture") if self.is_refused else self.error


class Saving:
    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses

    def make_file(self, on_success, on_error=None, format=None) -> None:
        if self.refuses:
            on_error()
        else:
            on_success(SimpleNamespace(blob="the picture as " + format))


@asynchronous
async def test_the_picture_is_copied_as_png_and_that_is_said():
    notice, clipboard = FakeNotice(), Clipboard()
    Copying(Saving(), notice, clipboard).copy()
    assert clipboard.started  # while the key is handled: later no browser allows it
    await settle()
    assert clipboard.blob == "the picture as png" and notice.shown == [("toast", "Copied")]


@pytest.mark.parametrize(
    ("clipboard", "saving", "said"),
    [
        (Clipboard(takes_pictures=False), Saving(), "Save the picture instead"),
        (Clipboard(error=ValueError("NotAllowedError")), Saving(), "Allow it for this page"),
        (Clipboard(), Saving(refuses=True), None),  # the notice says why already
    ],
)
@asynchronous
async def test_why_nothing_was_copied(clipboard, saving, said):
    notice = FakeNotice()
    Copying(saving, notice, clipboard).copy()
    await settle()
    assert [kind for kind, _ in notice.shown] == (["error"] if said else [])
    assert not said or said in notice.shown[0][1]
    assert clipboard.blob is None or clipboard.error
