"""A finer network's alpha under what was done since."""

import asyncio

import numpy
import pytest

from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.persistence import document_of, manifest_of, parts_of
from offcut.editing.settings import Settings
from offcut.errors import InferenceError, OutOfMemoryError
from offcut.options import Options
from tests.unit.offcut.editing.samples import open_in, stroke
from tests.unit.offcut.fakes import Bench, everything, run
from tests.unit.offcut.samples import save, scene

PHOTO = save(scene(200, 120), "PNG")
ERASED = stroke("erase", 30, [(20, 60), (60, 60)])
RESTORED = stroke("restore", 30, [(150, 60)])


class Improved:
    """A photo of which a second network says something else."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.editor = Editor(self.bench.engine)
        run(open_in(self.editor, PHOTO))
        self.fast = self.editor.document.alpha.copy()

    def improve(self) -> None:
        self.bench.answer = everything
        run(self.editor.find_upgrade("two", "auto"))

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
    assert run(photo.editor.apply_upgrade()) == (0, 120, 0, 200)
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
    run(photo.editor.apply_upgrade())
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
    run(photo.editor.apply_upgrade())
    history = photo.editor.document.history
    assert (history.position, len(history.steps)) == (2, 3)
    assert (photo.editor.document.alpha == alone(ERASED)).all()
    run(photo.editor.redo())
    assert (photo.editor.document.alpha == alone(ERASED, stroke("erase", 20, [(80, 100)]))).all()


def test_a_step_that_has_nothing_to_do_any_more_is_none():
    photo = Improved()
    run(photo.editor.apply(RESTORED))  # what the finer network sees by itself
    photo.improve()
    run(photo.editor.apply_upgrade())
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
    assert run(photo.editor.apply_upgrade()) is None
    assert (photo.editor.document.alpha == before).all()
    assert photo.names() == steps
    run(photo.editor.go_to_step(0))
    assert (photo.editor.document.alpha == photo.fast).all()


def test_starting_over_goes_back_to_the_finer_one():
    photo = Improved()
    photo.improve()
    run(photo.editor.apply_upgrade())
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
    run(photo.editor.apply_upgrade())
    assert photo.names() == ["step.finer", "step.background.colour", "step.erase", "step.grow"]
    assert photo.editor.document.history.position == 3 and photo.editor.document.settings == coloured
    run(photo.editor.go_to_step(1))
    assert photo.editor.document.settings == Settings() and (photo.editor.document.alpha == alone()).all()


def test_the_first_alpha_can_be_brought_back_under_what_was_done():
    photo = Improved()
    run(photo.editor.apply(ERASED))
    painted = photo.editor.document.alpha.copy()
    run(photo.editor.set_settings(Settings.read({"edges": {"grow": 2}})))
    photo.improve()
    run(photo.editor.apply_upgrade())
    assert run(photo.editor.take_upgrade_away()).size == photo.editor.document.size
    assert photo.names() == ["step.erase", "step.grow"] and (photo.editor.document.alpha == painted).all()
    assert run(photo.editor.take_upgrade_away()) is None
    run(photo.editor.go_to_step(0))
    assert (photo.editor.document.alpha == photo.fast).all() and photo.editor.document.settings == Settings()


def test_the_same_answer_is_no_step():
    photo = Improved()
    run(photo.editor.find_upgrade("two", "auto"))
    assert run(photo.editor.apply_upgrade()) is None
    assert photo.names() == []


def test_what_was_found_in_one_photo_never_gets_into_another():
    photo = Improved()
    photo.improve()
    run(open_in(photo.editor, PHOTO))
    assert run(photo.editor.apply_upgrade()) is None


def test_a_network_that_does_not_fit_in_memory_changes_nothing_and_the_next_photo_works():
    photo = Improved()

    def refuse(model) -> None:
        if model.id == "two":
            raise OutOfMemoryError("too large")

    photo.bench.opening = refuse
    with pytest.raises(OutOfMemoryError):
        photo.improve()
    assert run(photo.editor.apply_upgrade()) is None
    assert (photo.editor.document.alpha == photo.fast).all()
    run(open_in(photo.editor, PHOTO))


def test_the_photo_can_be_edited_while_the_other_network_looks():
    photo = Improved()
    photo.bench.answer = everything

    async def both() -> None:
        looking = asyncio.create_task(photo.editor.find_upgrade("two", "auto"))
        await photo.bench.reach("run two", looking)
        assert await photo.editor.apply(ERASED)
        assert "ran two" not in photo.bench.events
        await looking

    run(both())
    run(photo.editor.apply_upgrade())
    assert (photo.editor.document.alpha == alone(ERASED)).all()


def test_it_survives_a_reload():
    photo = Improved()
    photo.improve()
    run(photo.editor.apply_upgrade())
    run(photo.editor.apply(ERASED))
    document: Document = photo.editor.document
    parts = {name: make() for name, make in parts_of(document).items()}
    again = document_of(run(photo.bench.engine.decode(PHOTO)), manifest_of(document), parts)
    assert (again.alpha == document.alpha).all()
    again.goto(0)
    assert (again.alpha == photo.fast).all()
