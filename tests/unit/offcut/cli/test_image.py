"""`offcut i`: standard streams, folders, and what is said before the network runs."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.offcut.fakes import FakeSession, elsewhere, everything, left_half
from tests.unit.offcut.samples import reopen, save, scene


def names(folder=".") -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.fixture
def stdin(monkeypatch):
    """Send bytes through standard input."""

    def send(data: bytes) -> None:
        reading, writing = os.pipe()
        threading.Thread(target=lambda: (os.write(writing, data), os.close(writing))).start()
        monkeypatch.setattr(sys, "stdin", os.fdopen(reading))

    return send


@pytest.mark.parametrize("paths", [["-", "-"], ["-"], []])
def test_a_pipe_from_standard_input_to_standard_output(offcut, photo, stdin, paths):
    stdin(photo.read_bytes())
    status, out, err = offcut("i", *paths)
    assert (status, err) == (0, []) and reopen(out).mode == "RGBA"


def test_a_photo_to_standard_output_and_back(offcut, photo, stdin):
    status, out, _ = offcut("i", photo, "-", "-f", "jpg")
    assert status == 0 and reopen(out).format == "JPEG"
    stdin(out)
    assert offcut("i", "-", "out.webp")[0] == 0 and Image.open("out.webp").format == "WEBP"


def test_a_folder_that_a_name_with_a_slash_means_is_made(offcut, photo):
    assert offcut("i", photo, "new/results/")[0] == 0 and names("new/results") == ["photo.png"]


def test_nothing_through_standard_input(offcut, stdin):
    stdin(b"")
    sentence = "offcut: This file is empty. Choose the photo again, or another copy of it."
    assert offcut("i", "-", "out.png") == (1, b"", [sentence]) and not Path("out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothere.png", "out.png"], "nothere.png cannot be read: No such file or directory."),
        ([".", "out.png"], ". is a directory, not a photo. Name the photos in it, such as *.jpg."),
        (
            ["photo.png", "nowhere/out.png"],
            "The folder nowhere is not there: No such file or directory. Make it first.",
        ),
        (["photo.png", "photo.png/"], "photo.png/ is a file, not a folder."),
        (["photo.png", "out.gif"], "The format 'gif' is not known. Use one of: png, webp, jpeg, avif, tiff."),
        (["photo.png", "out.png", "-f", "webp"], "--format webp and a name that ends in .png contradict each other."),
        (["photo.png", "out.png", "--mask", "-b", "red"], "--mask writes the alpha alone, without --background."),
        (["photo.png", "other.png", "out.png"], "2 photos need a folder as the last name, and out.png is none."),
        (["photo.png", "."], "photo.png is one of the photos, photo.png. Choose another folder."),
        (["photo.png", "sub/photo.jpg", "out"], "would both become out/photo.png."),
        (["photo.png", "-", "-", "out"], "Standard input can be read once."),
        (["photo.png", "out.png", "-m", "three"], "The model 'three' is not known."),
    ],
)
def test_what_cannot_work_is_said_at_once(offcut, photo, runs, tmp_path, arguments, sentence):
    (tmp_path / "out").mkdir()
    before = names()
    status, out, err = offcut("i", *arguments)
    assert (status, out, len(err)) == (1, b"", 1) and sentence in err[0]
    assert runs == [] and names() == before


def test_photos_become_files_of_their_names_in_a_folder(offcut, photo, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "Übung 1.tif").write_bytes(save(scene(), "TIFF"))
    assert offcut("i", photo, "Übung 1.tif", "out", "-f", "webp") == (0, b"", [])
    assert names("out") == ["photo.webp", "Übung 1.webp"]


def test_photos_that_fail_are_named_and_counted_and_the_others_are_cut_out(offcut, photo, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "letter.jpg").write_bytes(b"Dear all,")
    status, _, err = offcut("i", "letter.jpg", "nothere.png", photo, "out/")
    assert status == 2 and names("out") == ["photo.png"]
    assert err[0].startswith("offcut: letter.jpg: This file is not an image")
    assert err[1:] == [
        "offcut: nothere.png cannot be read: No such file or directory.",
        "offcut: 2 of 3 photos could not be cut out.",
    ]


def test_a_photo_may_become_itself(offcut, photo):
    assert offcut("i", photo, photo)[0] == 0 and Image.open(photo).mode == "RGBA"


def test_a_notice_goes_to_standard_error(offcut, tmp_path):
    first, second = scene(), scene().rotate(180)
    first.save(tmp_path / "anim.gif", save_all=True, append_images=[second])
    status, out, err = offcut("i", "anim.gif", "-")
    assert (status, reopen(out).format) == (0, "PNG")
    assert err == ["offcut: anim.gif: it is an animation, and only its first picture was cut out."]


def test_a_name_with_control_characters_does_not_reach_the_terminal(offcut, tmp_path):
    _, _, err = offcut("i", "a\x1b[2Jb\n.png", "out.png")
    assert err == ["offcut: a?[2Jb?.png cannot be read: No such file or directory."]


def test_no_paths_and_a_terminal_is_wrong_usage(offcut, monkeypatch):
    class Terminal:
        isatty = staticmethod(lambda: True)

    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(SystemExit) as caught:
        offcut("i")
    assert caught.value.code == 2


PROGRAM = """
import os, signal, sys
# A suite that was started in the background hands down that Ctrl+C is to be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from offcut.cli import main
from offcut.inference import onnx_native
from tests.unit.offcut.fakes import FakeSession, left_half

