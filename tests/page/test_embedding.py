"""The page around this one: what it may ask for, and who gets the answers."""

from types import SimpleNamespace

import pytest
from embedding import FrameRequests

from tests.page.fakes import asynchronous, refusal, settle

SHOP = "https://shop.example"


class Frame:
    def __init__(self, *origins: str, error: Exception | None = None) -> None:
        self.sent: list[tuple[dict, str]] = []
        self.asked: list[tuple] = []
        self.error = error
        self.requests = FrameRequests(self.remove, lambda fields, origin: self.sent.append((fields, origin)), origins)

    async def remove(self, image, options, on_progress):
        self.asked.append((image, options))
        on_progress("decode", 1, 2)
        if self.error:
            raise self.error
        return "blob"

    async def receive(self, origin: str = SHOP, **fields) -> None:
        self.requests.receive(SimpleNamespace(**fields), origin)
        await settle()


@asynchronous
async def test_a_photo_is_cut_out_for_the_page_that_asks():
    frame = Frame("*")
    await frame.receive(offcut="remove", id=7, image="photo", options="options")
    assert frame.asked == [("photo", "options")]
    progress = {"offcut": "progress", "id": 7, "stage": "decode", "loaded": 1, "total": 2}
    assert frame.sent == [(progress, SHOP), ({"offcut": "result", "id": 7, "result": "blob"}, SHOP)]


@asynchronous
async def test_an_error_has_its_name():
    frame = Frame(SHOP, error=refusal("NotAnImageError"))
    await frame.receive(offcut="remove", id=1)
    assert frame.asked == [(None, None)]
    error = {"offcut": "error", "id": 1, "name": "NotAnImageError", "message": "The message of NotAnImageError."}
    assert frame.sent[1:] == [(error, SHOP)]


@asynchronous
async def test_an_unforeseen_error_is_told_too(logged):
    frame = Frame("*", error=ZeroDivisionError("by zero"))
    await frame.receive(offcut="remove", id=1)
    assert frame.sent[1][0]["name"] == "InternalError"
    logged.append("A request of the page around this one failed")


@pytest.mark.parametrize(("origins", "origin", "answers"), [((SHOP,), "https://other.example", 1), (("*",), "null", 0)])
@asynchronous
async def test_an_origin_that_is_not_served_gets_no_photo_cut_out(origins, origin, answers):
    frame = Frame(*origins)
    await frame.receive(origin, offcut="remove", id=1, image="photo")
    assert frame.asked == [] and [fields["name"] for fields, _ in frame.sent] == ["OriginError"] * answers
    assert all(to == origin for _, to in frame.sent)


@asynchronous
async def test_other_messages_are_none_of_its_business():
    frame = Frame("*")
    for fields in ({}, {"offcut": "ready"}, {"type": "remove"}):
        await frame.receive(**fields)
    frame.requests.receive("text", SHOP)
    frame.requests.receive(None, SHOP)
    assert frame.asked == frame.sent == []


def test_it_says_that_it_is_ready_or_why_it_is_not():
    frame = Frame(SHOP)
    frame.requests.announce()
    frame.requests.announce_failure(refusal("EngineStartError"))
    assert [(fields["offcut"], to) for fields, to in frame.sent] == [("ready", "*"), ("failed", "*")]
