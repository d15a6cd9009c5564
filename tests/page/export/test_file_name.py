"""Names of saved files, in any script and of any length."""

import unicodedata

import pytest
from export.file_name import MAX_BYTES, SUFFIXES, file_name

from offcut.protocol.formats import FILE_TYPES


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("photo.jpg", "photo-cutout.png"),
        ("a.b.jpg", "a.b-cutout.png"),
        ("photo", "photo-cutout.png"),
        ("Screenshot 10.30.15", "Screenshot 10.30.15-cutout.png"),
        ("Bildschirmfoto 2026-11-29 um 10.30.15.png", "Bildschirmfoto 2026-11-29 um 10.30.15-cutout.png"),
        ("No. 5", "No. 5-cutout.png"),
        (".jpg", "photo-cutout.png"),
        ("", "photo-cutout.png"),
        ("...", "photo-cutout.png"),
        (" photo .jpg", "photo-cutout.png"),
        ("..\\..\\photo.jpg", "_.._photo-cutout.png"),
        ("../../photo.jpg", "_.._photo-cutout.png"),
        ('a:b*c?"<d>|e.jpg', "a_b_c___d__e-cutout.png"),
        ("line\nbreak\x7f.jpg", "line_break_-cutout.png"),
        ("aux.jpg", "_aux-cutout.png"),
        ("COM1.old.jpg", "_COM1.old-cutout.png"),
        ("console.jpg", "console-cutout.png"),
        ("invoice\u202egnp.jpg", "invoicegnp-cutout.png"),
        ("照片.jpg", "照片-cutout.png"),
        ("עץ.jpeg", "עץ-cutout.png"),
        ("cat-cutout.png", "cat-cutout.png"),
        ("cat-white.jpg", "cat-cutout.png"),
        ("\ud800cat.jpg", "cat-cutout.png"),
    ],
)
def test_the_saved_file_is_named_after_the_photo(name, saved):
    assert file_name(name, "-cutout", "png") == saved


FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    "character",
    ["a", "ä", "a\u0308", "照", "한", "\u1112\u1161\u11ab", "นี้", "कि", "שָ", "😀", "👍🏽", FAMILY, "が"],
)
@pytest.mark.parametrize("before", range(4))
def test_a_long_name_is_cut_between_characters_in_any_script(character, before):
    name = "x" * before + character * 252
    for suffix in SUFFIXES:
        for kind in FILE_TYPES.values():
            saved = file_name(name + ".jpg", suffix, kind.extension)
            assert saved.endswith(f"{suffix}.{kind.extension}")
            stem = saved[: -len(f"{suffix}.{kind.extension}")]
            assert MAX_BYTES - 2 * len(character.encode()) < len(stem.encode()) <= MAX_BYTES
            assert stem == "x" * before + character * ((len(stem) - before) // len(character))
            assert len(unicodedata.normalize("NFC", saved).encode()) < 143


def test_any_character_may_stand_in_a_name():
    forbidden = set('\\/:*?"<>|') | {chr(code) for code in (*range(32), *range(127, 160))}
    for start in (*range(0, 0x20000, 16), *range(0xE0000, 0xE0200, 16), 0x10FFF0):
        saved = file_name("".join(map(chr, range(start, start + 16))) + ".jpg", "-cutout", "png")
        assert saved.endswith("-cutout.png") and not forbidden & set(saved)
        assert saved.strip(" .") == saved and 0 < len(saved.encode()) < 255


def test_a_name_that_is_short_enough_stays_whole():
    assert file_name("x" * MAX_BYTES + ".jpg", "-cutout", "png") == "x" * MAX_BYTES + "-cutout.png"


@pytest.mark.parametrize(
    ("pattern", "suffix", "saved"),
    [
        ("[name]", "-cutout", "cat.png"),
        ("shop/[name] no. [number]", "-white", "shop_cat no. 7.png"),
        ("[name]-[name]", "-mask", "cat-cat-mask.png"),
        ("[other]", "-cutout", "[other].png"),
        (" . ", "-cutout", "photo.png"),
        ("nul", "-cutout", "_nul.png"),
        ("", "-cutout", "cat-cutout.png"),
    ],
)
def test_a_pattern_names_it_instead(pattern, suffix, saved):
    assert file_name("cat-cutout.jpg", suffix, "png", pattern, 7) == saved
