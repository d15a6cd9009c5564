"""The look of a batch: what the fields mean to the worker, and back."""

import pytest
from batch.look import DEFAULTS, look_of, values_of

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
    assert read.options.format == look["format"] and read.shadow == look["shadow"]
    assert read.settings.background.kind == look["background"]["kind"]
    assert read.settings.canvas.fit == ("subject" if chosen.get("canvas", "crop") != "crop" else "none")
