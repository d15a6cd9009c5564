"""The automatic choice of network: the fast one's cutout first, then a finer one in its place, where that costs nobody anything."""

import json

import numpy as np
import pytest

from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import WarmProfile
from tests.browser.visit import PHOTOS, Visit, eventually, pixels

CAT = PHOTOS / "cat.png"

ROOMY = "Object.defineProperty(Navigator.prototype, 'deviceMemory', {get: () => 8, configurable: true});"
"""Machines that run tests may be small."""


def connected(**said) -> str:
    return f"Object.defineProperty(Navigator.prototype, 'connection', {{get: () => ({said}), configurable: true}});".replace(
        "True", "true"
    )


@pytest.fixture
def site(profile):
    return profile.server


def arrive(profile: WarmProfile, *scripts: str) -> Visit:
    return profile.visit(ROOMY, connected(effectiveType="4g"), *scripts, model="auto").until_ready()


def until(visitor: Visit, state: str) -> Visit:
    return visitor.until(f"async () => (await offcut.info()).finer === {state!r}")


def mask(visitor: Visit, model: str) -> np.ndarray:
    return pixels(visitor.remove(CAT.read_bytes(), model=model, output="mask")["data"])


def saved(visitor: Visit) -> np.ndarray:
    """The alpha of what is saved now."""
    return pixels(visitor.save().path())[..., 3]


def paint(visitor: Visit) -> None:
    """Erase in the middle of the photo."""
    visitor.page.keyboard.press("e")
    box = visitor.page.locator("#view").bounding_box()
    visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visitor.page.wait_for_selector("#undo:enabled")


def fetched(site: FaultyServer) -> int:
    """How many networks were fetched, in whatever pieces; no piece twice, and none of another network."""
    pieces = [path.rpartition("/")[2].removesuffix(".bin") for path in site.asked if "models/chunks/" in path]
    assert len(pieces) == len(set(pieces))
    models = json.loads((site.root / "models" / "catalogue.json").read_text("utf-8"))["models"].values()
    networks = [{chunk["sha256"] for chunk in model["chunks"]} for model in models]
    whole = [network for network in networks if network <= set(pieces)]
    assert set(pieces) == set().union(*whole)
    return len(whole)


def test_a_finer_cutout_takes_the_place_of_the_fast_one_and_undo_brings_that_back(profile, site):
    visitor = arrive(profile)
    assert visitor.page.input_value("#tier-list") == "auto"
    assert visitor.page.evaluate("offcut.info().then((info) => [info.chosen, info.model])") == ["auto", "tiny"]
    visitor.choose(CAT).until_done()
    until(visitor, "done")
    assert "Replaced by a finer result (Tiny quality)" in visitor.page.inner_text("#finer")
    assert visitor.page.is_hidden("#finer-stop")
    finer, fast = mask(visitor, "tiny-quality"), mask(visitor, "tiny")
    assert (finer != fast).mean() > 0.1
    assert np.array_equal(saved(visitor), finer)
    visitor.page.click("#tool-history summary")
    visitor.page.wait_for_selector("#steps button")
    assert visitor.page.locator("#steps button").all_inner_texts() == ["Network's result", "Finer result"]
    visitor.page.click("#undo")
    visitor.page.wait_for_selector("#redo:enabled")
    assert np.array_equal(saved(visitor), fast)
    # What embedding pages get is the catalogue's default, whatever the page itself did.
    assert np.array_equal(pixels(visitor.remove(CAT.read_bytes(), output="mask")["data"]), fast)


def test_while_a_finer_one_is_on_its_way_the_fast_one_is_saved_and_edited_and_edits_stay(profile, site):
    visitor = arrive(profile)
    chunks = site.hold("models/chunks/")
    visitor.choose(CAT).until_done()
    until(visitor, "loading")
    assert visitor.page.is_visible("#finer-stop")
    fast = saved(visitor)
    assert np.array_equal(fast, mask(visitor, "tiny"))
    paint(visitor)
    painted = saved(visitor)
    chunks.set()
    until(visitor, "done")
    finer, both = mask(visitor, "tiny-quality"), saved(visitor)
    gone = (painted == 0) & (fast > 10)
    assert finer[gone].max() > 50 and both[gone].max() <= 4
    assert np.array_equal(both[:50], finer[:50]) and not np.array_equal(both[:50], fast[:50])  # far from the stroke
    visitor.page.click("#undo")
    visitor.page.wait_for_selector("#redo:enabled")
    assert np.array_equal(saved(visitor), finer)


