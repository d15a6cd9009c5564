"""The way back to changed work after another photo was opened over it."""

from types import SimpleNamespace

import pytest
from core.signals import Signal
from photo.way_back import WayBack

from tests.page.fakes import FakeNotice, photo


class Page:
    """A page with a changed photo, cat.png."""

    def __init__(self):
        self.flow = SimpleNamespace(
            current=photo("cat.png"), started=Signal(), shown=Signal(), refused=Signal(), closed=Signal()
        )
        self.is_changed = True
        self.editor = SimpleNamespace(work="c", name="cat.png", has_work=lambda: self.is_changed)
        self.notice, self.restored = FakeNotice(), []
        self.way_back = WayBack(self.flow, self.editor, self.notice, self.restored.append)

    def start(self, name=None):
        self.flow.started.emit(name and photo(name))

    def show(self, name, work="", is_changed=False):
        self.editor.work, self.editor.name, self.is_changed = work, name, is_changed
        response = SimpleNamespace(work=work) if work else SimpleNamespace()
        self.flow.current = photo(name)
        self.flow.shown.emit(response, name, None)

    @property
    def toast(self):
        return self.notice.shown[-1][1], self.notice.action and self.notice.action[0]


@pytest.fixture
def page():
    return Page()


def test_another_photo_over_changed_work_is_said_with_the_way_back_also_while_it_is_computed(page):
    page.start("dog.png")
    assert page.toast == ("Opening dog.png.", "Back to cat.png")
    page.notice.action[1]()
    assert page.restored == ["c"]
    page.show("dog.png")
    assert page.toast == ("dog.png opened.", "Back to cat.png") and page.way_back.name == "cat.png"
    page.way_back.go()
    assert page.restored == ["c", "c"]


def test_work_that_is_open_again_needs_no_way_back(page):
    page.start("dog.png")
    page.show("dog.png")
    page.start()
    page.show("cat.png", "c", is_changed=True)
    assert page.way_back.name == ""
    page.way_back.go()
    assert page.restored == []


def test_going_back_from_changed_work_leads_back_to_that(page):
    page.start("dog.png")
    page.show("dog.png", "d", is_changed=True)
    page.start()
    page.show("cat.png", "c", is_changed=True)
    assert page.toast == ("cat.png opened.", "Back to dog.png")


def test_an_untouched_photo_between_two_keeps_the_way_back_and_says_nothing(page):
    page.start("dog.png")
    page.show("dog.png", "d")
    page.notice.shown.clear()
    page.start("fox.png")
    page.show("fox.png", "f")
    assert page.notice.shown == [] and page.way_back.name == "cat.png"


def test_an_untouched_photo_needs_no_way_back(page):
    page.is_changed = False
    page.start("dog.png")
    page.show("dog.png")
    assert page.notice.shown == [] and page.way_back.name == ""


def test_a_refused_file_leaves_the_work_open(page):
    page.start("diary.txt")
    page.flow.refused.emit("error")
    assert page.toast == ("", None) and page.way_back.name == ""


def test_work_that_was_deleted_is_not_led_back_to(page):
    page.start("dog.png")
    page.show("dog.png", "d")
    page.way_back.forget("other")
    assert page.way_back.name == "cat.png"
    page.way_back.forget("c")
    assert page.way_back.name == ""


def test_changed_work_that_made_room_for_a_list_has_a_way_back(page):
    page.way_back.leave()
    page.flow.current = None
    page.flow.closed.emit()
    assert page.toast == ("cat.png is kept on this device.", "Back to cat.png")
    page.notice.action[1]()
    assert page.restored == ["c"]
    page.flow.closed.emit()  # the next time there is nothing to go back to
    assert page.way_back.name == ""


def test_untouched_work_makes_room_for_a_list_without_a_word(page):
    page.is_changed = False
    page.way_back.leave()
    page.flow.closed.emit()
    assert page.notice.shown == [] and page.way_back.name == ""
