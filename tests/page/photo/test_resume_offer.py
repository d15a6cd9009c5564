"""The offer to continue saved work."""

from types import SimpleNamespace

from core.request_queue import RequestQueue
from photo.resume_offer import ResumeOffer

from tests.page.fakes import FakeNotice, FakeWorker, answer, asynchronous, heard, settle


class Tab:
    async def read(self):
        return "mine"


class Page:
    def __init__(self, confirms=True, **answers):
        self.worker, self.notice, self.is_empty = FakeWorker(**answers), FakeNotice(), True
        self.questions = []

        async def ask(*texts):
            self.questions.append(texts)
            return confirms

        self.offer = ResumeOffer(self.worker, RequestQueue(), self.notice, ask, Tab(), lambda: self.is_empty)
        self.accepted, self.deleted = heard(self.offer.accepted), heard(self.offer.deleted)

    @property
    def names(self):
        return [work.name for work in self.offer.works]


def works(*names):
    return SimpleNamespace(works=[SimpleNamespace(id=name[0], name=name) for name in names])


@asynchronous
async def test_all_saved_works_are_offered_on_the_empty_page_and_this_tabs_own_is_asked_for_first():
    page = Page(list_works=works("cat.png", "dog.png"))
    page.offer.find()
    await settle()
    assert page.offer.is_shown and page.names == ["cat.png", "dog.png"]
    assert page.worker.calls[0].arguments == ("mine",)
    page.offer.accept("d")
    assert not page.offer.is_shown and page.accepted == [("d",)]


@asynchronous
async def test_without_saved_work_there_is_no_offer():
    page = Page(list_works=works())
    page.offer.find()
    await settle()
    assert not page.offer.is_shown


@asynchronous
async def test_a_photo_chosen_meanwhile_goes_first():
    page = Page()
    page.offer.find()
    await settle()
    page.is_empty = False
    await answer(page.worker.waiting("list_works"), works("cat.png"))
    assert not page.offer.is_shown


@asynchronous
async def test_work_that_the_worker_has_lost_is_offered_though_its_photo_is_on_the_page():
    page = Page(list_works=works("cat.png"))
    page.is_empty = False
    page.offer.find(is_lost=True)
    await settle()
    assert page.offer.is_shown


@asynchronous
async def test_one_work_is_deleted_after_a_question_and_the_others_stay():
    page = Page(list_works=works("cat.png", "dog.png"), discard_work=None)
    page.offer.find()
    await settle()
    await page.offer.discard("c", "cat.png")
    await settle()
    title, _, button = page.questions[0]
    assert "cat.png" in title and button == "Delete" and page.worker.calls[-1].arguments == ("c",)
    assert page.offer.is_shown and page.names == ["dog.png"] and page.deleted == [("c",)]
    assert page.notice.shown == [("info", "Deleted. Nothing of this photo is kept on this device.")]


@asynchronous
async def test_a_person_who_does_not_confirm_keeps_the_work():
    page = Page(confirms=False, list_works=works("cat.png"))
    page.offer.find()
    await settle()
    await page.offer.discard("c", "cat.png")
    await settle()
    assert page.names == ["cat.png"] and page.worker.names == ["list_works"] and page.deleted == []
