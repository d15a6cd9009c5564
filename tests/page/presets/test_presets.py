"""The presets of the repository: what page and worker understand of them, and what they are made of."""

import datetime

import pytest
from core import i18n
from presets.preset import GROUPS, OWN, PLAIN, preset_of
from presets.texts import describe, grouped, origin

from offcut.editing.look import Look
from offcut.protocol.look import LOOK
from tests.page.editor.fakes import DEFAULTS
from tests.page.presets.samples import PRESETS

every_preset = pytest.mark.parametrize("id", sorted(PRESETS))


@every_preset
def test_the_worker_understands_each_and_the_editors_controls_say_it(id):
    look = Look.read(PRESETS[id].look)
    values = DEFAULTS | PRESETS[id].controls
    assert set(values) == set(DEFAULTS)
    assert values["save.format"] == look.options.format
    assert values["background.kind"] == look.settings.background.kind
    if look.settings.canvas.width:
        assert (values["canvas.width"], values["canvas.height"]) == (
            look.settings.canvas.width,
            look.settings.canvas.height,
        )
        assert values["canvas.preset"] == "own" and values["canvas.fit"] == look.settings.canvas.fit
    assert preset_of(PRESETS, values.__getitem__, id) is PRESETS[id]


@every_preset
def test_each_says_where_its_numbers_are_from(id):
    preset = PRESETS[id]
    assert preset.source == "" or preset.source.startswith("https://")
    assert not preset.checked or (preset.source and datetime.date.fromisoformat(preset.checked))
    assert origin(preset) == "" if not preset.source else preset.host in origin(preset)
    assert preset.host in ("", *preset.source.split("/"))


def test_what_was_not_read_at_its_publisher_is_called_unchecked():
    assert origin(PRESETS["ebay"]) == "Size by www.ebay.com, read on 2026-11-29."
    assert "not checked" in origin(PRESETS["amazon"])


def test_amazon_has_the_subject_on_at_least_85_percent_of_the_frame():
    look = PRESETS["amazon"].look
    assert 1 - 2 * look["canvas"]["margin"] >= 0.85 and look["background"]["colour"] == "#ffffff"
    assert look["canvas"]["width"] == look["canvas"]["height"] >= 1600


def test_google_has_it_on_75_to_90_percent_of_at_least_1500_pixels():
    canvas = PRESETS["google"].look["canvas"]
    assert 0.75 <= 1 - 2 * canvas["margin"] <= 0.9 and min(canvas["width"], canvas["height"]) >= 1500


def test_a_sticker_is_512_pixels_of_transparent_webp():
    look = PRESETS["sticker"].look
    assert (look["canvas"]["width"], look["canvas"]["height"], look["format"]) == (512, 512, "webp")
    assert look["background"] == {"kind": "transparent"}
    assert look["max_bytes"] == 100_000 and PRESETS["sticker"].controls["save.limit"] == 100


@pytest.mark.parametrize(
    ("id", "millimetres", "dpi", "head"),
    [
        ("id", (35, 45), 300, (32, 36)),
        ("de", (35, 45), 300, (32, 36)),
        ("nl", (35, 45), 400, (26, 30)),
        ("us-passport", (50.8, 50.8), 300, (25, 35)),
        ("cn-visa", (33, 48), 300, (28, 33)),
    ],
)
def test_an_id_photo_has_the_size_of_the_document_and_its_head_within_what_is_allowed(id, millimetres, dpi, head):
    preset = PRESETS[id]
    canvas = preset.look["canvas"]
    printed = canvas["width"] / canvas["dpi"] * 25.4, canvas["height"] / canvas["dpi"] * 25.4
    assert printed == pytest.approx(millimetres, abs=0.1) and canvas["dpi"] == dpi
    least, greatest = (limit * millimetres[1] for limit in preset.head)
    assert (least, greatest) == pytest.approx(head, abs=0.05)
    assert least < canvas["head_height"] * millimetres[1] < greatest
    assert canvas["head_top"] + preset.head[1] < 1


