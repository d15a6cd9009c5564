"""The automatic choice of network: the fast one's cutout first, then a finer one in its place, where that is free."""

import json
import zipfile

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import WarmProfile
from tests.browser.test_batch import RULES
from tests.browser.tiny_site import QUALITY
from tests.browser.visit import PHOTOS, Visit, eventually, pixels

CAT = PHOTOS / "cat.png"

ROOMY = "Object.defineProperty(Navigator.prototype, 'deviceMemory', {get: () => 8, configurable: true});"
"""Machines that run tests may be small."""

WILLING = "localStorage.setItem('offcut-finer', 'yes');"
"""The person has agreed before that finer networks are downloaded."""


def connected(**connection) -> str:
    value = str(connection).replace("True", "true")
    return f"Object.defineProperty(Navigator.prototype, 'connection', {{get: () => ({value}), configurable: true}});"


@pytest.fixture
def site(profile):
    return profile.server


def arrive(profile: WarmProfile, *scripts: str) -> Visit:
    return profile.visit(ROOMY, WILLING, connected(effectiveType="4g"), *scripts, model="auto").until_ready()


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
    assert "Edges improved." in visitor.page.inner_text("#finer")
    assert visitor.page.is_hidden("#finer-stop")
    finer, fast = mask(visitor, QUALITY), mask(visitor, "tiny")
    assert (finer != fast).mean() > 0.1
    assert np.array_equal(saved(visitor), finer)
    visitor.page.click("#tool-history summary")
    visitor.page.wait_for_selector("#steps button")
    assert visitor.page.locator("#steps button").all_inner_texts() == ["First result", "Better edges"]
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
    finer, both = mask(visitor, QUALITY), saved(visitor)
    gone = (painted == 0) & (fast > 10)
    assert finer[gone].max() > 50 and both[gone].max() <= 4
    assert np.array_equal(both[:50], finer[:50]) and not np.array_equal(both[:50], fast[:50])  # far from the stroke
    visitor.page.click("#undo")
    visitor.page.wait_for_selector("#redo:enabled")
    assert np.array_equal(saved(visitor), finer)


@pytest.mark.nightly
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


@pytest.mark.nightly
def test_a_metered_connection_is_spared_but_not_what_is_on_the_device(profile, site):
    """For the other reasons: tests/page/photo/test_auto_upgrade.py."""
    visitor = arrive(profile, connected(type="cellular", effectiveType="4g"))
    visitor.choose(CAT).until_done()
    until(visitor, "connection")
    assert "The fast result stays" in visitor.page.inner_text("#finer")
    assert fetched(site) == 1 and visitor.page.is_disabled("#undo")
    visitor.remove(CAT.read_bytes(), model=QUALITY)
    visitor.choose(PHOTOS / "coffee.png")
    until(visitor, "done")


def test_a_newcomer_is_asked_before_the_download_and_the_answer_is_remembered(profile, site):
    visitor = profile.visit(ROOMY, connected(effectiveType="4g"), model="auto").until_ready()
    page = visitor.choose(CAT).until_done().page
    page.wait_for_selector("#offer:not([hidden])")
    assert "7.9 MB" in page.inner_text("#offer-text") and fetched(site) == 1
    page.click("#offer-yes")
    until(visitor, "done")
    assert page.is_hidden("#offer") and page.evaluate("localStorage.getItem('offcut-finer')") == "yes"


def test_no_photo_of_a_batch_waits_for_the_answer_and_all_get_better_edges_after_it(profile):
    visitor = profile.visit(ROOMY, connected(effectiveType="4g"), model="auto").until_ready()
    page = visitor.page
    page.set_input_files("#photo", [CAT, PHOTOS / "coffee.png"])
    page.wait_for_selector("#batch-finer:not([hidden])")
    page.wait_for_selector("#batch-summary:not([hidden])")  # without an answer
    assert "all photos get better edges" in page.inner_text("#batch-finer-text")
    assert page.evaluate("localStorage.getItem('offcut-finer')") is None
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    before = zipped(visitor, "cat-cutout.png")
    page.click("#batch-finer-yes")
    page.wait_for_selector("#batch-finer", state="hidden")
    page.wait_for_selector("#batch-summary:not([hidden])")
    after = zipped(visitor, "cat-cutout.png")
    assert np.array_equal(after, mask(visitor, QUALITY)) and not np.array_equal(after, before)


def zipped(visitor: Visit, name: str) -> np.ndarray:
    """The alpha of a picture in the ZIP file of a batch."""
    with visitor.page.expect_download() as download:
        visitor.page.click("#batch-save")
    with zipfile.ZipFile(download.value.path()) as archive:
        return pixels(archive.read(name))[..., 3]
