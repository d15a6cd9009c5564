"""What the sliders say is what the worker understands."""

import pytest
from editor.settings import assemble, changes_result, control_values

from offcut.editing.settings import Settings
from tests.page.editor.fakes import PLAIN

IMAGE = 2
"""The number of the background's image."""


def of(**changes) -> dict:
    values = PLAIN | {name.replace("__", "."): value for name, value in changes.items()}
    return assemble(values.__getitem__, 400, 300, IMAGE)


def test_untouched_sliders_leave_the_result_as_it_is():
    assert Settings.read(of()) == Settings()
    assert not changes_result(of())


@pytest.mark.parametrize(("width", "height"), [(500, 300), (3000, 4000), (20_000, 30_000)])
def test_shadows_and_edges_are_parts_of_the_photos_longer_side(width, height):
    values = PLAIN | {"edges.feather": 0.01, "shadow.drop": True, "shadow.contact": True}
    settings = assemble(values.__getitem__, width, height)
    assert settings["edges"]["feather"] == min(200, max(width, height) / 100)
    assert settings["shadow"]["drop"]["distance"] == settings["shadow"]["drop"]["blur"] == max(width, height) / 50
    assert settings["shadow"]["contact"]["blur"] == round(max(width, height) * 0.013, 2)
    Settings.read(settings)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"edges__grow": -0.00875}, {"edges": {"grow": -3.5}}),
        ({"edges__feather": 0.01, "edges__traces": 0.0}, {"edges": {"feather": 4, "traces": 0}}),
        ({"edges__decontaminate": False}, {"edges": {"decontaminate": False}}),
        (
            {"background__kind": "colour", "background__colour": "#ff0000"},
            {"background": {"kind": "colour", "colour": "#ff0000"}},
        ),
        (
            {"background__kind": "gradient"},
            {"background": {"kind": "gradient", "from": "#ffffff", "to": "#000000", "angle": 180}},
        ),
        (
            {"background__kind": "image", "background__fit": "contain", "background__x": 0.2},
            {"background": {"kind": "image", "image": 2, "fit": "contain", "x": 0.2, "y": 0.5}},
        ),
        ({"background__kind": "blur"}, {"background": {"kind": "blur", "strength": 0.4}}),
        ({"background__kind": "original"}, {"background": {"kind": "original"}}),
        ({"shadow__drop": True}, {"shadow": {"drop": {"direction": 135, "distance": 8, "blur": 8, "opacity": 0.45}}}),
        ({"shadow__contact": True}, {"shadow": {"contact": {"blur": 5.2, "opacity": 0.5}}}),
        (
            {"placement__x": 0.25, "placement__y": -0.5, "placement__rotate": 10.0},
            {"placement": {"x": 100, "y": -150, "rotate": 10}},
        ),
        ({"canvas__preset": "crop"}, {"canvas": {"crop": True, "margin": 0.05}}),
        ({"canvas__preset": "4:5"}, {"canvas": {"aspect": "4:5", "fit": "subject", "margin": 0.05}}),
        ({"canvas__preset": "4:5", "canvas__fit": "photo"}, {"canvas": {"aspect": "4:5", "fit": "photo"}}),
        ({"canvas__preset": "4:5", "canvas__fit": "none"}, {"canvas": {"aspect": "4:5"}}),
        ({"canvas__preset": "own"}, {"canvas": {"width": 1080, "height": 1350, "fit": "subject", "margin": 0.05}}),
        (
            {"canvas__preset": "own", "canvas__fit": "head", "canvas__head_height": 0.75, "canvas__dpi": 300.0},
            {
                "canvas": {
                    "width": 1080,
                    "height": 1350,
                    "fit": "head",
                    "head_top": 0.1,
                    "head_height": 0.75,
                    "dpi": 300,
                }
            },
        ),
        ({"canvas__preset": "own", "canvas__fit": "none"}, {"canvas": {"width": 1080, "height": 1350, "fit": "none"}}),
    ],
)
def test_each_slider_sets_what_it_says(changes, expected):
    found = of(**changes)
    kept = control_values(Settings.read(found).plain(), 400, 300)
    assert Settings.read(assemble((PLAIN | kept).__getitem__, 400, 300, IMAGE)) == Settings.read(found)
    assert set(kept) <= set(PLAIN)
    assert Settings.read(found) == Settings.read(expected)
    assert changes_result(found)
