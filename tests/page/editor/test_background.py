"""Colours and images behind the subject."""

from types import SimpleNamespace

from core.request_queue import RequestQueue
from editor.background import GRADIENTS, SWATCHES, Background

from tests.page.editor.fakes import FakeControls
from tests.page.fakes import FakeWorker, asynchronous, heard, settle


def background(**answers) -> Background:
    return Background(FakeControls(), FakeWorker(**answers), RequestQueue())


def test_a_swatch_is_a_background_of_one_colour_and_is_marked():
    found = background()
    changed = heard(found.colour_changed)
    found._controls.changed("background").connect(lambda name, is_moving: found.mark())
    found.choose(SWATCHES[3][1])
    assert found._controls.value("background.kind") == "colour" and found.colour == SWATCHES[3][1]
    found.mark()
    assert changed == [()]


@asynchronous
async def test_the_colour_of_the_photo_at_a_point():
    found = background(pick_colour=SimpleNamespace(colour="#123456"))
    picking = heard(found.picking_changed)
    found.set_picking(True)
    found.set_picking(True)
    found.pick(5, 6)
    assert not found.is_picking and len(picking) == 2
    await settle()
    assert found._worker.calls[0].arguments == (5, 6)
    assert found._controls.value("background.colour") == "#123456"


@asynchronous
async def test_where_there_is_no_colour_nothing_changes():
    found = background(pick_colour=SimpleNamespace(colour=None))
    found.pick(-5, 6)
    await settle()
    assert found._controls.value("background.kind") == "transparent"


def test_a_swatch_is_the_colour_of_a_texture_where_there_is_one():
    found = background()
    found._controls.put("background.kind", "texture")
    found.choose("#123456")
    assert found._controls.value("background.kind") == "texture"
    assert found._controls.value("background.colour") == "#123456"


def test_a_ready_gradient_is_one_change():
    found = background()
    changes = heard(found._controls.changed("background"))
    found.choose_gradient(2)
    first, last, angle = GRADIENTS[2]
    values = [found._controls.value(f"background.{name}") for name in ("kind", "from", "to", "angle")]
    assert values == ["gradient", first, last, angle] and len(changes) == 1


@asynchronous
async def test_the_photos_own_colours_are_asked_for_once_a_photo():
    found = background(list_colours=SimpleNamespace(colours=["#aabbcc", "#112233"]))
    for _ in range(2):
        found.find_photo_colours()
        await settle()
    assert found.photo_colours == ["#aabbcc", "#112233"] and found._worker.names == ["list_colours"]
    found.forget_photo_colours()
    assert found.photo_colours == []
