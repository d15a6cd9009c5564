"""Which variant of a network is chosen, by its measurements."""

import pytest

from bench.variants import run, selection
from bench.variants.selection import Measured
from tools.errors import ToolError

TRUTH = [0.010, 0.012, 0.008, 0.011, 0.009, 0.010]


def variant(name: str, size: int, seconds: float, more: float | None = None) -> Measured:
    mae = [] if more is None else [value + more for value in TRUTH]
    return Measured(name, size, [seconds, seconds * 1.1, seconds * 0.9], mae=mae)


def test_the_quickest_wins():
    variants = [variant("float32", 40, 4.0), variant("int8", 10, 4.0), variant("activations", 11, 2.0)]
    assert selection.choose(variants).variant == "activations"
    assert selection.summary("wasm", variants, "activations").startswith("wasm: activations, as in the catalogue.")
    assert "but the catalogue has int8" in selection.summary("wasm", variants, "int8")
    assert "Quality was not measured" in selection.summary("wasm", variants, "int8")


def test_of_those_that_are_as_quick_the_smallest_wins():
    assert (
        selection.choose([variant("float32", 40, 1.0), variant("float16", 20, 1.04), variant("int8", 10, 1.06)]).variant
        == "float16"
    )


def test_a_form_that_loses_too_much_is_out():
    variants = [variant("float32", 40, 4.0, 0.0), variant("float16", 20, 4.0, 0.0005), variant("int8", 10, 1.0, 0.02)]
    assert not selection.fits(variants[2], variants[0])
    assert selection.choose(variants).variant == "float16"
    text = selection.summary("wasm", variants, "float16")
    assert "Too far from single precision: int8." in text and "not measured" not in text


def test_a_loss_that_may_be_chance_is_none():
    plain = variant("float32", 40, 1.0, 0.0)
    one = Measured("int8", 10, [1.0], mae=[*TRUTH[:-1], TRUTH[-1] + 0.05])
    assert selection.loss(one, plain).value > selection.MAX_LOSS and selection.fits(one, plain)


def test_the_table_takes_ratios_turn_by_turn():
    variants = [
        Measured("float32", 4_500_000, [2.0, 4.0], [700.0, 702.0], TRUTH[:2], [0.5, 0.7]),
        Measured("float16", 2_300_000, [1.0, 3.0], [], TRUTH[:2], [0.5, 0.7]),
    ]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in selection.table(variants).splitlines()]
    assert rows[2][:5] == ["float32", "4.5", "3.00", "1.67 (1.33 to 2.00)", "701"]
    assert rows[3][:5] == ["float16", "2.3", "2.00", "1.00 (1.00 to 1.00)", ""]
    assert rows[2][5] == "0.0110" and rows[2][7] == "0.600"


@pytest.mark.parametrize(("ids", "variants", "message"), [(["magic"], ["float32"], "magic"), (None, ["zip"], "zip")])
def test_what_is_not_known_is_reported(ids, variants, message):
    with pytest.raises(ToolError, match=message):
        run.bench(ids, variants, runs=1, folder=None, limit=None, chromium=[])
