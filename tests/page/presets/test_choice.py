"""One choice for the photos to come and for the one that is open; its address can be linked."""

from presets.choice import PresetChoice

from tests.page.fakes import heard
from tests.page.presets.samples import PRESETS, Address, Editor


def test_the_address_chooses_for_the_photos_to_come():
    editor = Editor()
    choice = PresetChoice(PRESETS, Address("product"), editor)
    assert choice.chosen.id == "product" and choice.look == PRESETS["product"].look
    assert editor.values["save.format"] == "jpeg" and editor.values["canvas.preset"] == "photo"


def test_an_address_that_names_no_preset_changes_nothing_and_an_empty_one_goes_back():
    address = Address("imprint")
    choice = PresetChoice(PRESETS, address, Editor())
    assert choice.chosen.id == "plain" and choice.look is None
    changed = heard(choice.changed)
    address.text = "sticker"
    choice.follow()
    choice.follow()
    assert choice.chosen.id == "sticker" and len(changed) == 1
    address.text = ""
    choice.follow()
    assert choice.chosen.id == "plain" and choice.look is None


def test_a_choice_is_for_the_open_photo_too_and_stands_in_the_address():
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(PRESETS, address, editor)
    choice.choose("amazon")
    assert address.text == "amazon" and choice.look == PRESETS["amazon"].look
    assert editor.values["background.colour"] == "#ffffff" and editor.values["canvas.width"] == 2000
    assert choice.shown is PRESETS["amazon"]
    editor.values["canvas.margin"] = 0.3
    assert choice.shown is None
    choice.choose("plain")
    assert address.text == "" and choice.look is None
    assert editor.values["save.format"] == "png" and choice.shown is PRESETS["plain"]


def test_a_link_leaves_the_open_photo_as_it_is():
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(PRESETS, address, editor)
    address.text = "product"
    choice.follow()
    assert editor.values["background.kind"] == "transparent" and choice.chosen.id == "product"


def test_undo_brings_back_how_files_were_saved_and_the_address():
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(PRESETS, address, editor)
    editor.values |= {"save.format": "webp", "save.quality": 70}
    plain = dict(editor.values)
    choice.choose("id")
    portrait = dict(editor.values)
    choice.choose("sticker")
    editor.values["save.quality"] = 40
    sticker = dict(editor.values)
    for name, values in (("id", portrait), ("plain", plain), ("sticker", sticker)):
        editor.values |= {key: value for key, value in values.items() if not key.startswith("save.")}
        editor.stepped.emit()
        assert choice.chosen is PRESETS[name] and address.text == ("" if name == "plain" else name)
        assert editor.values == values
        assert name == "sticker" or choice.shown is PRESETS[name]


def test_undo_of_something_else_changes_no_choice():
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(PRESETS, address, editor)
    choice.choose("product")
    editor.values |= {"background.colour": "#ff0000", "save.format": "png"}
    editor.stepped.emit()
    editor.values["background.colour"] = "#ffffff"
    editor.stepped.emit()
    assert choice.chosen is PRESETS["product"] and editor.values["save.format"] == "png"


def test_a_look_that_a_person_made_is_no_choice_of_the_preset_that_makes_the_same():
    address, editor = Address(), Editor(is_open=True)
    choice = PresetChoice(PRESETS, address, editor)
    editor.use_preset(PRESETS["sticker"].controls)
    editor.stepped.emit()
    assert choice.chosen is PRESETS["plain"] and address.text == ""
