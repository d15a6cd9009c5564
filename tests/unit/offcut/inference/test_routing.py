"""Which network's alpha a photo gets where the choice is automatic."""

import dataclasses

import numpy
import pytest

from offcut.inference import routing
from offcut.inference.preprocess import prepare
from offcut.models.catalogue import Catalogue
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, model, run
from tests.unit.offcut.samples import reopen, save, scene

PHOTO = save(scene(), "PNG")

FAST = model(id="small", tier="fast")
FINER = model(id="large", tier="quality", input_size=(32, 32), input_step=8, resize_margin=2)
PEOPLE = model(id="faces", tier="people")


def alpha(*box: int, size: tuple[int, int] = (100, 100), value: float = 1) -> numpy.ndarray:
    """A rectangle: top, bottom, left, right."""
    made = numpy.zeros(size, numpy.float32)
    made[box[0] : box[1], box[2] : box[3]] = value
    return made


@pytest.mark.parametrize(
    ("box", "is_small"),
    [((0, 63, 0, 63), True), ((0, 64, 0, 64), False), ((40, 60, 0, 100), True), ((0, 0, 0, 0), False)],
)
def test_a_subject_is_small_where_its_box_is(box, is_small):
    found = alpha(*box)
    assert routing.is_small(found) is is_small
    assert routing.is_small((found * 255).astype(numpy.uint8)) is is_small


def test_a_faint_haze_makes_no_subject_larger():
    assert routing.is_small(numpy.maximum(alpha(0, 30, 0, 30), 0.4))


def test_people_are_where_the_network_for_people_finds_the_same_subject():
    finer = alpha(20, 80, 30, 70)
    assert routing.is_of_people(finer, finer)
    assert routing.is_of_people(finer, alpha(40, 160, 60, 140, size=(200, 200)))
    assert not routing.is_of_people(finer, alpha(20, 80, 30, 60))
    assert not routing.is_of_people(finer, alpha(0, 0, 0, 0))
    assert not routing.is_of_people(alpha(0, 0, 0, 0), alpha(0, 0, 0, 0))


def test_the_network_for_people_may_leave_a_little_out_but_add_less():
    """A fortieth of this subject is a hundredth of the photo."""
    finer = alpha(20, 80, 30, 70)
    assert routing.is_of_people(finer, alpha(20, 80, 31, 70))
    assert not routing.is_of_people(finer, alpha(20, 80, 29, 70))


def test_a_small_subject_is_confirmed_where_the_finer_network_finds_it_too():
    small = alpha(0, 30, 0, 30)
    assert routing.is_confirmed(small, alpha(0, 60, 0, 50, size=(200, 200)))
    assert not routing.is_confirmed(small, alpha(0, 30, 0, 60))
    assert not routing.is_confirmed(small, alpha(0, 0, 0, 0))


def test_a_squashed_photo_fills_the_whole_input():
    photo = scene()
    assert prepare(photo, FINER)[0].shape == (1, 3, 16, 32)
    tensor, geometry = prepare(photo, routing.squashed(FINER))
    assert tensor.shape == (1, 3, 32, 32) and geometry.box == (0, 32, 0, 32)
    assert routing.squashed(FAST) == FAST


def bench(answers: dict[str, numpy.ndarray], models=(FAST, FINER, PEOPLE)) -> Bench:
    """An engine whose networks find these alphas."""
    made = Bench(models=Catalogue(models[0].id, {each.id: each for each in models}))
    made.shapes = []

    def answer(tensor: numpy.ndarray) -> numpy.ndarray:
        made.shapes.append(tensor.shape[2:])
        found = answers[made.events[-1].removeprefix("run ")]
        rows = numpy.arange(tensor.shape[2]) * found.shape[0] // tensor.shape[2]
        columns = numpy.arange(tensor.shape[3]) * found.shape[1] // tensor.shape[3]
        return found[rows][:, columns][None, None]

    made.answer = answer
    return made


LEFT, RIGHT, NEARLY = alpha(0, 4, 0, 4, size=(4, 8)), alpha(0, 4, 4, 8, size=(4, 8)), alpha(0, 4, 0, 4, size=(4, 8))
CORNER = alpha(0, 2, 0, 2, size=(4, 8))


def cutout(made: Bench, **options):
    return run(made.engine.remove(PHOTO, Options(**({"model": "auto", "refine": 0} | options))))


def asked(made: Bench) -> list[str]:
    return [event.removeprefix("run ") for event in made.events if event.startswith("run ")]


def test_people_get_the_network_for_people():
    made = bench({"small": LEFT, "large": LEFT, "faces": NEARLY})
    result = cutout(made)
    assert result.model == "faces" and asked(made) == ["small", "large", "faces"]


def test_anything_else_gets_the_finer_network():
    made = bench({"small": LEFT, "large": LEFT, "faces": RIGHT})
    result = cutout(made, output="mask")
    assert (result.model, result.backend, result.threads) == ("large", "fake", 3)
    mask = reopen(result.data)
    assert mask.getpixel((4, 8)) == 255 and mask.getpixel((28, 8)) == 0


def test_a_small_subject_is_seen_squashed_by_the_finer_network_alone():
    small = bench({"small": CORNER, "large": CORNER, "faces": RIGHT})
    large = bench({"small": LEFT, "large": LEFT, "faces": RIGHT})
    cutout(small), cutout(large)
    assert small.shapes == [(4, 8), (32, 32), (4, 8)]
    assert large.shapes == [(4, 8), (16, 32), (4, 8)]


def test_a_photo_in_which_the_finer_network_finds_another_subject_is_seen_in_its_own_shape_too():
    made = bench({"small": CORNER, "large": LEFT, "faces": RIGHT})
    assert cutout(made).model == "large" and made.shapes == [(4, 8), (32, 32), (16, 32), (4, 8)]


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ((FAST,), ["small"]),
        ((FAST, PEOPLE), ["small", "faces"]),
        ((FAST, dataclasses.replace(FINER, tier="balanced")), ["small", "large"]),
        ((PEOPLE,), ["faces", "faces"]),
    ],
)
def test_the_choice_is_among_the_networks_there_are(models, expected):
    made = bench({"small": LEFT, "large": LEFT, "faces": LEFT}, models)
    assert cutout(made).model == expected[-1] and asked(made) == expected


def test_another_choice_runs_its_network_alone():
    made = bench({"small": LEFT, "large": LEFT, "faces": LEFT})
    assert cutout(made, model="large").model == "large" and asked(made) == ["large"]


def test_a_photo_that_is_cut_out_already_is_shown_to_no_network():
    made = bench({"small": LEFT, "large": LEFT, "faces": LEFT})
    picture = scene().convert("RGBA")
    picture.putalpha(0)
    picture.paste((200, 30, 30, 255), (12, 4, 20, 12))
    assert "own-shape" in run(made.engine.remove(save(picture, "PNG"), Options(model="auto"))).notices
    assert asked(made) == []
