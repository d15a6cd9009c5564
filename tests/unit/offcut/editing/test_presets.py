"""Files of presets: what comes back, and what is refused with a sentence."""

import json

import pytest

from offcut.editing.look import Look
from offcut.editing.presets import read_presets, read_project_presets
from offcut.errors import OptionError
from offcut.protocol.look import LOOK
from offcut.protocol.presets import MOST
from tools.paths import CATALOGUE

DROP = {"drop": {"direction": 90, "distance": 0.1, "blur": 0.02, "opacity": 1}}
EVERYTHING = {
    "background": {"kind": "gradient", "from": "#102030", "to": "red", "angle": 30},
    "border": {"width": 0.05, "colour": "#00ff00"},
    "canvas": {"fit": "head", "head_top": 0.1, "head_height": 0.7, "width": 413, "height": 531, "dpi": 300},
    "shadow": DROP,
    "format": "webp",
    "quality": 80,
    "max_bytes": 100_000,
    "recipe": {"name": "a.py", "source": "def finish(cutout, original, info): ..."},
}


def file_of(*presets) -> str:
    return json.dumps({"offcut": 1, "presets": list(presets)})


BLUR = {"kind": "blur", "strength": 0.3, "depth": True}


@pytest.mark.parametrize(
    "look",
    [
        EVERYTHING,
        LOOK,
        LOOK | {"canvas": {"crop": True, "margin": 0.1}},
        LOOK | {"canvas": {"fit": "photo", "aspect": "4:5"}, "background": BLUR},
    ],
)
def test_a_look_comes_back_with_all_that_counts(look):
    read = read_presets(file_of({"name": "Mine", "look": look}))["Mine"]
    assert read.plain() == look and Look.read(read.plain()) == read


def test_what_a_file_leaves_out_has_its_default_and_is_there_afterwards():
    look = read_presets(file_of({"name": "a", "look": {"canvas": {"width": 9, "height": 9, "fit": "subject"}}}))["a"]
    assert look.plain() == LOOK | {"canvas": {"width": 9, "height": 9, "fit": "subject", "margin": 0}}


def test_a_shadow_of_its_own_goes_with_the_photos_size():
    look = Look.read({"shadow": DROP})
    small, large = (look.settings_for((side, side // 2)).drop for side in (1000, 4000))
    assert (small.distance, small.blur, small.direction) == (100, 20, 90) and large.distance == 400
    assert Look.read({"shadow": {"drop": {"distance": 20_000, "blur": 2000}}}).settings_for((9000, 9)).drop.blur == 2000


def test_every_preset_of_the_project_can_be_made_and_saved_again():
    looks = read_project_presets(CATALOGUE.parent / "presets.toml")
    assert "sticker" in looks and "us-passport" in looks
    assert all(Look.read(look.plain()) == look for look in looks.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no file of presets"),
        ("<html>", "no file of presets"),
        ("[" * 100_000, "no file of presets"),
        ("[]", "no file of presets"),
        ('{"presets": []}', "no file of presets"),
        ('{"offcut": 1, "presets": {}}', "no file of presets"),
        ('{"offcut": 1, "presets": []}', "has 0"),
        ('{"offcut": 2, "presets": [1]}', "newer"),
        (json.dumps({"offcut": 1, "presets": [{}] * (MOST + 1)}), f"1 to {MOST}"),
        (file_of(3), "must be an object"),
        (file_of({"look": {}}), "name"),
        (file_of({"name": " ", "look": {}}), "name"),
        (file_of({"name": "a" * 61, "look": {}}), "name"),
        (file_of({"name": "a\u202eb", "look": {}}), "name"),
        (file_of({"name": "a", "look": {}, "script": "x"}), "script"),
        (file_of({"name": "a", "look": {}}, {"name": "a", "look": {}}), "two presets of the name 'a'"),
        (file_of({"name": "mine", "look": {"shade": 1}}), "'mine'.*shade"),
        (file_of({"name": "mine", "look": {"shadow": {"drop": {"blur": -1}}}}), "'mine'.*blur"),
        (file_of({"name": "mine", "look": {"shadow": ["drop"]}}), "'mine'.*shadow"),
        (file_of({"name": "mine", "look": {"background": {"kind": "image"}}}), "'mine'.*background"),
        (file_of({"name": "mine", "look": {"canvas": {"width": 1e9, "height": 5}}}), "'mine'.*width"),
        (file_of({"name": "mine", "look": {"quality": float("nan")}}), "'mine'.*quality"),
        (file_of({"name": "mine", "look": {"format": "exe"}}), "'mine'.*exe"),
        (file_of({"name": "mine", "look": {"recipe": {"name": 3}}}), "'mine'.*recipe"),
        ("a" * 2_000_001, "at most 2000 kB"),
    ],
    ids=range(25),
)
def test_what_is_none_is_refused_with_a_sentence(text, named):
    with pytest.raises(OptionError, match=named):
        read_presets(text)
