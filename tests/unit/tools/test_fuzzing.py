"""The fuzzing targets on random bytes, without atheris: that they run, and that what was found stays mended."""

import random
import subprocess

import pytest

from tools.command_line import FUZZED
from tools.errors import ToolError
from tools.fuzzing import run, targets

COUNT = 150


def test_the_command_knows_every_target():
    assert set(FUZZED) == set(targets.TARGETS)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_random_inputs_raise_nothing_unforeseen(name):
    target, choose = targets.TARGETS[name](), random.Random(name)
    for seed in [b"", *targets.seeds().get(name, ())]:
        target(seed)
    for _ in range(COUNT):
        target(choose.randbytes(choose.randrange(200)))


def test_changes_reach_every_part_of_the_data():
    seed = {"a": [1, {"b": "text"}], "c": {"d": 2.5}}
    choose = random.Random(1)
    made = [targets.altered(targets.Choices(choose.randbytes(40)), seed) for _ in range(3000)]
    assert targets.altered(targets.Choices(b""), seed) == seed
    assert any(isinstance(one, dict) and one.get("a", seed["a"]) != seed["a"] for one in made)
    assert any(isinstance(one, dict) and one.get("c") == {} for one in made)
    assert seed == {"a": [1, {"b": "text"}], "c": {"d": 2.5}}


def test_an_input_that_fails_is_kept_and_named(monkeypatch, tmp_path, capsys):
    def process(command, cwd):
        (tmp_path / "codecs" / "found" / "crash-1").write_bytes(b"x")
        return subprocess.CompletedProcess(command, 77)

    monkeypatch.setattr(run.subprocess, "run", process)
    assert run.fuzz("codecs", 1, tmp_path) == 1
    assert "crash-1" in capsys.readouterr().out
    assert len(list((tmp_path / "codecs" / "corpus").iterdir())) == len(targets.seeds()["codecs"])


def test_nothing_found_is_a_success(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run.subprocess, "run", lambda command, cwd: subprocess.CompletedProcess(command, 0))
    assert run.fuzz("work", 1, tmp_path) == 0
    assert "nothing found" in capsys.readouterr().out


def test_other_systems_are_told(monkeypatch):
    monkeypatch.setattr(run.sys, "platform", "darwin")
    with pytest.raises(ToolError, match="Linux"):
        run.fuzz("codecs", 1)
