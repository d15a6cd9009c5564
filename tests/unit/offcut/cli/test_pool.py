"""Worker processes: what one does with its item harms no other."""

import os
import time

import pytest

from offcut.cli.pool import Pool, processors
from tests.unit.offcut.cli.processes import Stubborn, doubler, unready


def test_every_item_is_answered_by_one_of_the_processes_with_its_share_of_threads():
    with Pool(doubler, 2, threads=3) as pool:
        answers = dict(pool.map(iter(range(20))))
        assert answers == {number: (2 * number, "3") for number in range(20)}
    assert os.environ.get("OMP_NUM_THREADS") != "3"


def test_a_process_that_dies_takes_only_its_item_and_that_is_tried_again(tmp_path):
    items = [1, "die", 2, tmp_path / "flag", 3, 4]
    with Pool(doubler, 2) as pool:
        answers = dict(pool.map(iter(items)))
    assert answers == {1: (2, "1"), 2: (4, "1"), 3: (6, "1"), 4: (8, "1"), "die": None, tmp_path / "flag": "second"}


def test_the_same_processes_serve_the_next_items():
    with Pool(doubler, 1) as pool:
        assert dict(pool.map(iter(["pid"]))) == dict(pool.map(iter(["pid"])))


def test_what_hinders_every_process_is_raised_here():
    with Pool(unready, 1) as pool, pytest.raises(ValueError, match="no model here"):
        list(pool.map(iter([1])))


def test_leaving_ends_what_runs_and_removes_what_it_was_writing(tmp_path):
    started = time.monotonic()
    with Pool(Stubborn(tmp_path), 1) as pool:
        pool._give(1)
        while not (tmp_path / "temporary").exists():
            assert time.monotonic() - started < 60
            time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


def test_there_is_at_least_one_processor():
    assert 1 <= processors() <= os.cpu_count()
