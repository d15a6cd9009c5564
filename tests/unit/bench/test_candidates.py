"""Who takes part, and what peers compute."""

import asyncio
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.quality import candidates, imgly, ours_native, rembg
from bench.quality.candidate import Refusal
from tools.errors import ToolError
from tools.fetching import lock
from tools.models import catalogue
from tools.paths import MODELS, ROOT

CAT = ROOT / "tests" / "data" / "cat.png"
HERE = Path("build_dir")


def names(models, options=(), where=("native",), against=()) -> list[str]:
    chosen = candidates.ours(models, options)
    return [entry.name for entry in candidates.choose(chosen, where, against, HERE)]


def test_ours_come_first_and_say_what_they_are():
    assert names(["u2netp"], where=["browser", "native"], against=["rembg", "imgly-small"]) == [
        "u2netp",
        "u2netp (browser)",
        "rembg",
        "imgly-small",
    ]
    assert names(["u2netp", "u2netp:refine=off"], ["levels=0.1", "sharp=true"]) == [
        "u2netp levels=0.1 sharp=true",
        "u2netp levels=0.1 sharp=true refine=off",
    ]
    assert names(None)[0] == "u2netp"
    assert names([], against=["rembg"]) == ["rembg"]


def test_a_network_can_be_taken_at_any_step_of_its_building():
    assert names(["isnet:stored=float32", "isnet:stored=int8:refine=0", "isnet"]) == [
        "isnet stored=float32",
        "isnet stored=int8 refine=0",
        "isnet",
    ]
    whole, small = candidates.ours(["isnet:stored=float32", "isnet"], [])
    assert whole.options == small.options == {}
    assert whole.folder(HERE, "native") != small.folder(HERE, "native") != small.folder(HERE, "browser")
    with pytest.raises(ToolError, match="stored as 'zip'; known are float32, float16, int8, blocked, act"):
        names(["isnet:stored=zip"])


def test_the_automatic_choice_is_a_candidate_and_needs_every_network(monkeypatch):
    assert names(["auto", "isnet"]) == ["auto", "isnet"]
    with pytest.raises(ToolError, match="automatic choice takes the networks as the site has them"):
        names(["auto:stored=float32"])
    built = []
    monkeypatch.setattr(candidates.models_build, "build", lambda ids, folder, stored: built.append(ids))
    candidates.prepare(candidates.ours(["auto", "u2net"], []), ["native"], [], HERE)
    assert {"u2netp", "isnet", "modnet", "u2net"} <= set(built[0])
    assert candidates.networks(candidates.ours(["isnet"], [])) == ["isnet"]


def test_options_have_their_types():
    (one,) = candidates.ours(["u2netp:a=1:b=0.5:c=false:d=off"], ["a=2", "e=true"])
    assert one.options == {"a": 1, "b": 0.5, "c": False, "d": "off", "e": True}
    assert isinstance(one.options["a"], int)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"against": ["photoshop"]}, "photoshop"),
        ({"where": ["moon"]}, "moon"),
        ({"options": ["refine"]}, "KEY=VALUE"),
        ({"models": ["magic"]}, "magic"),
        ({"models": ["u2netp", "u2netp"]}, "twice: u2netp"),
        ({"models": []}, "no candidates"),
    ],
)
def test_what_is_not_known_is_reported(given, message):
    with pytest.raises(ToolError, match=message):
        names(**({"models": ["u2netp"]} | given))


def test_our_engine_gives_its_alpha(tmp_path):
    async def cut(options):
        async with ours_native.opened("u2netp", options, MODELS) as candidate:
            alpha = await candidate.alpha(CAT)
            (tmp_path / "empty.png").touch()
            with pytest.raises(Refusal, match="EmptyFileError"):
                await candidate.alpha(tmp_path / "empty.png")
            return alpha, await candidate.setting()

    alpha, setting = asyncio.run(cut({}))
    assert alpha.shape == Image.open(CAT).size[::-1] and alpha.dtype == np.float32
    assert (alpha.min(), alpha.max()) == (0, 1)
    assert setting.startswith("native onnxruntime") and "threads" in setting
    with pytest.raises(ToolError, match="colour"):
        asyncio.run(cut({"colour": "red"}))


