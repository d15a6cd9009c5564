"""An evaluation from end to end, with candidates that need no network."""

import json
from contextlib import asynccontextmanager

import numpy as np
import pytest
from PIL import Image

from bench.quality import candidates, photos, run, scores, sheet
from bench.quality.candidate import Entry, Refusal
from tests.unit.bench.samples import save_photo
from tools.command_line import parser


class Guess:
    """Takes the left part of every photo, and refuses those whose folder has a name it dislikes."""

    def __init__(self, part: float, dislikes: str = "") -> None:
        self.part = part
        self.dislikes = dislikes

    async def alpha(self, image):
        if image.parent.name == self.dislikes:
            raise Refusal("No, thanks.")
        width, height = Image.open(image).size
        alpha = np.zeros((height, width), np.float32)
        alpha[:, : round(width * self.part)] = 1
        return alpha

    async def setting(self):
        return f"a guess of {self.part}"


def entry(name: str, guess: Guess) -> Entry:
    @asynccontextmanager
    async def opened():
        yield guess

    return Entry(name, opened)


@pytest.fixture
def arranged(monkeypatch):
    """Lets `quality` run with the given entries, without networks and without PySODMetrics."""

    def arrange(*entries: Entry) -> None:
        monkeypatch.setattr(run, "fetch", lambda **options: None)
        monkeypatch.setattr(candidates, "prepare", lambda *arguments: None)
        monkeypatch.setattr(candidates, "choose", lambda *arguments: list(entries))
        plain = tuple(measure for measure in scores.MEASURES if "saliency" not in measure.figure.__module__)
        monkeypatch.setattr(scores, "MEASURES", plain)

    return arrange


@pytest.fixture
def folder(tmp_path):
    for place in ("matte/halves/a", "matte/halves/b", "mask/other/a"):
        save_photo(tmp_path / "photos" / place)
    return tmp_path / "photos"


def test_everything_is_written(arranged, folder, tmp_path, capsys):
    arranged(entry("ours refine=off", Guess(0.75)), entry("right", Guess(0.5)))
    assert run.quality(folder, tmp_path / "out", models=["u2netp"]) == 0
    data = json.loads((tmp_path / "out" / "quality.json").read_text())
    assert data["reference"] == "ours refine=off"
    assert data["photos"]["matte/halves/a"]["ours refine=off"]["mae"] == 0.25
    assert data["photos"]["matte/halves/a"]["right"]["mae"] == 0
    assert data["candidates"]["right"].startswith("a guess of 0.5, load ")
    assert "gradient" not in data["photos"]["mask/other/a"]["right"]
    text = (tmp_path / "out" / "quality.md").read_text()
    assert "## matte/halves, 2 photos" in text and text in capsys.readouterr().out
    kept = np.asarray(Image.open(tmp_path / "out" / "alphas" / "matte" / "halves" / "a" / "ours-refine=off.png"))
    assert kept[0, [29, 30]].tolist() == [255, 0]
    for name in ("matte-halves", "mask-other"):
        assert Image.open(tmp_path / "out" / f"{name}.png").mode == "RGB"
    assert str(tmp_path) not in text + json.dumps(data)


def test_peers_need_not_run_again(arranged, folder, tmp_path):
    arranged(entry("ours", Guess(0.75)), entry("rembg", Guess(0.5)))
    again = {"models": ["u2netp"], "against": ["rembg"], "keep_peers": True}
    assert run.quality(folder, tmp_path / "out", limit=1, **again) == 0
    arranged(entry("ours", Guess(0.25)), entry("rembg", Guess(0)))
    assert run.quality(folder, tmp_path / "out", limit=1, **again) == 0
    data = json.loads((tmp_path / "out" / "quality.json").read_text())
    assert data["photos"]["matte/halves/a"]["rembg"]["mae"] == 0 and ", on 20" in data["candidates"]["rembg"]
    assert data["candidates"]["ours"].startswith("a guess of 0.25, load ")
    # One more photo, which the earlier run did not have.
    assert run.quality(folder, tmp_path / "out", **again) == 0
    data = json.loads((tmp_path / "out" / "quality.json").read_text())
    assert data["photos"]["matte/halves/a"]["rembg"]["mae"] == 0.5


def test_a_refused_photo_is_left_out_and_reported(arranged, folder, tmp_path, capsys):
    arranged(entry("ours", Guess(0.5)), entry("picky", Guess(0.5, dislikes="a")))
    assert run.quality(folder, tmp_path / "out", models=["u2netp"], against=["picky"]) == 1
    output = capsys.readouterr().out
    assert "matte/halves/a is left out: No, thanks." in output
    assert "## matte/halves, 1 photo\n" in output and "Every photo was refused by a candidate." in output
    assert not (tmp_path / "out" / "mask-other.png").exists()


def test_an_alpha_of_the_wrong_size_is_refused(arranged, folder, tmp_path, capsys):
    class Small(Guess):
        async def alpha(self, image):
            return np.zeros((3, 4), np.float32)

    class Wild(Guess):
        async def alpha(self, image):
            return (await super().alpha(image)) * np.float32("nan")

    arranged(entry("small", Small(1)), entry("wild", Wild(1)))
    assert run.quality(folder, tmp_path / "out", limit=1, models=["u2netp"]) == 1
    output = capsys.readouterr().out
    assert "the alpha is 4 × 3 pixels, the true one 40 × 30" in output and "not between 0 and 1" in output


def test_the_worst_is_on_top(folder):
    group = photos.find(folder / "matte")
    errors = {photo.key: {"ours": error} for photo, error in zip(group, (0.1, 0.2), strict=True)}
    asked = []

    def alpha(photo, candidate):
        asked.append(photo.name)
        return Image.new("L", (40, 30), 255)

    drawn = sheet.draw(group, ["ours"], alpha, errors)
    assert asked == ["b", "a"]
    assert drawn.width == sheet.GAP + 3 * (sheet.CELL + sheet.GAP)
    # The photo itself, the truth with a bare right half, and a cutout that keeps everything.
    top, right = sheet.GAP + sheet.LINE + 10, sheet.GAP + 30
    cell = sheet.CELL + sheet.GAP
    assert drawn.getpixel((right, top)) == drawn.getpixel((right + 2 * cell, top)) == (0, 255, 60)
    assert drawn.getpixel((right + cell, top)) in [(grey,) * 3 for grey in sheet.SQUARES]


def test_the_command_has_its_defaults():
    given = ["quality", "--photos", "here", "--option", "a=1", "--option", "b=2", "--where", "native, browser"]
    options = parser().parse_args(given)
    assert (options.models, options.against, options.limit) == (None, [], None)
    assert options.options == ["a=1", "b=2"] and options.where == ["native", "browser"]
