"""The engine on the command line: in a new process with the real network, and in this one for everything else."""

import json
import os
import subprocess
import sys

import numpy
import pytest
from PIL import Image

from offcut import __version__
from offcut.alpha_bleeding import bleed
from offcut.cli import main
from offcut.models.catalogue import Chunk, read_catalogue
from offcut.models.chunks import path_of
from tests.unit.offcut.fakes import PIECES, FakeSession, catalogue_data, elsewhere, left_half
from tests.unit.offcut.samples import ASTRONAUT, ROOT, save, scene

BUILT = ROOT / "build" / "models"
needs_model = pytest.mark.skipif(
    not (BUILT / "catalogue.json").exists(), reason="build/models is not there; `python3 -m tools test` builds it"
)


def offcut(*arguments) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name != "OFFCUT_MODELS"}
    return subprocess.run(
        [sys.executable, "-m", "offcut", *map(str, arguments)],
        cwd=ROOT / "worker",
        text=True,
        capture_output=True,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
    )


def run_main(*arguments) -> int:
    """The command in this process."""
    return elsewhere(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def cutout(tmp_path_factory):
    """The astronaut, cut out once for all tests."""
    target = tmp_path_factory.mktemp("cutout") / "astronaut.png"
    done = offcut("i", ASTRONAUT, target)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return Image.open(target)


@needs_model
def test_a_photo_becomes_a_png_with_alpha_in_its_own_size(cutout):
    assert (cutout.format, cutout.mode, cutout.size) == ("PNG", "RGBA", Image.open(ASTRONAUT).size)


@needs_model
@pytest.mark.parametrize(
    "place", [(220, 110), (200, 60), (230, 330), (120, 420)], ids=["face", "hair", "chest", "sleeve"]
)
def test_the_astronaut_stays(cutout, place):
    x, y = place
    area = numpy.asarray(cutout.getchannel("A").crop((x - 8, y - 8, x + 8, y + 8)))
    assert area.min() > 200


@needs_model
@pytest.mark.parametrize(
    "place", [(400, 20), (350, 60), (490, 200), (110, 20)], ids=["top right", "wall", "right edge", "wall at the left"]
)
def test_the_wall_goes(cutout, place):
    x, y = place
    area = numpy.asarray(cutout.getchannel("A").crop((x - 8, y - 8, x + 8, y + 8)))
    assert area.max() < 30


@needs_model
def test_what_stays_keeps_its_exact_colours_and_what_goes_leaves_none(cutout):
    alpha = numpy.asarray(cutout.getchannel("A"))
    photo = numpy.asarray(Image.open(ASTRONAUT).convert("RGB"))
    colours = numpy.asarray(cutout)[..., :3]
    assert (colours[alpha == 255] == photo[alpha == 255]).all()
    # What lies under alpha 0 is made of visible pixels alone.
    seen = numpy.dstack([colours * (alpha > 0)[..., None], alpha])
    assert (bleed(seen) == numpy.asarray(cutout)).all()
    assert (colours[alpha == 0] == 0).all(1).mean() > 0.8
    assert 0.2 < (alpha > 127).mean() < 0.8


@pytest.fixture
def models(tmp_path):
    """A folder with a catalogue and pieces that are no network."""
    (tmp_path / "models" / "chunks").mkdir(parents=True)
    (tmp_path / "models" / "catalogue.json").write_text(json.dumps(catalogue_data()), "utf-8")
    for chunk, piece in zip(read_catalogue(catalogue_data()).model().chunks, PIECES, strict=True):
        (tmp_path / "models" / path_of(chunk)).write_bytes(piece)
    return tmp_path / "models"


@pytest.fixture
def photo(tmp_path):
    (tmp_path / "photo.png").write_bytes(save(scene(), "PNG"))
    return tmp_path / "photo.png"


def refused(capsys, *arguments) -> str:
    """The one sentence on standard error."""
    assert run_main(*arguments) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("offcut: ") and err.count("\n") == 1 and err.endswith("\n")
    assert "Traceback" not in err
    return err


def test_a_file_that_is_not_there(capsys, models, tmp_path):
    message = refused(capsys, "i", tmp_path / "nowhere.jpg", tmp_path / "out.png", "--models", models)
    assert "nowhere.jpg" in message and "No such file" in message


def test_a_folder_instead_of_a_file(capsys, models, tmp_path):
    assert "directory" in refused(capsys, "i", tmp_path, tmp_path / "out.png", "--models", models)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a letter",
        b"%PDF-1.7\n",
        save(scene(), "PNG")[:50],
        save(scene(), "TIFF")[:60],
    ],
    ids=["empty", "text", "PDF", "cut PNG", "cut TIFF"],
)
def test_a_file_that_cannot_be_cut_out_leaves_nothing_behind(capsys, models, tmp_path, data):
    (tmp_path / "photo.jpg").write_bytes(data)
    message = refused(capsys, "i", tmp_path / "photo.jpg", tmp_path / "out.png", "--models", models)
    assert message.endswith(".\n")
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "name", "message"),
    [
        (["-m", "three"], "out.png", "three"),
        (["-b", "nonsense"], "out.png", "nonsense"),
        (["-q", "0"], "out.webp", "quality"),
        ([], "out.gif", "'gif'"),
    ],
)
def test_a_wrong_choice_is_refused_in_a_sentence(capsys, models, photo, arguments, name, message):
    assert message in refused(capsys, "i", photo, photo.with_name(name), "--models", models, *arguments)


