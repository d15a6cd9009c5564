"""A person's own presets: saved, kept, named, deleted, exported and imported."""

import json

import pytest
from core.preferences import Preferences
from presets.choice import PresetChoice
from presets.own import OwnPresets, look_of
from presets.preset import preset_of

from offcut.editing.look import Look
from offcut.editing.presets import read_presets
from offcut.protocol.look import LOOK
from offcut.protocol.presets import MAX_NAME, MOST
from tests.page.editor.fakes import DEFAULTS
from tests.page.fakes import heard
from tests.page.presets.samples import PRESETS, Address, Editor

WHITE = LOOK | {"background": {"kind": "colour", "colour": "#ffffff"}, "format": "jpeg"}


def own_presets(written: dict | None = None) -> tuple[OwnPresets, dict]:
    stored = {} if written is None else written
    preferences = Preferences(dict(stored), lambda name, value: stored.update({name: value}))
    return OwnPresets(preferences, dict(PRESETS)), stored


def names(own: OwnPresets) -> list[str]:
    return [preset.title for preset in own.all]


def test_what_is_saved_survives_a_reload_and_is_listed_with_the_others():
    own, written = own_presets()
    changed = heard(own.changed)
    assert own.save(" Shop ", WHITE) and own.save("Other", LOOK)
    again, _ = own_presets(written)
    assert names(again) == ["Shop", "Other"] and len(changed) == 2
    assert [preset.look for preset in again.all] == [WHITE, LOOK]
    assert again.presets["own-1"] is again.all[0] and set(PRESETS) < set(again.presets)


def test_a_name_stands_for_one_preset():
    own, _ = own_presets()
    own.save("Shop", LOOK)
    own.save("Shop", WHITE)
    assert names(own) == ["Shop"] and own.all[0].look == WHITE
    own.save("Other", LOOK)
    assert not own.rename("own-2", "Shop") and not own.rename("own-2", "  ")
    assert own.rename("own-2", "Second") and names(own) == ["Shop", "Second"] and own.all[1].id == "own-2"
    own.delete("own-1")
    own.save("Third", LOOK)
    assert [preset.id for preset in own.all] == ["own-2", "own-3"]
    assert not own.save("  ", LOOK)


def test_there_are_only_so_many():
    own, _ = own_presets()
    assert own.add([(f"{number}", LOOK) for number in range(MOST + 3)]) == MOST
    assert names(own)[9:12] == ["9", "10", "11"]
    assert own.is_full and not own.save("one more", LOOK) and own.save("3", WHITE)


def test_the_controls_become_a_look_and_the_look_the_controls_again():
    values = DEFAULTS | {
        "background.kind": "gradient",
        "shadow.drop": True,
        "shadow.distance": 0.013,
        "border.shown": True,
        "border.width": 0.025,
        "canvas.preset": "own",
        "canvas.fit": "head",
        "canvas.dpi": 300,
        "recipe.name": "a.py",
        "recipe.source": "text",
        "save.format": "webp",
        "save.quality": 70.0,
        "save.limit": 100.0,
    }
    own, written = own_presets()
    look = look_of(values.__getitem__)
    assert own.save("Mine", look)
    again = own_presets(written)[0].all[0]
    assert DEFAULTS | again.controls == values
    assert preset_of({"plain": PRESETS["plain"], "own-1": again}, values.__getitem__) is again
    read = Look.read(look)
    assert read.settings.drop.distance == 0.013 and read.options.max_bytes == 100_000
    assert read.settings_for((1000, 500)).drop.distance == 13


def test_the_plain_controls_are_the_plain_look_and_a_picture_is_in_none():
    assert look_of(DEFAULTS.__getitem__) == LOOK
    assert look_of((DEFAULTS | {"background.kind": "image"}).__getitem__) is None
    limited = DEFAULTS | {"save.limit": 100.0}  # of a lossless file
    assert look_of(limited.__getitem__)["max_bytes"] is None


def test_the_file_is_what_the_engine_reads():
    own, _ = own_presets()
    own.save("Shop", WHITE)
    own.save('A " and 中文', LOOK)
    looks = read_presets(own.text())
    assert list(looks) == ["Shop", 'A " and 中文'] and looks["Shop"].plain() == WHITE
    other, _ = own_presets()
    assert other.add([(name, json.loads(json.dumps(look.plain()))) for name, look in looks.items()]) == 2
    assert other.text() == own.text()


def test_all_are_forgotten_with_everything_that_is_stored():
    own, written = own_presets()
    own.save("Shop", WHITE)
    before = dict(written)
    changed = heard(own.changed)
    own.forget()
    assert own.all == [] and own.presets == PRESETS and len(changed) == 1 and written == before


def test_a_long_name_is_cut():
    own, _ = own_presets()
    own.save("a" * 200, LOOK)
    assert names(own) == ["a" * MAX_NAME]


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "3",
        "[[1, 2, 3]]",
        '[["own-1", "a"]]',
        '[["own-x", "a", {}]]',
        '[["product", "a", {}]]',
        '[["own-1", 5, {}]]',
        '[["own-1", "a", {"canvas": {"fit": "subject", "width": 5}}]]',
        '[["own-1", "a", {"background": {"kind": "none"}}]]',
    ],
)
def test_what_cannot_be_read_is_no_error(text):
    own, _ = own_presets({"presets": text})
    assert own.all == [] and own.presets == PRESETS


def test_a_preset_that_is_deleted_is_no_longer_chosen_and_the_photo_stays():
    own, _ = own_presets()
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(own.presets, address, editor)
    own.changed.connect(choice.forget_missing)
    own.save("Shop", WHITE)
    choice.choose("own-1")
    assert address.text == "own-1" and editor.values["save.format"] == "jpeg" and choice.look == WHITE
    own.rename("own-1", "Market")
    assert choice.chosen.title == "Market" and choice.shown is choice.chosen
    own.delete("own-1")
    assert choice.chosen.id == "plain" and address.text == "" and choice.look is None
    assert editor.values["save.format"] == "jpeg" and editor.values["background.kind"] == "colour"
    editor.stepped.emit()
    assert choice.shown is None