def test_imgly_takes_the_upper_left_and_rounds_halves_up():
    row = np.array([[[0], [100]]], np.uint8)
    assert imgly.resized(row, 4, 1).ravel().tolist() == [0, 50, 100, 100]
    assert imgly.resized(row.transpose(1, 0, 2), 1, 4).ravel().tolist() == [0, 50, 100, 100]
    assert imgly.resized(np.array([[[0], [1]]], np.uint8), 4, 1).ravel().tolist() == [0, 1, 1, 1]
    # Every fourth pixel, nothing in between.
    assert imgly.resized(np.arange(8, dtype=np.uint8).reshape(1, 8, 1), 2, 1).ravel().tolist() == [0, 4]


def test_imgly_normalises_and_cuts_off():
    found = imgly.tensor(np.full((5, 7, 3), (0, 128, 192), np.uint8))
    assert found.shape == (1, 3, 1024, 1024) and found.dtype == np.float32
    assert found[0, :, 500, 500].tolist() == [-0.5, 0, 0.25]
    assert np.unique(imgly.mask(np.full((1, 1, 1024, 1024), 0.999, np.float32), 7, 5)).tolist() == [254]
    assert imgly.mask(np.zeros((1, 1, 1024, 1024), np.float32), 7, 5).shape == (5, 7)


def test_imgly_networks_are_put_together_from_checked_pieces(tmp_path):
    pieces = [b"one", b"two"]
    hashes = [hashlib.sha256(piece).hexdigest() for piece in pieces]
    listed = {"/models/small": {"chunks": [{"hash": digest} for digest in hashes]}}
    (tmp_path / "resources.json").write_text(json.dumps(listed))
    for digest, piece in zip(hashes, pieces, strict=True):
        (tmp_path / digest).write_bytes(piece)
    assert imgly.network(tmp_path, "small") == b"onetwo"
    (tmp_path / hashes[1]).write_bytes(b"too")
    with pytest.raises(ToolError, match="damaged"):
        imgly.network(tmp_path, "small")


def test_what_peers_need_is_locked():
    (package,) = lock.load(imgly.LOCK)
    pieces = [file for file in package.files if not file.to.endswith(".json")]
    assert len(pieces) == 33 and sum(file.bytes for file in pieces) == 44342436 + 88188479
    assert all(file.to == f"imgly/{file.sha256}" and not file.ship for file in pieces)


def test_rembg_divides_by_the_brightest_and_stretches():
    found = rembg.tensor(Image.new("RGB", (10, 20), (100, 50, 200)))
    assert found.shape == (1, 3, 320, 320) and found.dtype == np.float32
    expected = [(0.5 - 0.485) / 0.229, (0.25 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    assert found[0, :, 7, 7].tolist() == pytest.approx(expected)
    output = np.tile(np.linspace(-1, 3, 320, dtype=np.float32), (1, 1, 320, 1))
    mask = rembg.mask(output, (320, 320))
    assert (mask.mode, mask.getpixel((0, 0)), mask.getpixel((319, 0)), mask.getpixel((160, 9))) == ("L", 0, 255, 127)


def test_rembg_gives_each_network_its_own_input():
    photo = Image.new("RGB", (10, 20), (100, 50, 200))
    found = rembg.tensor(photo, rembg.NETWORKS["isnet"])
    assert found.shape == (1, 3, 1024, 1024) and found.dtype == np.float32
    assert found[0, :, 0, 0] == pytest.approx([0.0, -0.25, 0.5])
    assert names([], against=["rembg-u2net", "rembg-isnet"]) == ["rembg-u2net", "rembg-isnet"]
    entries = catalogue.load().entries
    assert all(network.file == ROOT / entries[key].source for key, network in rembg.NETWORKS.items())
