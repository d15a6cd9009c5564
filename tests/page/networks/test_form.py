"""What a person can change about how a network of their own is used."""

import json

from networks import form as module
from networks.form import NUMBERS, OWN, NetworkForm, text_of

from offcut.models.own import description
from offcut.models.own.families import FAMILIES

PLAIN = {
    "title": "Mine", "family": "u2net", "size": [320, 320], "scale": "max", "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225], "rule": "squash", "kernel": "bicubic", "output": "a", "channel": 0, "alpha": "minmax",
    "step": 0, "short_side": 0,
}  # fmt: skip


def form(**facts):
    other = PLAIN | {"family": "other", "alpha": "sigmoid", "title": "Guessed"}
    given = {"family": "u2net", "descriptions": {"u2net": dict(PLAIN), "other": other}, "width": 0, "height": 0,
             "outputs": [["a", 1], ["b", 2]]}  # fmt: skip
    return NetworkForm(given | facts)


def test_the_families_are_those_of_the_engine():
    assert [name for name, _ in module.FAMILIES] == list(FAMILIES)


def test_the_choices_are_those_of_the_engine():
    assert (module.RULES, module.ALPHAS) == (description.RULES, description.ALPHAS)


def test_another_family_changes_all_but_the_name():
    made = form()
    made.description["title"] = "Named"
    made.choose_family("other")
    assert (made.description["title"], made.description["alpha"]) == ("Named", "sigmoid")
    made.choose_family("u2net")
    assert made.description["alpha"] == "minmax" and made.description["title"] == "Named"


def test_a_size_is_taken_where_it_is_free():
    made = form()
    made.description["step"] = 32
    made.set_size("512", "x")
    assert (made.description["size"], made.description["step"]) == ([512, 320], 0)
    fixed = form(width=320, height=320)
    fixed.set_size("512", "512")
    assert fixed.description["size"] == [320, 320] and fixed.free_sides == (False, False)


def test_numbers_have_names_or_are_written():
    made = form()
    assert made.numbers == "imagenet"
    for name, _, _ in NUMBERS:
        made.choose_numbers(name)
        assert made.numbers == name
    assert made.set_numbers("0.1, 0.2 0.3", "1 1 2") and made.numbers == OWN
    assert made.description["mean"] == [0.1, 0.2, 0.3]
    for mean, std in (("1 2", "1 1 1"), ("a b c", "1 1 1"), ("0 0 0", "0 1 1"), ("", "")):
        assert not made.set_numbers(mean, std)
    assert text_of([0.485, 1, 0, 0.5]) == "0.485 1 0 0.5"


def test_an_output_and_its_map_are_chosen():
    made = form()
    made.choose_output("b")
    assert (made.maps, made.description["channel"]) == (2, 1)
    made.set_channel("1")
    assert made.description["channel"] == 0
    made.set_channel("7")
    assert made.description["channel"] == 0


def test_the_worker_gets_the_whole_description():
    assert json.loads(form().text) == PLAIN
