"""What of a batch is on the page, and what a photo that was there before leaves behind."""

from batch.mode import LIST, NONE, PHOTO, BatchMode
from core.tasks import spawn

from tests.page.batch.test_editing import Page
from tests.page.fakes import answer, asynchronous, heard, opened, photo, refuse, settle


def made_page(**answers):
    page = Page(**answers)
    page.mode = BatchMode(page.batch, page.runner, page.editing, page.flow, page.editor)
    page.left, page.changes = heard(page.mode.leaving), heard(page.mode.changed)
    return page


async def show(page, name="x.jpg"):
    """Have a photo in the editor that does not belong to the batch."""
    page.flow.choose(photo(name))
    await settle()
    await answer(page.worker.waiting("open_photo"), opened(work="x"))


@asynchronous
async def test_a_photo_makes_room_for_the_list_once_what_was_done_to_it_is_kept():
    page = made_page()
    page.batch.id = ""
    await show(page)
    assert page.mode.value == NONE
    settled, page.editor.settled = [], lambda: _note(settled)
    page.batch.id = "b1"
    await page.mode.show_list()
    assert settled == [True] and page.left == [()]
    assert page.flow.current is None and page.mode.value == LIST


async def _note(settled):
    settled.append(True)


@asynchronous
async def test_a_photo_on_its_way_is_not_waited_for():
    page = made_page()
    page.flow.choose(photo("x.jpg"))
    await settle()
    await page.mode.show_list()
    assert page.mode.value == LIST and page.flow.coming is None


@asynchronous
async def test_a_photo_of_the_batch_comes_and_goes_and_the_list_has_the_focus_on_it():
    page = made_page()
    await page.mode.show_list()
    await page.open()
    page.mode.back()
    await settle()
    await settle()
    assert page.changes == [(LIST, None), (PHOTO, None), (LIST, page.first)] and page.left == [()]


@asynchronous
async def test_work_that_a_person_goes_back_to_is_shown_above_the_list_which_waits_meanwhile():
    page = made_page()
    await page.mode.show_list()
    spawn(page.flow.restore("x"))
    await settle()
    assert page.mode.value == PHOTO and page.runner.is_held
    await answer(page.worker.waiting("restore_work"), opened(name="x.jpg", file=None, work="x"))
    page.mode.back()
    await settle()
    await settle()
    assert page.mode.value == LIST and not page.runner.is_held and page.flow.current is None


@asynchronous
async def test_where_it_cannot_be_opened_the_list_is_there_again():
    page = made_page()
    await page.mode.show_list()
    spawn(page.flow.restore("x"))
    await settle()
    await refuse(page.worker.waiting("restore_work"), "WorkDamagedError")
    assert page.mode.value == LIST and not page.runner.is_held


@asynchronous
async def test_a_closed_batch_leaves_the_page_to_the_editor():
    page = made_page()
    await page.mode.show_list()
    page.batch.begin("")
    page.mode.end()
    page.flow.close()
    assert page.mode.value == NONE
