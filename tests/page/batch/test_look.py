"""The look of a batch: what the fields mean to the worker, and back."""

import pytest
from batch.look import DEFAULTS, OWN_SHADOW, changed_look, look_of, values_of

from offcut.editing.look import Look
from offcut.protocol.look import LOOK


def test_at_first_the_fields_say_the_default():
    assert look_of(DEFAULTS) == LOOK and values_of(LOOK) == DEFAULTS


@pytest.mark.parametrize(
    "chosen",
    [
        {"background": "white", "canvas": "1:1", "margin": 8, "format": "jpeg", "quality": 80},
        {"background": "colour", "colour": "#123456", "shadow": "drop"},
        {"background": "blur", "canvas": "own", "width": 1080, "height": 1350, "margin": 0},
        {"canvas": "crop", "margin": 25, "shadow": "contact", "format": "webp"},
        {"canvas": "9:16", "margin": 5},
    ],
)
def test_the_worker_understands_every_look_and_the_fields_show_it_again(chosen):
    look = look_of(DEFAULTS | chosen)
    assert values_of(look) == DEFAULTS | chosen
    read = Look.read(look)
    assert read.options.format == look["format"] and bool(read.settings.drop) == (look["shadow"] == "drop")
    assert read.settings.background.kind == look["background"]["kind"]
    assert read.settings.canvas.fit == ("subject" if chosen.get("canvas", "crop") != "crop" else "none")


def test_what_the_fields_cannot_say_stays_while_another_is_changed():
    shadow = {"drop": {"direction": 90, "distance": 0.1, "blur": 0, "opacity": 1}}
    gradient = {"kind": "gradient", "from": "#000000", "to": "#ffffff", "angle": 10}
    canvas = {"width": 413, "height": 531, "fit": "head", "head_top": 0.1, "head_height": 0.7, "dpi": 300}
    look = LOOK | {
        "shadow": shadow,
        "background": gradient,
        "canvas": canvas,
        "border": {"width": 0.025, "colour": "red"},
    }
    before = values_of(look) | {"background": "transparent"}  # no field says a gradient
    assert before["shadow"] == OWN_SHADOW
    assert changed_look(look, before, before) == look
    assert changed_look(look, before, before | {"format": "jpeg"}) == look | {"format": "jpeg"}
    assert changed_look(look, before, before | {"shadow": "none"}) == look | {"shadow": "none"}
    white = changed_look(look, before, before | {"background": "white"})
    assert white == look | {"background": {"kind": "colour", "colour": "#ffffff"}}
    old = {name: value for name, value in look.items() if name != "border"}  # as one that was saved before
    assert changed_look(old, before, before)["border"] is None
