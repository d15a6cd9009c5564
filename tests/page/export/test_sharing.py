"""Sharing: what follows each end that the share sheet can come to."""

from types import SimpleNamespace

from export import sharing
from export.saving import PictureFile
from export.sharing import Sharing

from tests.page.fakes import FakeNotice, asynchronous, settle

FILE = PictureFile("pixels", "cat-cutout.png", 400, 300)


class Page:
    """A page whose share sheets end in these ways, one after the other."""

    def __init__(self, *outcomes: str) -> None:
        self.outcomes, self.shared, self.notice = list(outcomes), [], FakeNotice()
        saving = SimpleNamespace(make_file=lambda on_success: on_success(FILE))
        self.sharing = Sharing(saving, self.notice, self.share)

    async def share(self, file: PictureFile) -> str:
        self.shared.append(file)
        return self.outcomes.pop(0)


@asynchronous
async def test_a_shared_picture_is_said_to_be():
    page = Page(sharing.SHARED)
    page.sharing.begin()
    await settle()
    assert page.shared == [FILE] and page.notice.shown == [("toast", "Shared cat-cutout.png.")]


@asynchronous
async def test_who_closes_the_sheet_is_told_nothing():
    page = Page(sharing.CANCELLED)
    page.sharing.begin()
    await settle()
    assert page.notice.shown == []


@asynchronous
async def test_a_file_that_took_too_long_is_shared_with_another_click():
    page = Page(sharing.LATE, sharing.SHARED)
    page.sharing.begin()
    await settle()
    assert page.notice.shown == [("toast", "cat-cutout.png is ready.")] and page.notice.action[0] == "Share…"
    page.notice.action[1]()
    await settle()
    assert page.shared == [FILE, FILE] and page.notice.shown[-1] == ("toast", "Shared cat-cutout.png.")


@asynchronous
async def test_a_sheet_that_fails_says_so():
    page = Page(sharing.FAILED)
    page.sharing.begin()
    await settle()
    assert page.notice.shown[0][0] == "error"
