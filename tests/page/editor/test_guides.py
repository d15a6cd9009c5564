"""The lines over the picture of a head."""

from editor.guide_lines import lines_of


def test_the_crown_the_chin_and_how_high_a_head_may_be():
    assert lines_of(0.1, 0.7, ()) == [(0.1, "crown"), (0.1 + 0.7, "chin")]
    lines = lines_of(0.08, 0.75, (0.71, 0.8))
    assert [kind for _, kind in lines] == ["crown", "chin", "allowed", "allowed"]
    assert lines[2][0] < lines[1][0] < lines[3][0]


def test_where_the_eyes_may_be_is_counted_from_below():
    lines = lines_of(0.1, 0.6, (), (0.55, 0.69))
    assert lines[2:] == [(1 - 0.55, "eyes_allowed"), (1 - 0.69, "eyes")]
