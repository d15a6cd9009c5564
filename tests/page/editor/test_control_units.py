"""What the position of a slider means, and how it is shown."""

import pytest
from editor.control_units import (
    area_of,
    label_of,
    nearest_number,
    number_of,
    position_of,
    size_of,
    slider_of,
    value_of,
)
from hypothesis import given
from hypothesis import strategies as st

from offcut.protocol.brush import MAX_SIZE, MIN_SIZE


@given(st.floats(MIN_SIZE, MAX_SIZE))
def test_a_size_is_found_again_on_its_slider(size):
    assert size_of(slider_of(size)) == pytest.approx(size)


def test_the_ends_of_the_sliders():
    assert size_of(0) == MIN_SIZE and size_of(100) == pytest.approx(MAX_SIZE)
    assert slider_of(MAX_SIZE * 2) == pytest.approx(100)
    assert area_of(0) == 1 and area_of(100) == 100_000


@pytest.mark.parametrize("unit", ["%", "share", "px", "°", "log", None])
def test_positions_and_values_belong_together(unit):
    assert value_of(unit, position_of(unit, value_of(unit, 37.0))) == pytest.approx(value_of(unit, 37.0))


@pytest.mark.parametrize(
    ("unit", "position", "label"),
    [
        ("%", 30.0, "30 %"),
        ("share", 0.0, "0 %"),
        ("share", 12.0, "+12 %"),
        ("share", -12.0, "-12 %"),
        ("°", 180.0, "180°"),
        ("px", -3.5, "-3.5 px"),
        ("log", 0.0, "1 px"),
        ("area", 40.0, "100 px²"),
        (None, 7.0, "7"),
    ],
)
def test_labels(unit, position, label):
    assert label_of(unit, position) == label


@pytest.mark.parametrize(
    ("text", "number", "nearest"),
    [
        ("1080", 1080, 1080),
        ("16", 16, 16),
        ("1e3", 1000, 1000),
        ("5", None, 16),
        ("0", None, 16),
        ("-40", None, 16),
        ("99999", None, 16000),
        ("1e5", None, 16000),
        ("20.5", None, 20),
        ("", None, 1600),
    ],
)
def test_what_is_typed_counts_once_it_is_a_number_that_the_field_allows(text, number, nearest):
    assert number_of(text, 16.0, 16000.0) == number
    assert nearest_number(text, 16.0, 16000.0, 1600) == nearest