def test_it_can_be_stopped(profile, site):
    visitor = arrive(profile)
    chunks = site.hold("models/chunks/")
    visitor.choose(CAT).until_done()
    until(visitor, "loading")
    visitor.page.click("#finer-stop")
    until(visitor, "stopped")
    chunks.set()
    eventually(lambda: not site.answering, "nothing is on its way any more", visitor.page)
    visitor.remove(CAT.read_bytes())  # long enough for what had arrived to be used
    assert "the first result stays" in visitor.page.inner_text("#finer")
    assert visitor.page.is_disabled("#undo")


def test_a_new_photo_meanwhile_is_cut_out_at_once_and_made_finer_itself(profile, site):
    visitor = arrive(profile)
    chunks = site.hold("models/chunks/")
    visitor.choose(CAT).until_done()
    until(visitor, "loading")
    visitor.choose(PHOTOS / "coffee.png")
    visitor.page.wait_for_selector("#save[download='coffee-cutout.png']")
    assert visitor.page.is_disabled("#undo")
    chunks.set()
    until(visitor, "done")
    assert saved(visitor).shape == (400, 600)
    visitor.page.click("#undo")
    visitor.page.wait_for_selector("#redo:enabled")
    assert visitor.page.is_disabled("#undo")  # it was one step, of this photo alone
    assert fetched(site) == 2


def test_a_network_chosen_while_a_photo_is_on_its_way_is_for_that_photo(profile, site):
    visitor = arrive(profile)
    visitor.choose(CAT).until_done()
    until(visitor, "done")
    paint(visitor)
    visitor.choose(PHOTOS / "coffee.png")
    visitor.page.select_option("#tier-list", "tiny-quality")
    visitor.page.wait_for_selector("#save[download='coffee-cutout.png']")
    visitor.until_done()
    wanted = visitor.remove((PHOTOS / "coffee.png").read_bytes(), model="tiny-quality", output="mask")
    assert np.array_equal(saved(visitor), pixels(wanted["data"]))
    assert visitor.page.is_disabled("#undo")  # what was asked of the photo before is not done to this one


@pytest.mark.parametrize(
    ("script", "state"),
    [
        (connected(saveData=True, effectiveType="4g"), "connection"),
        (connected(type="cellular", effectiveType="4g"), "connection"),
        (ROOMY.replace("8", "2"), "memory"),
    ],
    ids=["data-saving", "metered", "memory"],
)
def test_connections_and_memory_are_spared(profile, site, script, state):
    visitor = arrive(profile, script)
    visitor.choose(CAT).until_done()
    until(visitor, state)
    assert "The fast result stays" in visitor.page.inner_text("#finer")
    assert fetched(site) == 1 and visitor.page.is_disabled("#undo")
    if state == "connection":  # what is on the device already costs no connection
        visitor.remove(CAT.read_bytes(), model="tiny-quality")
        visitor.choose(PHOTOS / "coffee.png")
        until(visitor, "done")


def test_a_finer_network_that_cannot_be_had_leaves_the_fast_result(profile, site):
    visitor = arrive(profile)
    site.answers["models/chunks/"] = [404] * 20
    visitor.choose(CAT).until_done()
    until(visitor, "failed")
    assert "could not be made; the first one stays" in visitor.page.inner_text("#finer")
    assert visitor.page.is_hidden("#notice") and visitor.page.is_disabled("#undo")
    assert np.array_equal(saved(visitor), mask(visitor, "tiny"))


def test_a_network_that_was_fixed_stays_fixed(profile, site):
    visitor = arrive(profile, ROOMY.replace("8", "2"))
    visitor.choose(CAT).until_done()
    visitor.page.select_option("#tier-list", "tiny")
    visitor.page.reload()
    assert visitor.until_ready().page.evaluate("offcut.info().then((info) => info.chosen)") == "tiny"
    visitor.choose(CAT).until_done()
    visitor.remove(CAT.read_bytes())  # long enough for a decision
    assert visitor.page.is_hidden("#finer") and visitor.page.is_disabled("#undo")
    assert fetched(site) == 1
