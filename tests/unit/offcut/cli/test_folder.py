"""`offcut p`: a folder becomes the same tree of results, once, and what fails is named and counted."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pytest
from PIL import Image

from offcut.cli import folder
from offcut.cli.tree import Tree
from offcut.cli.writing import place_file
from offcut.codecs import decode
from tests.unit.offcut.samples import save, scene

PHOTO = save(scene(), "PNG")


class SameProcess:
    """A pool that works here, with the stand-in for the runtime."""

    def __init__(self, start, workers, threads=1):
        self.start, self.work = start, None
        SameProcess.asked = workers, threads

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def map(self, items):
        for item in items:
            self.work = self.work or self.start()
            yield item, self.work(item)


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(folder, "Pool", SameProcess)
    monkeypatch.setattr(folder, "processors", lambda: 8)


@pytest.fixture
def photos(tmp_path):
    for name in ("a.png", "b.jpg", "sub/c.webp", "sub/deep/d.PNG", "sub/notes.txt", ".hidden.png"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(PHOTO)
    return tmp_path / "in"


def tree(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


RESULTS = ["a.png", "b.png", "sub/c.png", "sub/deep/d.png"]


def test_a_folder_becomes_the_same_tree(offcut, here, photos, tmp_path):
    status, out, err = offcut("p", photos, tmp_path / "out")
    assert (status, out, err) == (0, b"", ["offcut: 4 photos: 4 cut out."])
    assert tree(tmp_path / "out") == RESULTS
    alpha = numpy.asarray(Image.open(tmp_path / "out/sub/c.png").getchannel("A"))
    assert alpha[:, 0].min() == 255 and alpha[:, -1].max() == 0


def test_the_same_command_again_skips_what_is_there_and_asks_the_network_nothing(offcut, here, photos, tmp_path, runs):
    offcut("p", photos, tmp_path / "out")
    (tmp_path / "out/b.png").unlink()
    (tmp_path / "out/a.png").write_bytes(b"mine")
    runs.clear()
    status, _, err = offcut("p", photos, tmp_path / "out")
    assert (status, err) == (0, ["offcut: 4 photos: 1 cut out, 3 there already."])
    assert runs.count("run one") == 1 and (tmp_path / "out/a.png").read_bytes() == b"mine"


def test_only_overwrite_replaces_a_result(offcut, here, photos, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.png").write_bytes(b"old")
    assert offcut("p", photos, tmp_path / "out", "--overwrite", "--flat")[0] == 0
    assert decode((tmp_path / "out/a.png").read_bytes()).alpha is not None
    assert tree(tmp_path / "out") == ["a.png", "b.png"]


def test_what_fails_is_named_and_counted_and_the_rest_is_cut_out(offcut, here, photos, tmp_path):
    (photos / "a.png").write_bytes(b"no picture")
    (photos / "sub/e.heic").write_bytes(b"")
    status, _, err = offcut("p", photos, tmp_path / "out")
    assert status == 2 and err[-1] == "offcut: 5 photos: 3 cut out, 2 failed."
    assert err[0].startswith(f"offcut: {photos}/a.png: ") and err[1].startswith(f"offcut: {photos}/sub/e.heic: ")
    assert tree(tmp_path / "out") == RESULTS[1:]


def test_a_line_of_json_tells_what_became_of_each(offcut, here, photos, tmp_path):
    (photos / "a.png").write_bytes(b"no picture")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b.png").write_bytes(b"there")
    _, out, _ = offcut("p", photos, tmp_path / "out", "--json")
    lines = {line["photo"]: line for line in map(json.loads, out.splitlines())}
    assert set(lines) == {str(photos / name) for name in ("a.png", "b.jpg", "sub/c.webp", "sub/deep/d.PNG")}
    failed, skipped, done = (lines[str(photos / name)] for name in ("a.png", "b.jpg", "sub/c.webp"))
    assert (failed["status"], failed["error"]) == ("failed", "NotAnImageError") and failed["message"]
    assert skipped["status"] == "skipped"
    assert (done["status"], done["width"], done["height"]) == ("done", 32, 16)
    assert done["output"] == str(tmp_path / "out/sub/c.png") and done["seconds"] >= 0


def test_an_error_of_ours_in_one_photo_does_not_cost_the_others(offcut, here, photos, tmp_path, monkeypatch):
    from offcut.cli import work

    def read(name):
        if name.endswith("b.jpg"):
            raise ZeroDivisionError("a mistake")
        return PHOTO

    monkeypatch.setattr(work, "read_photo", read)
    status, _, err = offcut("p", photos, tmp_path / "out")
    assert status == 1 and err[-1] == "offcut: 4 photos: 3 cut out, 1 failed."
    assert "unexpected error" in err[0] and "ZeroDivisionError: a mistake" in err


def test_patterns_choose_by_name_or_path(offcut, here, photos, tmp_path):
    assert offcut("p", photos, tmp_path / "one", "--glob", "*.jpg", "--glob", "sub/*.PNG")[0] == 0
    assert tree(tmp_path / "one") == ["b.png", "sub/deep/d.png"]


def test_photos_of_one_name_keep_their_endings_whichever_came_first(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("x.jpg", "x.png", "y.jpg", "x.JPG"):
        (tmp_path / "in" / name).write_bytes(b"")
    jobs = Tree(str(tmp_path / "in"), str(tmp_path / "out"), "webp").jobs()
    outputs = sorted(os.path.relpath(job.output, tmp_path / "out") for job in jobs)
    assert outputs == ["x.JPG.webp", "x.jpg.webp", "x.png.webp", "y.webp"]


def test_results_in_a_folder_among_the_photos_are_no_photos(offcut, here, photos):
    for _ in range(2):
        assert offcut("p", photos, photos / "cutouts")[0] == 0
    assert tree(photos / "cutouts") == RESULTS


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("in", "in", "among the photos"),
        ("in/sub", "in", "among the photos"),
        ("nowhere", "out", "is not there"),
        ("in/a.png", "out", "`offcut i` cuts out single photos"),
        ("in", "in/a.png", "is a file, not a folder"),
    ],
)
def test_folders_that_do_not_go_together_are_refused(offcut, here, photos, tmp_path, source, target, sentence):
    before = tree(tmp_path / "in")
    status, _, err = offcut("p", tmp_path / source, tmp_path / target)
    assert status == 1 and sentence in err[0] and tree(tmp_path / "in") == before


def test_workers_share_the_cores(offcut, here, photos, tmp_path):
    offcut("p", photos, tmp_path / "one")
    assert SameProcess.asked == (4, 2)
    offcut("p", photos, tmp_path / "two", "-j", "1")
    assert SameProcess.asked == (1, 8)
    assert offcut("p", photos, tmp_path / "three", "-j", "0")[0] == 1


def test_an_empty_folder_is_no_error(offcut, here, tmp_path):
    (tmp_path / "in").mkdir()
    status, _, err = offcut("p", tmp_path / "in", tmp_path / "out")
    assert status == 0 and "There are no photos in" in err[0]


def test_a_file_that_came_meanwhile_stays(tmp_path):
    target = tmp_path / "new" / "a.png"
    assert place_file(str(target), b"first", overwrite=False)
    assert not place_file(str(target), b"second", overwrite=False) and target.read_bytes() == b"first"
    assert place_file(str(target), b"third", overwrite=True) and target.read_bytes() == b"third"
    assert tree(tmp_path) == ["new/a.png"]


def test_a_watched_folder_is_continued_once_files_are_whole(photos, tmp_path, monkeypatch):
    cut = []
    looks = iter(range(8))

    def pause(seconds):
        """What happens between two looks."""
        look = next(looks, None)
        if look is None:
            raise KeyboardInterrupt
        if look == 0:
            (photos / "sub/new.png").write_bytes(PHOTO)
        if look < 4:
            with (photos / "growing.png").open("ab") as stream:
                stream.write(b"more")

    def cut_out(jobs):
        cut.extend((Path(job.photo).name, Path(job.photo).stat().st_size) for job in jobs)

    monkeypatch.setattr(folder.time, "sleep", pause)
    place = Tree(str(photos), str(tmp_path / "out"), "png")
    with pytest.raises(KeyboardInterrupt):
        folder._watch(place, cut_out, set(place.jobs()))
    assert cut == [("new.png", len(PHOTO)), ("growing.png", 16)]


def start(*arguments):
    # What a shell starts in the background ignores Ctrl+C, and so would this process.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _started(*arguments)
    finally:
        signal.signal(signal.SIGINT, before)


def _started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "offcut", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_give_the_bytes_that_one_photo_alone_gives(real_models, photos, tmp_path):
    together = start("p", photos, tmp_path / "out", "--models", real_models, "-j", "2")
    alone = start("i", photos / "a.png", tmp_path / "alone.png", "--models", real_models)
    out, err = together.communicate(timeout=120)
    assert alone.wait(120) == 0 and (together.returncode, out, err) == (0, "", "offcut: 4 photos: 4 cut out.\n")
    assert {(tmp_path / "out" / name).read_bytes() for name in RESULTS} == {(tmp_path / "alone.png").read_bytes()}


def test_a_model_that_cannot_be_loaded_is_told_once(real_models, photos, tmp_path):
    (piece,) = (real_models / "chunks").iterdir()
    piece.write_bytes(b"damaged")
    running = start("p", photos, tmp_path / "out", "--models", real_models)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 1 and err.count("\n") == 1 and "is damaged" in err


@pytest.mark.skipif(os.name == "nt", reason="no signals to send")
def test_ctrl_c_ends_a_watch_with_its_processes(real_models, photos, tmp_path):
    running = start("p", photos, tmp_path / "out", "--models", real_models, "--watch", "-j", "2")
    deadline = time.monotonic() + 120
    while not (tmp_path / "out").exists() or tree(tmp_path / "out") != RESULTS:
        assert time.monotonic() < deadline and running.poll() is None
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130 and "cut out." in err and "Traceback" not in err
    assert err.startswith("offcut: Watching ")
    assert tree(tmp_path / "out") == RESULTS
