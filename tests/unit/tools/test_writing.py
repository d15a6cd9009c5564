"""Files and folders that are there whole or not at all."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import writing
from tools.writing import replacing_folder


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
    with pytest.raises(ValueError), replacing_folder(tmp_path / "out") as folder:
        fill(folder, "new")
        raise ValueError
    assert (tmp_path / "out/a").read_text() == "old" and names(tmp_path) == ["out"]


def test_a_swap_that_fails_half_way_puts_the_old_folder_back(tmp_path, monkeypatch):
    with replacing_folder(tmp_path / "out") as folder:
        fill(folder, "old")
    replace = os.replace

    def failing(source, target):
        if "-new-" in str(source):
            raise PermissionError("not now")
        replace(source, target)

    monkeypatch.setattr(writing.os, "replace", failing)
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

    def read():
        seen = 0
        while not over.is_set():
            try:
                folder = os.open(out, os.O_RDONLY)
            except FileNotFoundError:
                continue
            try:
                # Through the folder itself, which another one may replace while this goes on.
                found = {path: open(os.open(path, os.O_RDONLY, dir_fd=folder)).read() for path in "abc"}
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