@pytest.mark.parametrize(
    ("id", "size", "head", "bytes"),
    [  # as the offices publish them: pixels, parts of the height, largest file
        ("us-dv", (600, 600), (0.5, 0.69), 240_000),
        ("ca", (591, 827), (31 / 70, 36 / 70), None),
        ("ca-online", (1200, 1800), (0.45, 0.5), 5_000_000),
        ("in", (630, 810), (0.8, 0.85), None),
        ("ng", (600, 800), (), 2_000_000),
        ("sg", (400, 514), (), 8_000_000),
        ("sa-visa", (200, 200), (0.7, 0.8), 100_000),
    ],
)
def test_a_document_that_is_sent_has_the_offices_pixels_and_bytes(id, size, head, bytes):
    preset = PRESETS[id]
    assert (preset.look["canvas"]["width"], preset.look["canvas"]["height"]) == size
    assert preset.head == pytest.approx(head, abs=0.002)
    assert preset.look["max_bytes"] is bytes is None or preset.look["max_bytes"] <= bytes
    assert preset.checked == "2026-10-12"


@pytest.mark.parametrize(("id", "least"), [("gb", (600, 750)), ("ie-online", (715, 951)), ("nz", (900, 1200))])
def test_a_document_with_a_least_size_has_more_of_the_same_shape(id, least):
    canvas = PRESETS[id].look["canvas"]
    assert canvas["width"] >= least[0] and canvas["height"] >= least[1]
    assert canvas["width"] / canvas["height"] == pytest.approx(least[0] / least[1], abs=0.002)


def test_every_head_is_placed_within_what_is_allowed_and_has_room():
    for preset in PRESETS.values():
        canvas = preset.look["canvas"]
        if canvas.get("fit") != "head":
            assert not preset.is_of_document
            continue
        assert canvas["head_top"] > 0 and canvas["head_top"] + canvas["head_height"] < 1
        if preset.head:
            assert preset.head[0] <= canvas["head_height"] <= preset.head[1]
        # The eyes lie a good half below the crown (ISO/IEC 19794-5: 0.43 to 0.55 of the head).
        if preset.eyes:
            eyes = 1 - canvas["head_top"] - 0.48 * canvas["head_height"]
            assert preset.eyes[0] < eyes < preset.eyes[1]


def test_sizes_alone_say_so_and_have_exact_millimetres():
    sizes = [preset for preset in PRESETS.values() if preset.group == "size"]
    assert len(sizes) >= 10 and not any(preset.checked or preset.head for preset in sizes)
    assert all("not checked" in origin(preset) and "shop" not in origin(preset) for preset in sizes)
    canvas = PRESETS["es"].look["canvas"]
    assert (round(canvas["width"] / 300 * 25.4, 1), round(canvas["height"] / 300 * 25.4, 1)) == (26, 32)


def test_an_office_that_wants_no_changes_is_named():
    assert "refused" in origin(PRESETS["us-passport"]) and "refused" not in origin(PRESETS["de"])
    assert "PixID, CC BY 4.0" in origin(PRESETS["de"])


def test_the_plain_one_leaves_everything_as_it_is_at_first():
    assert PRESETS[PLAIN].look == LOOK
    assert DEFAULTS | PRESETS[PLAIN].controls == DEFAULTS
    assert preset_of(PRESETS, DEFAULTS.__getitem__) is PRESETS[PLAIN]
    assert preset_of(PRESETS, (DEFAULTS | {"save.format": "webp"}).__getitem__) is PRESETS[PLAIN]


def test_other_settings_are_no_preset():
    values = DEFAULTS | PRESETS["amazon"].controls | {"canvas.margin": 0.2}
    assert preset_of(PRESETS, values.__getitem__, "amazon") is None
    moved = DEFAULTS | PRESETS["amazon"].controls | {"placement.x": 0.1, "edges.grow": 0.01}
    assert preset_of(PRESETS, moved.__getitem__, "amazon") is PRESETS["amazon"]


def test_all_are_listed_once_under_their_group():
    listed = [preset.id for _, presets in grouped(PRESETS) for preset in presets]
    assert sorted(listed) == sorted(PRESETS) and listed[:2] == [PLAIN, "background"]
    jumbled = {name: PRESETS[name] for name in sorted(PRESETS, key=lambda name: name[::-1])}  # as MicroPython has them
    assert grouped(jumbled) == grouped(PRESETS)
    documents = dict(grouped(PRESETS))["id"]
    titles = [preset.title for preset in documents]
    assert documents[0].id == "id" and titles[1:] == sorted(titles[1:])
    assert {preset.group for preset in PRESETS.values()} | {OWN} == set(GROUPS)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "2000 × 2000 px · White · JPEG"), ("zh", "2000 × 2000 像素 · 白色 · JPEG")]
)
def test_a_preset_says_what_it_makes(language, text):
    i18n.set_language(language)
    try:
        assert describe(PRESETS["amazon"]) == text
    finally:
        i18n.set_language("en")
