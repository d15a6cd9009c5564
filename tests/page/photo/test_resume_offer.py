"""The offer to continue saved work."""

from types import SimpleNamespace

from core.request_queue import RequestQueue
from photo.resume_offer import ResumeOffer

from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, settle


class Page:
    def __init__(self, confirms=True, **answers):
        self.worker, self.notice, self.is_empty = FakeWorker(**answers), FakeNotice(), True
        self.questions = []

        def confirm(text):
            self.questions.append(text)
            return confirms

        self.offer = ResumeOffer(self.worker, RequestQueue(), self.notice, confirm, lambda: self.is_empty)
        self.accepted = heard(self.offer.accepted)


FOUND = SimpleNamespace(is_found=True)


@asynchronous
async def test_saved_work_is_offered_on_the_empty_page():
    page = Page(find_saved_work=FOUND)
    page.offer.find()
    await settle()
    assert page.offer.is_shown
    page.offer.accept()
    assert not page.offer.is_shown and len(page.accepted) == 1


@asynchronous
async def test_without_saved_work_there_is_no_offer():
    page = Page(find_saved_work=SimpleNamespace(is_found=False))
    page.offer.find()
    await settle()
    assert not page.offer.is_shown


@asynchronous
async def test_a_photo_chosen_meanwhile_goes_first():
    page = Page()
    page.offer.find()
    await settle()
    page.is_empty = False
    await answer(page.worker.waiting("find_saved_work"), FOUND)
    assert not page.offer.is_shown


@asynchronous
async def test_saved_work_is_discarded_after_a_question():
    page = Page(discard_work=None)
    page.offer.show()
    page.offer.discard()
    await settle()
    assert page.questions[0].startswith("Throw away") and page.worker.names == ["discard_work"]
    assert not page.offer.is_shown
    assert page.notice.shown == [("info", "Thrown away. Nothing of this photo is kept on this device.")]


@asynchronous
async def test_a_person_who_does_not_confirm_keeps_the_work():
    page = Page(confirms=False)
    page.offer.show()
    page.offer.discard()
    await settle()
    assert page.offer.is_shown and page.worker.names == []
