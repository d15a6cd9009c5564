"""`offcut b`: raw frames in, pictures out."""

import io
import sys

import numpy
import pytest
from PIL import Image

from tests.unit.offcut.samples import scene

FRAME = numpy.asarray(scene().convert("RGB"))
HEIGHT, WIDTH = FRAME.shape[:2]


@pytest.fixture
def frames(monkeypatch):
    """Put bytes on standard input."""

    def put(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def test_frames_become_numbered_files(offcut, frames, tmp_path):
    frames(FRAME.tobytes() + FRAME[:, ::-1].tobytes())
    status, out, err = offcut("b", WIDTH, HEIGHT, "-o", tmp_path / "new/cutout-%03d.png")
    assert (status, out, err) == (0, b"", ["offcut: 2 frames cut out."])
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["cutout-000.png", "cutout-001.png"]
    first = numpy.asarray(Image.open(tmp_path / "new/cutout-000.png"))
    assert (first[:, 0, :3] == FRAME[:, 0]).all() and first[:, 0, 3].min() == 255 and first[:, -1, 3].max() == 0


def test_without_a_name_pictures_follow_each_other_on_standard_output(offcut, frames):
    frames(FRAME.tobytes() * 3)
    status, out, _ = offcut("b", WIDTH, HEIGHT, "-om", "-f", "jpeg")
    assert status == 0 and out.count(b"\xff\xd8\xff") == 3
    assert Image.open(io.BytesIO(out)).size == (WIDTH, HEIGHT)


def test_the_ending_chooses_the_format_as_everywhere(offcut, frames, tmp_path):
    frames(FRAME.tobytes())
    assert offcut("b", WIDTH, HEIGHT, "-o", tmp_path / "%u.webp")[0] == 0
    assert Image.open(tmp_path / "0.webp").format == "WEBP"


def test_no_frames_are_no_error(offcut, frames):
    frames(b"")
    assert offcut("b", 4, 4) == (0, b"", ["offcut: 0 frames cut out."])


@pytest.mark.parametrize(
    ("data", "arguments", "sentence"),
    [
        (FRAME.tobytes()[:-1], [WIDTH, HEIGHT], "ended in the middle of a frame"),
        (b"", [0, HEIGHT], "no pixels"),
        (b"", [WIDTH, HEIGHT, "-o", "same.png"], "one place for the frame's number"),
        (b"", [WIDTH, HEIGHT, "-o", "%s-%d.png"], "one place for the frame's number"),
        (b"", [WIDTH, HEIGHT, "-o", "%d.tga"], "tga"),
    ],
)
def test_what_cannot_work_is_said(offcut, frames, data, arguments, sentence):
    frames(data)
    status, _, err = offcut("b", *arguments)
    assert status == 1 and sentence in err[-1]
