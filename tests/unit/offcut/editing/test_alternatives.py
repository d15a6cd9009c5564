"""The results of several networks in the open photo: which are shown, when they disagree, and what is kept of them."""

import base64
import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from offcut.alternatives.agreement import DOUBTFUL
from offcut.editing.alternatives import SHOWN, FoundAlphas
from offcut.editing.editor import Editor
from offcut.models.catalogue import Catalogue
from tests.unit.offcut.editing.samples import blob, open_in
from tests.unit.offcut.fakes import Bench, catalogue, everything, left_half, run
from tests.unit.offcut.samples import save, scene

PHOTO = save(scene(200, 120), "PNG")


def networks(**tiers: str) -> Catalogue:
    first = dataclasses.replace(catalogue().model(), input_size=(200, 120))
    models = {name: dataclasses.replace(first, id=name, title=name.title(), tier=tiers[name]) for name in tiers}
    return Catalogue(next(iter(models)), models)


def looked_at(data: bytes = PHOTO, **tiers: str) -> tuple[Bench, Editor]:
    """An editor with a photo in which the first network has found the left half."""
    bench = Bench(models=networks(**(tiers or {"one": "fast", "two": "quality"})))
    editor = Editor(bench.engine)
    run(open_in(editor, data))
    return bench, editor


def strip(part: float):
    """A network that finds so much of the photo, from the left."""

    def answer(tensor: np.ndarray) -> np.ndarray:
        alpha = np.zeros((1, 1, *tensor.shape[2:]), np.float32)
        alpha[..., : round(part * tensor.shape[3])] = 1
        return alpha

    return answer