def test_models_that_were_not_built(capsys, photo, tmp_path):
    message = refused(capsys, "i", photo, tmp_path / "out.png", "--models", tmp_path / "nowhere")
    assert "catalogue.json" in message


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"format": 2}', '{"format": 1, "default": "x", "models": {"x": {}}}'],
    ids=["empty", "list", "of another format", "without entries"],
)
def test_a_catalogue_that_is_broken(capsys, models, photo, text):
    (models / "catalogue.json").write_text(text)
    assert "catalogue" in refused(capsys, "i", photo, photo.with_name("out.png"), "--models", models)


def test_a_missing_and_a_damaged_piece(capsys, models, photo):
    chunk = Chunk("0" * 64, 1)
    pieces = sorted((models / path_of(chunk)).parent.iterdir())
    pieces[0].write_bytes(b"damaged")
    assert "damaged" in refused(capsys, "i", photo, photo.with_name("out.png"), "--models", models)
    pieces[0].unlink()
    assert "missing" in refused(capsys, "i", photo, photo.with_name("out.png"), "--models", models)


def test_pieces_that_are_no_network(capsys, models, photo):
    message = refused(capsys, "i", photo, photo.with_name("out.png"), "--models", models)
    assert "Number One could not be started" in message


@pytest.fixture
def network(monkeypatch):
    """Finds its subject in the left half, whatever the pieces are."""

    class Network(FakeSession):
        def __init__(self, model, data):
            super().__init__(model, [], left_half)

    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)


@pytest.mark.parametrize(
    ("arguments", "name", "kind", "mode"),
    [
        ([], "out.png", "PNG", "RGBA"),
        ([], "out.WEBP", "WEBP", "RGBA"),
        ([], "out", "PNG", "RGBA"),
        (["-b", "white"], "out.jpg", "JPEG", "RGB"),
        (["-b", "white"], "out.png", "PNG", "RGB"),
        ([], "out.jpg", "JPEG", "RGB"),
        (["--mask"], "out.png", "PNG", "L"),
        (["-m", "two"], "out.png", "PNG", "RGBA"),
    ],
)
def test_every_choice_is_passed_on(network, models, photo, arguments, name, kind, mode):
    target = photo.with_name(name)
    assert run_main("i", photo, target, "--models", models, *arguments) == 0
    written = Image.open(target)
    assert (written.format, written.mode, written.size) == (kind, mode, (32, 16))
    assert (written.convert("L").getpixel((29, 2)) > 240) == (mode == "RGB")


def test_the_quality_is_passed_on(network, models, photo):
    sizes = []
    for quality in (5, 95):
        target = photo.with_name(f"{quality}.webp")
        assert run_main("i", photo, target, "--models", models, "-q", quality) == 0
        sizes.append(target.stat().st_size)
    assert sizes[0] < sizes[1]


def test_a_folder_that_is_not_there_to_write_to(network, capsys, models, photo):
    assert "nowhere" in refused(capsys, "i", photo, photo.with_name("nowhere") / "out.png", "--models", models)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Dear all,", "offcut: This file is not an image"),
        (save(scene(), "TIFF")[:12], "offcut: This TIFF file ends early"),
    ],
    ids=["letter", "cut TIFF"],
)
def test_a_refusal_in_a_new_process_is_one_line_and_exit_status_1(models, tmp_path, data, message):
    """Nothing of what the libraries print is added to it."""
    (tmp_path / "photo.jpg").write_bytes(data)
    done = offcut("i", tmp_path / "photo.jpg", tmp_path / "out.png", "--models", models)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(message) and done.stderr.count("\n") == 1


def test_without_a_command_it_shows_its_help(capsys):
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("usage: offcut") and "cut out all photos of a folder" in err


def test_the_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0 and capsys.readouterr().out.strip() == __version__
