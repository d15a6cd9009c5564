"""The recipes to choose from: samples, and what the person has written or opened."""

import json

from core.preferences import Preferences
from recipes.library import MOST, Library, sample_of

from offcut.protocol.recipes import SAMPLES
from offcut.recipes import Recipe


def stored(**values) -> tuple[Preferences, dict]:
    written: dict = {}
    return Preferences(values, lambda name, value: written.update({name: value})), written


def library(preferences=None) -> Library:
    return Library(preferences or stored()[0], lambda name: Recipe.read(name).source)


def test_samples_are_there_by_the_names_of_their_files():
    assert [sample_of(f"{name}.py") for name in SAMPLES] == list(SAMPLES) == [sample_of(name) for name in SAMPLES]
    assert sample_of("mine.py") is None
    assert "outline" in library().source("sticker.py") and library().source("mine.py") is None


def test_what_is_kept_survives_a_reload_and_the_newest_is_first():
    preferences, written = stored()
    mine = library(preferences)
    mine.keep("a.py", "one")
    mine.keep("b.py", "two")
    mine.keep("a.py", "three")
    again = library(Preferences(written, lambda name, value: None))
    assert again.own == ["a.py", "b.py"] and again.source("a.py") == "three"
    again.delete("a.py")
    assert again.own == ["b.py"]


def test_a_sample_as_it_is_is_not_kept_and_a_changed_one_is():
    mine = library()
    mine.keep("sticker.py", Recipe.read("sticker").source)
    assert mine.own == []
    mine.keep("sticker.py", "other")
    assert mine.own == ["sticker.py"] and mine.source("sticker.py") == "other"
    assert mine.samples == [f"{name}.py" for name in SAMPLES if name != "sticker"]


def test_the_oldest_goes_where_there_are_too_many():
    mine = library()
    for number in range(MOST + 1):
        mine.keep(f"{number}.py", "text")
    assert len(mine.own) == MOST and "0.py" not in mine.own


def test_what_cannot_be_read_is_no_error():
    for text in ("[", "3", "[[1, 2]]", '[["a.py"]]', json.dumps([["a.py", 3]])):
        assert library(stored(recipes=text)[0]).own == []