def picture(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,"))))


def test_the_results_are_small_cutouts_of_this_photo():
    bench, editor = looked_at()
    bench.answer = everything
    run(editor.find_alternative("two", "auto"))
    results = run(editor.list_alternatives(64))
    assert results.looked == ["one", "two"] and results.current == "one"
    assert [(result.model, result.title) for result in results.pictures] == [("one", "One"), ("two", "Two")]
    half, whole = (picture(result.picture) for result in results.pictures)
    assert half.mode == whole.mode == "RGBA" and half.size == whole.size and max(half.size) == 64
    assert whole.getchannel("A").getextrema() == (255, 255)
    alpha = np.asarray(half.getchannel("A"))
    assert alpha[:, 10].min() == 255 and alpha[:, -10].max() == 0


def test_networks_that_find_something_else_disagree_about_the_photo():
    bench, editor = looked_at()
    assert not run(editor.list_alternatives(64)).is_doubtful  # one alone disagrees with nobody
    bench.answer = everything
    run(editor.find_alternative("two", "auto"))
    results = run(editor.list_alternatives(64))
    assert results.is_doubtful and results.agreement == pytest.approx(0.5, abs=0.02) and results.agreement < DOUBTFUL


def test_networks_that_find_the_same_agree_and_one_picture_stands_for_both():
    _, editor = looked_at()
    run(editor.find_alternative("two", "auto"))
    results = run(editor.list_alternatives(64))
    assert not results.is_doubtful and results.agreement > 0.99 and results.looked == ["one", "two"]
    assert [result.model for result in results.pictures] == ["one"]
    run(editor.use_alternative("two"))
    run(editor.apply({"kind": "network", "model": "one"}))
    assert run(editor.list_alternatives(64)).current == "one"  # the same alpha is no step


def test_a_network_that_only_finds_people_makes_no_photo_doubtful_but_is_offered():
    bench, editor = looked_at(one="fast", faces="people")
    bench.answer = everything
    run(editor.find_alternative("faces", "auto"))
    results = run(editor.list_alternatives(64))
    assert not results.is_doubtful and [result.model for result in results.pictures] == ["one", "faces"]


def test_a_picture_with_a_shape_of_its_own_is_not_doubtful():
    cutout = scene(200, 120)
    cutout.putalpha(Image.fromarray(blob(200, 120)))
    bench, editor = looked_at(save(cutout, "PNG"))
    assert "run one" not in bench.events
    bench.answer = left_half
    run(editor.find_alternative("two", "auto"))
    results = run(editor.list_alternatives(64))
    assert not results.is_doubtful and len(results.pictures) == 2


def test_not_more_than_four_are_shown_and_the_one_in_use_is_among_them():
    names = [f"n{at}" for at in range(7)]
    bench, editor = looked_at(**dict.fromkeys(names, "quality"))
    for at, name in enumerate(names[1:], 1):
        bench.answer = strip(at / 8)
        run(editor.find_alternative(name, "auto"))
    run(editor.use_alternative("n6"))
    shown = [result.model for result in run(editor.list_alternatives(32)).pictures]
    assert len(shown) == SHOWN and "n6" in shown and shown == sorted(shown)


def test_a_network_that_the_site_has_no_more_keeps_its_result():
    _, editor = looked_at()
    editor.document.alternatives.keep("gone", np.ones((4, 8), np.float32))
    results = run(editor.list_alternatives(64))
    assert [result.title for result in results.pictures] == ["One", "gone"] and not results.is_doubtful
    run(editor.use_alternative("gone"))
    assert editor.document.alpha.min() == 255


def test_what_is_kept_is_small_and_goes_with_the_photo():
    bench, editor = looked_at()
    bench.answer = everything
    run(editor.find_alternative("two", "auto"))
    kept = editor.document.alternatives.kept
    assert sum(len(alpha.packed) for alpha in kept.values()) < 1000 and bench.engine.session.model.id == "two"
    assert bench.events.count("release one") == 1  # one network in memory
    run(open_in(editor, PHOTO))
    assert run(editor.list_alternatives(64)).looked == ["one"]


def test_the_first_of_two_that_look_the_same_is_shown_unless_the_other_is_in_use():
    alternatives = FoundAlphas("first", lambda: blob(200, 120))
    alternatives.keep("second", blob(200, 120).astype(np.float32) / 255)
    alternatives.keep("third", np.ones((5, 5), np.float32))
    assert alternatives.distinct("first") == ["first", "third"]
    assert alternatives.distinct("second") == ["second", "third"]


def test_the_pictures_show_the_part_in_which_anything_was_found_the_same_in_all():
    bench, editor = looked_at(one="fast", two="quality")
    bench.answer = strip(0.25)
    run(editor.find_alternative("two", "auto"))
    first, second = (picture(result.picture) for result in run(editor.list_alternatives(64)).pictures)
    assert first.size == second.size and first.width / first.height == pytest.approx(106 / 120, abs=0.05)
    assert first.getchannel("A").getbbox()[2] > 1.8 * second.getchannel("A").getbbox()[2]


def test_a_photo_in_which_nothing_was_found_is_shown_whole():
    alternatives = FoundAlphas("first", lambda: np.zeros((120, 200), np.uint8))
    assert alternatives.visible(["first"], (200, 120)) == (0, 120, 0, 200)


def test_the_network_for_people_suits_a_photo_in_which_it_found_the_same_subject():
    bench, editor = looked_at(one="fast", best="quality", faces="people")
    assert editor.suited() == "one"
    bench.answer = strip(0.6)
    run(editor.find_alternative("best", "auto"))
    assert editor.suited() == "best"
    run(editor.find_alternative("faces", "auto"))
    assert editor.suited() == "faces"


def test_the_network_for_people_does_not_suit_a_photo_in_which_it_found_something_else():
    bench, editor = looked_at(one="fast", best="quality", faces="people")
    run(editor.find_alternative("faces", "auto"))  # as the fast network, which counts for nothing any more
    bench.answer = everything
    run(editor.find_alternative("best", "auto"))
    assert editor.suited() == "best"


@pytest.mark.parametrize(("part", "shape"), [(0.2, (96, 96)), (0.8, (48, 96))])
def test_a_finer_network_sees_a_photo_with_a_small_subject_squashed(part, shape):
    models = networks(one="fast", best="quality")
    models.models["best"] = dataclasses.replace(models.models["best"], input_size=(96, 96), input_step=48)
    bench = Bench(strip(part), models)
    editor = Editor(bench.engine)
    run(open_in(editor, PHOTO))
    shapes = []

    def noted(tensor: np.ndarray) -> np.ndarray:
        shapes.append(tensor.shape[2:])
        return strip(part)(tensor)

    bench.answer = noted
    run(editor.find_alternative("best", "auto"))
    assert shapes == [shape]