class Network(FakeSession):
    def __init__(self, model, data):
        super().__init__(model, [], left_half)
    async def run(self, tensor):
        {during}
        return await super().run(tensor)

onnx_native.NativeSession = Network
sys.exit(main(sys.argv[1:]))
"""


def in_new_process(during, *arguments, models, **streams) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", PROGRAM.format(during=during), *map(str, arguments)]
    environment = os.environ | {"OFFCUT_MODELS": str(models), "PYTHONPATH": str(Path.cwd())}
    return elsewhere(lambda: subprocess.run(command, stderr=subprocess.PIPE, env=environment, **streams))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_without_a_traceback_and_leaves_the_old_file(models, photo, name):
    before = photo.read_bytes()
    done = in_new_process(f"os.kill(os.getpid(), signal.{name})", "i", photo, photo, models=models)
    assert (done.returncode, done.stderr) == (128 + getattr(signal, name), b"")
    assert photo.read_bytes() == before and names(photo.parent) == ["photo.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_stops_ends_it_quietly(models, photo):
    reading, writing = os.pipe()
    os.close(reading)
    done = in_new_process("pass", "i", photo, "-", models=models, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has this device")
def test_standard_output_that_is_full(models, photo):
    with Path("/dev/full").open("wb") as full:
        done = in_new_process("pass", "i", photo, "-", models=models, stdout=full)
    assert done.returncode == 1
    assert done.stderr == b"offcut: Standard output could not be written: No space left on device.\n"


def test_all_models_results_lie_beside_each_other(offcut, photo, tmp_path):
    assert offcut("i", "--all-models", "photo.png", "cutout.png")[0] == 0
    assert names() == ["cutout-one.png", "cutout-two.png", "photo.png"]
    assert offcut("i", "photo.png", "alone.png", "-m", "two")[0] == 0
    assert (tmp_path / "cutout-two.png").read_bytes() == (tmp_path / "alone.png").read_bytes()


def test_all_models_results_of_several_photos_lie_in_a_folder(offcut, photo, tmp_path):
    (tmp_path / "other.png").write_bytes(photo.read_bytes())
    (tmp_path / "out").mkdir()
    assert offcut("i", "--all-models", "-f", "webp", "photo.png", "other.png", "out")[0] == 0
    assert names("out") == ["other-one.webp", "other-two.webp", "photo-one.webp", "photo-two.webp"]


def test_models_that_disagree_are_told(offcut, photo, monkeypatch):
    class Network(FakeSession):
        def __init__(self, model, data, threads=None):
            super().__init__(model, [], everything if model.id == "two" else left_half)

    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)
    assert offcut("i", "--all-models", photo, "cutout.png") == (
        0,
        b"",
        [f"offcut: {photo}: the models disagree about it, so look at all of them."],
    )


@pytest.mark.parametrize(("output", "sentence"), [("-", "standard output"), ("ph.png", "one of the photos")])
def test_all_models_results_replace_no_photo_and_go_to_no_pipe(offcut, photo, runs, tmp_path, output, sentence):
    (tmp_path / "ph-two.png").write_bytes(photo.read_bytes())
    given = ["ph-two.png"] if output == "ph.png" else [photo]
    status, _, lines = offcut("i", "--all-models", *given, output)
    assert status == 1 and sentence in lines[-1].lower() and runs == []
