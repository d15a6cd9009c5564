"""Lasting storage is asked for unbidden only where no person sees a question."""

import pytest
from core.preferences import Preferences
from dialogs.persistence import Persistence

from tests.page.fakes import asynchronous

CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Storage:
    def __init__(self, is_persistent: bool = False) -> None:
        self.is_persistent, self.asked = is_persistent, 0

    async def persisted(self) -> bool:
        return self.is_persistent

    async def persist(self) -> bool:
        self.asked += 1
        self.is_persistent = True
        return True


def page(browser: str, state: str = "prompt", is_persistent: bool = False) -> tuple[Storage, Persistence]:
    async def permission() -> str:
        return state

    storage = Storage(is_persistent)
    return storage, Persistence(storage, permission, browser, Preferences({}, lambda name, value: None))


@pytest.mark.parametrize(
    ("browser", "state", "asked"),
    [
        (CHROMIUM, "prompt", 1),
        (CHROMIUM, "granted", 1),
        (SAFARI, "", 1),
        (FIREFOX, "prompt", 0),
        (FIREFOX, "denied", 0),
        (FIREFOX, "", 0),
        (FIREFOX, "granted", 1),
    ],
)
@asynchronous
async def test_no_person_is_asked_unbidden(browser, state, asked):
    storage, persistence = page(browser, state)
    await persistence.get_silently()
    await persistence.get_silently()  # once on a device
    assert storage.asked == asked


@asynchronous
async def test_what_is_promised_already_is_not_asked_for():
    storage, persistence = page(CHROMIUM, is_persistent=True)
    await persistence.get_silently()
    assert storage.asked == 0


@asynchronous
async def test_who_presses_the_button_asks_in_any_browser():
    storage, persistence = page(FIREFOX)
    assert await persistence.ask() and storage.asked == 1
