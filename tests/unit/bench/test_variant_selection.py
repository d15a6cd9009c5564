"""Which form of a network wins, by what was measured."""

import pytest

from bench.variants import run, selection
from bench.variants.selection import Measured
from tools.errors import ToolError

TRUTH = [0.010, 0.012, 0.008, 0.011, 0.009, 0.010]


def form(name: str, size: int, seconds: float, more: float | None = None) -> Measured:
    mae = [] if more is None else [value + more for value in TRUTH]
    return Measured(name, size, [seconds, seconds * 1.1, seconds * 0.9], mae=mae)


def test_the_quickest_wins():
    forms = [form("float32", 40, 4.0), form("int8", 10, 4.0), form("activations", 11, 2.0)]
    assert selection.winner(forms).form == "activations"
    assert selection.said("wasm", forms, "activations").startswith("wasm: activations wins, as in the catalogue.")
    assert "but the catalogue has int8" in selection.said("wasm", forms, "int8")
    assert "nobody looked at the quality" in selection.said("wasm", forms, "int8")


def test_of_those_that_are_as_quick_the_smallest_wins():
    assert (
        selection.winner([form("float32", 40, 1.0), form("float16", 20, 1.04), form("int8", 10, 1.06)]).form
        == "float16"
    )


def test_a_form_that_loses_too_much_is_out():
    forms = [form("float32", 40, 4.0, 0.0), form("float16", 20, 4.0, 0.0005), form("int8", 10, 1.0, 0.02)]
    assert not selection.fits(forms[2], forms[0])
    assert selection.winner(forms).form == "float16"
    said = selection.said("wasm", forms, "float16")
    assert "Too far from single precision: int8." in said and "nobody" not in said


def test_a_loss_that_may_be_chance_is_none():
    plain = form("float32", 40, 1.0, 0.0)
    one = Measured("int8", 10, [1.0], mae=[*TRUTH[:-1], TRUTH[-1] + 0.05])
    assert selection.loss(one, plain).value > selection.MOST_LOSS and selection.fits(one, plain)


def test_the_table_takes_ratios_turn_by_turn():
    forms = [
        Measured("float32", 4_500_000, [2.0, 4.0], [700.0, 702.0], TRUTH[:2], [0.5, 0.7]),
        Measured("float16", 2_300_000, [1.0, 3.0], [], TRUTH[:2], [0.5, 0.7]),
    ]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in selection.table(forms).splitlines()]
    assert rows[2][:5] == ["float32", "4.5", "3.00", "1.67 (1.33 to 2.00)", "701"]
    assert rows[3][:5] == ["float16", "2.3", "2.00", "1.00 (1.00 to 1.00)", ""]
    assert rows[2][5] == "0.0110" and rows[2][7] == "0.600"


@pytest.mark.parametrize(("ids", "forms", "said"), [(["magic"], ["float32"], "magic"), (None, ["zip"], "zip")])
def test_what_is_not_known_is_said(ids, forms, said):
    with pytest.raises(ToolError, match=said):
        run.bench(ids, forms, runs=1, folder=None, limit=None, chromium=[])
