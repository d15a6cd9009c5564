"""Toasts: short messages that go away by themselves, unless somebody is about to use them."""

import asyncio

from core.timing import timing
from core.toast import Toast

from tests.page.fakes import asynchronous, heard, settle


class Sleep:
    """Waits until a test says that the time is over."""

    def __init__(self) -> None:
        self.waits: list[tuple[float, asyncio.Event]] = []

    async def __call__(self, seconds: float) -> None:
        over = asyncio.Event()
        self.waits.append((seconds, over))
        await over.wait()

    async def end(self, number: int = -1) -> None:
        self.waits[number][1].set()
        await settle()


async def shown(text: str = "Saved", action=None):
    sleep = Sleep()
    toast = Toast(sleep)
    toast.show(text, action)
    await settle()
    return toast, sleep


@asynchronous
async def test_a_message_goes_after_its_time():
    toast, sleep = await shown()
    assert toast.text == "Saved" and [wait[0] for wait in sleep.waits] == [timing.toast]
    changes = heard(toast.changed)
    await sleep.end()
    assert toast.text == "" and len(changes) == 1


@asynchronous
async def test_a_message_with_a_button_stays_longer_and_the_button_acts_once():
    done: list[str] = []
    shown_toasts: list = []
    toast, sleep = await shown("Opened", ("Back", lambda: done.append(shown_toasts[0].text)))
    shown_toasts.append(toast)
    assert toast.label == "Back" and sleep.waits[0][0] == timing.toast_with_button
    toast.act()
    assert done == [""] and toast.label == ""  # the message was gone before: what is done may show another
    toast.act()
    assert len(done) == 1


@asynchronous
async def test_a_newer_message_has_its_own_time():
    toast, sleep = await shown("first")
    toast.show("second")
    await settle()
    await sleep.end(0)
    assert toast.text == "second" and toast.label == ""
    await sleep.end(1)
    assert toast.text == ""


@asynchronous
async def test_what_is_pointed_at_or_focused_stays_and_then_has_its_time_again():
    toast, sleep = await shown()
    toast.hold("pointer")
    toast.hold("focus")
    await sleep.end()
    assert toast.text == "Saved"
    toast.let_go("pointer")
    await settle()
    assert len(sleep.waits) == 1
    toast.let_go("focus")
    await settle()
    assert toast.text == "Saved" and len(sleep.waits) == 2
    await sleep.end()
    assert toast.text == ""


@asynchronous
async def test_a_dismissed_message_does_not_end_the_next_one():
    toast, sleep = await shown("first")
    toast.dismiss()
    assert toast.text == ""
    toast.show("second")
    await settle()
    await sleep.end(0)
    assert toast.text == "second"
    await sleep.end(1)
