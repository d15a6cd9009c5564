"""A finer network's alpha under what was done since."""

import asyncio
import json

import numpy
import pytest

from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.persistence import document_of, manifest_of, parts_of
from offcut.editing.settings import Settings
from offcut.errors import HelpError, InferenceError, OutOfMemoryError
from offcut.geometry import Box
from offcut.options import Options
from tests.unit.offcut.editing.samples import open_in, stroke
from tests.unit.offcut.fakes import Bench, everything, run
from tests.unit.offcut.samples import assert_plain, save, scene

PHOTO = save(scene(200, 120), "PNG")
ERASED = stroke("erase", 30, [(20, 60), (60, 60)])
RESTORED = stroke("restore", 30, [(150, 60)])


def nothing(tensor: numpy.ndarray) -> numpy.ndarray:
    return numpy.zeros((1, 1, *tensor.shape[2:]), numpy.float32)


class Improved:
    """A photo of which a second network says something else."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.editor = Editor(self.bench.engine)
        run(open_in(self.editor, PHOTO))
        self.fast = self.editor.document.alpha.copy()

    def improve(self) -> None:
        self.bench.answer = everything
        run(self.editor.find_alternative("two", "auto"))

    def upgrade(self) -> Box | None:
        return run(self.editor.use_alternative("two", is_upgrade=True))

    def choose(self, model: str) -> Box | None:
        return run(self.editor.use_alternative(model))

    def names(self) -> list[str]:
        return [step.name for step in self.editor.document.history.steps]


def alone(*operations: dict) -> numpy.ndarray:
    """The alpha where the finer network was the first to look."""
    editor = Editor(Bench(everything).engine)
    run(open_in(editor, PHOTO, Options(model="two")))
    for operation in operations:
        run(editor.apply(operation))
    return editor.document.alpha


def test_it_takes_the_place_of_the_first_and_can_be_undone():
    photo = Improved()
    photo.improve()
    assert (photo.editor.document.alpha == photo.fast).all()  # not before it is asked for
    assert photo.upgrade() == (0, 120, 0, 200)
    assert (photo.editor.document.alpha == alone()).all()
    assert photo.names() == ["step.finer"]
    run(photo.editor.undo())
    assert (photo.editor.document.alpha == photo.fast).all()
    run(photo.editor.redo())
    assert (photo.editor.document.alpha == alone()).all()


def test_what_was_done_meanwhile_is_done_again_on_top_of_it():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    photo.improve()
    run(photo.editor.apply(stroke("erase", 40, [(120, 20)])))
    photo.upgrade()
    assert photo.names() == ["step.finer", "step.erase", "step.erase"]
    assert (photo.editor.document.alpha == alone(ERASED, stroke("erase", 40, [(120, 20)]))).all()
    run(photo.editor.go_to_step(0))
    assert (photo.editor.document.alpha == photo.fast).all()


def test_what_was_undone_can_still_be_done_again():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    run(photo.editor.apply(stroke("erase", 20, [(80, 100)])))
    run(photo.editor.undo())
    photo.improve()
    photo.upgrade()
    history = photo.editor.document.history
    assert (history.position, len(history.steps)) == (2, 3)
    assert (photo.editor.document.alpha == alone(ERASED)).all()
    run(photo.editor.redo())
    assert (photo.editor.document.alpha == alone(ERASED, stroke("erase", 20, [(80, 100)]))).all()


def test_a_step_that_has_nothing_to_do_any_more_is_none():
    photo = Improved()
    run(photo.editor.apply(RESTORED))  # what the finer network sees by itself
    photo.improve()
    photo.upgrade()
    assert photo.names() == ["step.finer"]


def test_a_step_that_cannot_be_done_again_leaves_everything_as_it_was():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    run(photo.editor.apply({"kind": "box", "box": [10, 10, 150, 110]}))
    before, steps = photo.editor.document.alpha.copy(), photo.names()
    assert len(steps) == 2
    photo.improve()

    def refuse(tensor: numpy.ndarray) -> numpy.ndarray:
        raise InferenceError("It could not run.")

    photo.bench.answer = refuse  # the box asks a network again
    assert photo.upgrade() is None
    assert (photo.editor.document.alpha == before).all()
    assert photo.names() == steps
    run(photo.editor.go_to_step(0))
    assert (photo.editor.document.alpha == photo.fast).all()


def test_starting_over_goes_back_to_the_finer_one():
    photo = Improved()
    photo.improve()
    photo.upgrade()
    run(photo.editor.apply(ERASED))
    run(photo.editor.apply({"kind": "start_over"}))
    assert (photo.editor.document.alpha == alone()).all()
    run(photo.editor.go_to_step(0))
    run(photo.editor.apply(ERASED))
    run(photo.editor.apply({"kind": "start_over"}))
    assert (photo.editor.document.alpha == photo.fast).all()


def test_settings_stay_where_they_were_in_the_order_of_things():
    photo = Improved()
    coloured = Settings.read({"background": {"kind": "colour"}})
    run(photo.editor.set_settings(coloured))
    run(photo.editor.apply(ERASED))
    run(photo.editor.set_settings(Settings.read({"edges": {"grow": 2}, "background": {"kind": "colour"}})))
    run(photo.editor.undo())
    photo.improve()
    photo.upgrade()
    assert photo.names() == ["step.finer", "step.background.colour", "step.erase", "step.grow"]
    assert photo.editor.document.history.position == 3 and photo.editor.document.settings == coloured
    run(photo.editor.go_to_step(1))
    assert photo.editor.document.settings == Settings() and (photo.editor.document.alpha == alone()).all()


def test_a_result_that_is_chosen_lies_under_what_was_done_and_over_the_upgrade():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    painted = photo.editor.document.alpha.copy()
    run(photo.editor.set_settings(Settings.read({"edges": {"grow": 2}})))
    photo.improve()
    photo.upgrade()
    improved = photo.editor.document.alpha.copy()
    assert photo.choose("one").size == photo.editor.document.size
    assert photo.names() == ["step.finer", "step.chosen", "step.erase", "step.grow"]
    assert (photo.editor.document.alpha == painted).all() and photo.editor.document.network == "one"
    assert photo.choose("one") is None
    photo.choose("two")
    assert photo.names() == ["step.finer", "step.chosen", "step.chosen", "step.erase", "step.grow"]
    assert (photo.editor.document.alpha == improved).all() and photo.editor.document.network == "two"
    run(photo.editor.go_to_step(0))
    assert (photo.editor.document.alpha == photo.fast).all() and photo.editor.document.settings == Settings()


def test_a_result_that_is_chosen_is_one_step_back_and_forth():
    photo = Improved()
    photo.improve()
    photo.upgrade()
    photo.choose("one")
    assert photo.names() == ["step.finer", "step.chosen"] and photo.editor.document.history.has_edits
    run(photo.editor.undo())
    assert (photo.editor.document.alpha == alone()).all() and photo.editor.document.network == "two"
    run(photo.editor.redo())
    assert (photo.editor.document.alpha == photo.fast).all() and photo.editor.document.network == "one"


def test_a_result_that_is_chosen_takes_the_place_of_others_that_were_undone():
    photo = Improved()
    photo.improve()
    photo.upgrade()
    run(photo.editor.undo())
    photo.choose("two")
    assert photo.names() == ["step.chosen"] and photo.editor.document.history.position == 1


def test_an_upgrade_that_comes_later_lies_under_a_result_that_was_chosen():
    photo = Improved()
    photo.bench.answer = nothing
    run(photo.editor.apply(ERASED))
    run(photo.editor.find_alternative("two", "auto"))
    photo.choose("two")
    blank = photo.editor.document.alpha.copy()
    photo.upgrade()
    assert photo.names() == ["step.finer"] and (photo.editor.document.alpha == blank).all()  # the others change nothing


def test_starting_over_goes_back_to_the_result_that_was_chosen():
    photo = Improved()
    photo.improve()
    photo.choose("two")
    run(photo.editor.apply(ERASED))
    run(photo.editor.apply({"kind": "start_over"}))
    assert (photo.editor.document.alpha == alone()).all()


def test_a_network_looks_once_at_a_photo():
    photo = Improved()
    photo.improve()
    photo.bench.events.clear()
    assert run(photo.editor.find_alternative("two", "auto")) == {}
    photo.choose("two")
    photo.choose("one")
    run(photo.editor.apply({"kind": "network", "model": "two"}))
    assert photo.bench.events == [] and (photo.editor.document.alpha == alone()).all()
    assert photo.names() == ["step.chosen", "step.chosen", "step.network"]


def test_a_result_that_cannot_be_put_under_what_was_done_says_why():
    photo = Improved()
    run(photo.editor.apply({"kind": "box", "box": [10, 10, 150, 110]}))
    before = photo.editor.document.alpha.copy()
    photo.improve()

    def refuse(tensor: numpy.ndarray) -> numpy.ndarray:
        raise InferenceError("It could not run.")

    photo.bench.answer = refuse
    with pytest.raises(HelpError) as caught:
        photo.choose("two")
    assert_plain(caught.value)
    assert photo.names() == ["step.box"] and (photo.editor.document.alpha == before).all()


def test_a_box_shows_its_part_to_the_network_whose_result_is_used():
    photo = Improved()
    photo.improve()
    photo.bench.events.clear()
    run(photo.editor.apply({"kind": "box", "box": [10, 10, 150, 110]}))
    assert photo.bench.events == ["release two", "open one", "run one", "ran one"]
    photo.choose("two")  # the box is looked into again
    assert photo.bench.events[4:] == ["release one", "open two", "run two", "ran two"]


def test_the_same_answer_is_no_step():
    photo = Improved()
    run(photo.editor.find_alternative("two", "auto"))
    assert photo.upgrade() is None
    assert photo.names() == []


def test_what_was_found_in_one_photo_never_gets_into_another():
    photo = Improved()
    photo.improve()
    run(open_in(photo.editor, PHOTO))
    assert photo.upgrade() is None


def test_a_network_that_does_not_fit_in_memory_changes_nothing_and_the_next_photo_works():
    photo = Improved()

    def refuse(model) -> None:
        if model.id == "two":
            raise OutOfMemoryError("too large")

    photo.bench.opening = refuse
    with pytest.raises(OutOfMemoryError):
        photo.improve()
    assert photo.upgrade() is None
    assert (photo.editor.document.alpha == photo.fast).all()
    run(open_in(photo.editor, PHOTO))


def test_the_photo_can_be_edited_while_the_other_network_looks():
    photo = Improved()
    photo.bench.answer = everything

    async def both() -> None:
        looking = asyncio.create_task(photo.editor.find_alternative("two", "auto"))
        await photo.bench.reach("run two", looking)
        assert await photo.editor.apply(ERASED)
        assert "ran two" not in photo.bench.events
        await looking

    run(both())
    photo.upgrade()
    assert (photo.editor.document.alpha == alone(ERASED)).all()


def test_it_survives_a_reload():
    photo = Improved()
    photo.improve()
    photo.upgrade()
    run(photo.editor.apply(ERASED))
    document: Document = photo.editor.document
    parts = {name: make() for name, make in parts_of(document).items()}
    manifest = json.loads(json.dumps(manifest_of(document)))
    again = document_of(run(photo.bench.engine.decode(PHOTO)), manifest, parts)
    assert (again.alpha == document.alpha).all()
    photo.bench.events.clear()
    photo.editor.edit(again)
    photo.choose("one")
    assert photo.names() == ["step.finer", "step.chosen", "step.erase"]
    photo.choose("two")
    assert (again.alpha == document.alpha).all() and photo.bench.events == []
    again.goto(0)
    assert (again.alpha == photo.fast).all()


def test_work_from_before_alphas_were_kept_can_be_continued():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    document: Document = photo.editor.document
    manifest = manifest_of(document)
    del manifest["alternatives"]
    again = document_of(
        run(photo.bench.engine.decode(PHOTO)), manifest, {name: make() for name, make in parts_of(document).items()}
    )
    photo.editor.edit(again)
    assert photo.choose("one") is None
    photo.improve()
    photo.choose("two")
    assert (again.alpha == alone(ERASED)).all()
