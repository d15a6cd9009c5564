"""One look for photos of different sizes, from the photo to the finished file."""

import io

import numpy
import pytest
from PIL import Image

from offcut.editing.look import THUMBNAIL_SIDE, Finisher, Look
from offcut.errors import OptionError
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import reopen, save, scene


def finished(look: dict, photo: Image.Image | None = None) -> tuple[Image.Image, Image.Image]:
    """The finished picture of a photo, and its thumbnail."""
    chosen = Look.read(look)
    finisher = Finisher(chosen)
    options = Options.read({"format": chosen.options.format, "quality": chosen.options.quality, "traces": 0})
    data = save(photo or scene(), "PNG")
    result = run(Bench().engine.remove(data, options, finish=finisher.finish))
    return reopen(result.data), Image.open(io.BytesIO(finisher.thumbnail))


def test_without_a_look_the_result_is_that_of_the_engine():
    picture, thumbnail = finished({})
    plain = reopen(run(Bench().engine.remove(save(scene(), "PNG"), Options())).data)
    assert numpy.array_equal(numpy.asarray(picture), numpy.asarray(plain))
    assert thumbnail.format == "WEBP" and thumbnail.size == picture.size


def test_background_canvas_and_file_type_are_those_of_the_look():
    look = {
        "background": {"kind": "colour", "colour": "#00ff00"},
        "canvas": {"width": 40, "height": 40, "fit": "subject", "margin": 0.1},
        "format": "jpeg",
        "quality": 95,
    }
    picture, thumbnail = finished(look)
    assert (picture.format, picture.size, thumbnail.size) == ("JPEG", (40, 40), (40, 40))
    assert picture.getpixel((39, 1))[1] > 240  # nothing but the background
    small, _ = finished(look, scene().resize((160, 80)))
    assert small.size == (40, 40)


@pytest.mark.parametrize("shadow", ["drop", "contact"])
def test_a_shadow_is_as_large_as_the_photo_asks_for(shadow):
    look = Look.read({"shadow": shadow})
    small, large = (look.settings_for((size, size // 2)) for size in (1000, 4000))
    before, after = (getattr(it, shadow).blur for it in (small, large))
    assert after == pytest.approx(4 * before) and before > 1
    other = "contact" if shadow == "drop" else "drop"
    assert getattr(small, other) is None and Look.read({}).settings_for((1000, 500)).drop is None


def test_the_thumbnail_of_a_large_photo_is_small():
    _, thumbnail = finished({}, scene().resize((1600, 800)))
    assert thumbnail.size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)


@pytest.mark.parametrize(
    ("look", "named"),
    [
        ({"shadow": "long"}, "shadow"),
        ({"shade": "drop"}, "shade"),
        ({"background": {"kind": "image"}}, "background"),
        ({"canvas": {"width": 4}}, "canvas"),
        ({"format": "gif"}, "gif"),
        ({"quality": 0}, "quality"),
        ("white", "look"),
    ],
)
def test_what_makes_no_sense_is_named(look, named):
    with pytest.raises(OptionError, match=named):
        Look.read(look)


def test_options_may_choose_another_file_type_but_not_what_the_look_makes():
    look = Look.read({"format": "jpeg", "quality": 80, "max_bytes": 100_000})
    options = look.options_for({"model": "one", "backend": None})
    assert (options.model, options.format, options.quality, options.max_bytes) == ("one", "jpeg", 80, 100_000)
    options = look.options_for({"format": "png"})
    assert (options.format, options.max_bytes, options.traces) == ("png", None, 0)
    with pytest.raises(OptionError, match="A preset and the option 'background' contradict"):
        look.options_for({"background": "red"})
