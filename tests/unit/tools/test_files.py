"""Atomic writes, and the lock between processes."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import files
from tools.files import locked, replacing_folder
from tools.paths import ROOT


def fill(folder, text):
    for name in "abc":
        (folder / name).write_text(text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    for text in ("old", "new"):
        with replacing_folder(tmp_path / "out") as folder:
            fill(folder, text)
    assert (tmp_path / "out/a").read_text() == "new" and names(tmp_path) == ["out"]


def test_an_error_leaves_the_old_folder_and_nothing_else(tmp_path):
    with replacing_folder(tmp_path / "out") as folder:
        fill(folder, "old")

    def fail_halfway() -> None:
        with replacing_folder(tmp_path / "out") as folder:
            fill(folder, "new")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail_halfway()
    assert (tmp_path / "out/a").read_text() == "old" and names(tmp_path) == ["out"]


def test_a_swap_that_fails_half_way_puts_the_old_folder_back(tmp_path, monkeypatch):
    with replacing_folder(tmp_path / "out") as folder:
        fill(folder, "old")
    replace = os.replace

    def failing(source, target):
        if "-new-" in str(source):
            raise PermissionError("not now")
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", failing)
    with pytest.raises(PermissionError), replacing_folder(tmp_path / "out") as folder:
        fill(folder, "new")
    assert (tmp_path / "out/a").read_text() == "old" and names(tmp_path) == ["out"]


def test_many_at_once_leave_one_whole_folder_and_readers_never_see_a_mixture(tmp_path):
    out = tmp_path / "out"
    writers, rounds = 6, 25
    ready, over = threading.Barrier(writers), threading.Event()

    def write(number):
        ready.wait(10)
        for _ in range(rounds):
            with replacing_folder(out) as folder:
                fill(folder, str(number))

    def read_in(folder, path):
        with open(os.open(path, os.O_RDONLY, dir_fd=folder)) as opened:  # noqa: PTH123 - an open file's number, not a path
            return opened.read()

    def read():
        seen = 0
        while not over.is_set():
            try:
                folder = os.open(out, os.O_RDONLY)
            except FileNotFoundError:
                continue
            try:
                # Through the folder itself, which another one may replace while this goes on.
                found = {path: read_in(folder, path) for path in "abc"}
                assert len(set(found.values())) == 1
                seen += 1
            except FileNotFoundError:
                # This one was replaced and is just being removed.
                continue
            finally:
                os.close(folder)
        return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(read) if os.name != "nt" else None
        try:
            for written in [pool.submit(write, number) for number in range(writers)]:
                written.result(60)
        finally:
            over.set()
        assert reader is None or reader.result(10) > 0
    assert names(out) == ["a", "b", "c"] and len({(out / name).read_text() for name in "abc"}) == 1
    assert names(tmp_path) == ["out"]


def test_only_one_at_a_time_and_the_other_says_that_it_waits(tmp_path, capsys):
    order = []

    def second():
        with locked(tmp_path / "lock", "Waiting."):
            order.append("second")

    with locked(tmp_path / "lock", "never"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and capsys.readouterr().out == "Waiting.\n"


def test_a_killed_holder_leaves_no_lock(tmp_path, capsys):
    code = (
        "import sys, time; from pathlib import Path; from tools.files import locked\n"
        "with locked(Path(sys.argv[1]), ''): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], cwd=ROOT, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout.readline().strip() == b"held"
        threading.Timer(0.1, holder.kill).start()
        started = time.monotonic()
        with locked(tmp_path / "lock", "Waiting."):
            pass
    assert time.monotonic() - started < 30 and capsys.readouterr().out == "Waiting.\n"
