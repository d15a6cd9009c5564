"""Operations on a photo's alpha, their history, and the settings on top."""

import gc
import json
import weakref
import zlib

import numpy
import pytest
from hypothesis import given, strategies

from offcut.editing.document import Document
from offcut.editing.history import TILE, History
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.masks import edges
from tests.unit.offcut.editing.samples import PROVENANCE, apply, document, stroke
from tests.unit.offcut.samples import assert_plain, examples

strokes = strategies.builds(
    stroke,
    strategies.sampled_from(["restore", "erase"]),
    strategies.integers(1, 200),
    strategies.lists(
        strategies.tuples(strategies.integers(-50, 700), strategies.integers(-50, 500)), min_size=1, max_size=3
    ),
    softness=strategies.sampled_from([0, 0.5]),
    opacity=strategies.sampled_from([0.3, 1]),
)
moves = strategies.lists(
    strategies.one_of(strokes, strategies.integers(0, 12), strategies.just({"kind": "start_over"})), max_size=12
)


@examples(40)
@given(moves)
def test_whatever_was_done_each_position_brings_back_what_was_there(todo):
    """Undo and redo are exact, for any order of strokes, steps back and steps forth."""
    edited = document(600, 420)
    states = [edited.alpha.copy()]
    for move in todo:
        if isinstance(move, dict):
            before = edited.history.position
            if apply(edited, move) is None:
                assert edited.history.position == before
                continue
            del states[before + 1 :]
            states.append(edited.alpha.copy())
        else:
            edited.goto(move)
        assert (edited.alpha == states[edited.history.position]).all()
        assert len(edited.history.steps) == len(states) - 1
    for position in [*range(len(states)), *reversed(range(len(states)))]:
        edited.goto(position)
        assert (edited.alpha == states[position]).all()


@examples(40)
@given(strokes, strategies.sampled_from([{}, {"grow": 5}, {"feather": 3, "grow": -2}, {"contrast": 0.5}]))
def test_what_is_reported_as_changed_holds_all_that_changed(operation, treated):
    edited = document(600, 420)
    edited.set(Settings.read({"edges": treated}))
    before = edited.finished.copy()
    box = apply(edited, operation) or Box(0, 0, 0, 0)
    before[box.slices] = edited.finished[box.slices]
    assert (before == edited.finished).all()
    assert (edited.finished == edges.apply(edited.alpha, edited.settings.edges)).all()


def test_a_step_that_changes_nothing_is_none():
    edited = document(300, 300)
    assert apply(edited, stroke("erase", 40, [(150, 150)])) is not None
    assert apply(edited, stroke("erase", 20, [(150, 150)])) is None
    assert apply(edited, stroke("erase", 40, [(-500, 20)])) is None
    assert len(edited.history.steps) == 1


def test_only_the_tiles_that_changed_are_kept():
    edited = document(1000, 1000)
    assert edited.finished is edited.alpha
    box = apply(edited, stroke("erase", 20, [(300, 300)]))
    assert list(edited.history.steps[0].tiles) == [(1, 1)]
    assert box.within_box(Box(TILE, 2 * TILE, TILE, 2 * TILE)) == box


def test_a_new_step_forgets_what_could_be_redone():
    edited = document(300, 300)
    for x in (100, 150, 200):
        apply(edited, stroke("erase", 40, [(x, 150)]))
    edited.goto(1)
    apply(edited, stroke("restore", 40, [(20, 250)]))
    assert [step.name for step in edited.history.steps] == ["step.erase", "step.restore"]
    assert edited.history.steps[-1].serial == 4
    assert edited.goto(99) is None


def test_starting_over_is_one_more_step():
    edited = document(300, 300)
    first = edited.alpha.copy()
    apply(edited, stroke("erase", 200, [(150, 150)]))
    second = edited.alpha.copy()
    apply(edited, {"kind": "start_over"})
    assert (edited.alpha == first).all() and edited.history.steps[-1].name == "step.start_over"
    edited.goto(1)
    assert (edited.alpha == second).all()


def test_each_step_knows_its_operation():
    edited = document(300, 300)
    operation = stroke("erase", 40.5, [(150, 150), (160, 170)], softness=0.25)
    apply(edited, operation)
    assert json.loads(zlib.decompress(edited.history.steps[0].operation)) == operation


def test_beyond_the_budget_the_oldest_steps_go_and_stay_in_effect():
    edited = document(600, 600)
    first = edited.alpha.copy()
    edited.history = History(budget=20_000)
    random = numpy.random.default_rng(1)
    for _ in range(60):
        apply(
            edited,
            stroke(random.choice(["restore", "erase"]), 150, random.uniform(0, 600, (3, 2)).tolist(), softness=1),
        )
    history, last = edited.history, edited.alpha.copy()
    assert history.dropped + len(history.steps) == 60 and history.dropped > 10 and len(history.steps) >= 20
    edited.goto(0)
    edited.goto(len(history.steps))
    assert (edited.alpha == last).all()
    apply(edited, {"kind": "start_over"})
    assert (edited.alpha == first).all()


def test_fifty_strokes_over_twelve_megapixels_take_little():
    """Ordinary strokes along an outline and across it, on an alpha that is uncertain everywhere."""
    random = numpy.random.default_rng(0)
    alpha = random.integers(0, 256, (3000, 4000), numpy.uint8)
    edited = Document(numpy.zeros((3000, 4000, 3), numpy.uint8), None, alpha, PROVENANCE)
    for number in range(50):
        along = numpy.cumsum(random.uniform(-25, 25, (60, 2)), 0) + random.uniform((500, 500), (3500, 2500))
        apply(edited, stroke(("restore", "erase")[number % 2], random.uniform(20, 250), along.tolist(), softness=0.5))
    assert len(edited.history.steps) == 50 and edited.history.dropped == 0
    assert edited.history.size < 64e6


@pytest.mark.parametrize(
    "operation",
    [
        None,
        [],
        "stroke",
        {},
        {"kind": "magic"},
        {"kind": ["stroke"]},
        {"kind": "start_over", "x": 1},
        stroke("erase", 20, [(1, 1)]) | {"colour": "red"},
        stroke("erase", -1, [(1, 1)]),
        stroke("draw", 5, [(1, 1)]),
    ],
)
def test_an_operation_that_makes_no_sense_is_refused_and_changes_nothing(operation):
    edited = document(60, 50)
    before = edited.alpha.copy()
    with pytest.raises(OptionError) as caught:
        apply(edited, operation)
    assert_plain(caught.value)
    assert (edited.alpha == before).all() and edited.history.steps == []


def test_a_document_is_freed_as_soon_as_it_is_closed():
    gc.disable()
    try:
        edited = document(40, 30)
        apply(edited, stroke("erase", 5, [(10, 10)]))
        assert edited.finished is not None and edited.network_alpha().shape == (30, 40)
        known = weakref.ref(edited)
        del edited
        assert known() is None
    finally:
        gc.enable()
