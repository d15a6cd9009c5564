"""The steps: as the worker has them, and as they will be."""

import pytest
from editor.history import History

from tests.page.editor.fakes import history as response
from tests.page.fakes import heard


@pytest.fixture
def history() -> History:
    found = History()
    found.update(response("step.erase", "step.restore", position=1))
    return found


def test_what_can_be_undone_and_redone(history):
    assert history.can_undo and history.can_redo
    history.expect_position(0)
    assert not history.can_undo and history.can_redo
    history.expect_position(2)
    assert history.can_undo and not history.can_redo


def test_a_new_step_replaces_those_that_were_undone(history):
    history.expect_operation({"kind": "stroke", "mode": "restore"})
    assert (history.names, history.position) == (["step.erase", "step.restore"], 2)
    history.expect_operation({"kind": "specks", "pixels": 3})
    assert history.names[-1] == history.last_name == "step.specks"


def test_a_refused_request_leaves_the_history_as_the_worker_has_it(history):
    confirmed = heard(history.confirmed)
    history.expect_operation({"kind": "smart"})
    assert confirmed == []
    history.revert()
    assert (history.names, history.position) == (["step.erase", "step.restore"], 1) and confirmed == [()]


def test_what_a_recovered_worker_has_is_noted_without_changing_what_is_expected(history):
    history.expect_operation({"kind": "smart"})
    history.learn(response("step.erase"))
    assert history.names == ["step.erase", "step.smart"] and history.known_names == ["step.erase"]


def test_the_list_says_where_one_is(history):
    assert history.entries() == [
        (0, "step.start", "done"),
        (1, "step.erase", "current"),
        (2, "step.restore", "undone"),
    ]


def test_without_a_step_the_last_one_is_the_networks_result(history):
    history.update(response())
    assert history.position == 0 and history.last_name == "step.start"


def test_an_upgrade_is_no_edit(history):
    history.update(response("step.finer"))
    assert not history.has_edits
    history.update(response("step.finer", "step.erase"))
    assert history.has_edits
