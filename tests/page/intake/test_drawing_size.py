"""How large drawings are meant to be."""

import pytest
from intake.drawing_size import fitted, sides_of


@pytest.mark.parametrize(
    ("width", "height", "view_box", "sides"),
    [
        ("300", "200", None, (300, 200)),
        ("300px", "200px", "0 0 10 10", (300, 200)),
        ("1in", "48", None, (96, 48)),
        ("25.4mm", "2.54cm", None, (96, 96)),
        ("72pt", "6pc", None, (96, 96)),
        (None, None, "0 0 30 20", (30, 20)),
        (None, None, " -5,-5, 3e1 ,2.5e1 ", (30, 25)),
        ("100%", "100%", "0 0 30 20", (30, 20)),
        ("300", "", "0 0 30 20", (30, 20)),
        ("10em", "5em", "0 0 30 20", (30, 20)),
        (None, None, None, (300, 150)),
        (None, None, "0 0 0 20", (300, 150)),
        (None, None, "0 0 30", (300, 150)),
        ("-3", "0", "nonsense", (300, 150)),
        ("1e400", "inf", None, (300, 150)),
        ("nan", "nan", "nan nan nan nan", (300, 150)),
        ("60", None, None, (60, 150)),
    ],
)
def test_proportions_are_those_that_browsers_take(width, height, view_box, sides):
    assert sides_of(width, height, view_box) == pytest.approx(sides)


@pytest.mark.parametrize(
    ("sides", "longest", "size"),
    [((300, 200), 2048, (2048, 1365)), ((2, 3), 600, (400, 600)), ((1000, 1), 16, (16, 1)), ((1, 1), 64, (64, 64))],
)
def test_the_longer_side_is_the_one_that_is_chosen(sides, longest, size):
    assert fitted(sides, longest) == size
