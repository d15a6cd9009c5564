"""The worker ends when nothing is asked of it, and nothing is lost."""

import pytest
from PIL import Image

from tests.browser.visit import PHOTOS, eventually, timing

CAT = PHOTOS / "cat.png"

ASKED = "window.asked = 0; addEventListener('offcut:idle', () => { asked++; })"
"""Counts how often the page is asked whether its idle worker may end."""


def test_an_idle_worker_ends_and_the_next_photo_starts_another(profile):
    visitor = profile.visit(ASKED, timing(idle_retry=0.2)).until_ready()
    visitor.page.evaluate("""() => {
        window.keep = (event) => event.preventDefault();
        addEventListener("offcut:idle", keep);
        offcut.idle = 1;
    }""")
    visitor.page.wait_for_function("asked > 0")  # whoever has work in it is asked, and can keep it
    assert visitor.workers()
    visitor.page.evaluate("removeEventListener('offcut:idle', keep)")
    visitor.until_alone()
    assert visitor.remove(CAT.read_bytes())["type"] == "image/png"


@pytest.mark.nightly
def test_a_worker_with_an_open_photo_does_not_end(profile):
    visitor = profile.visit(ASKED, timing(idle_retry=0.2))
    visitor.choose(CAT).until_done()
    visitor.page.evaluate("offcut.idle = 0.1")
    visitor.page.wait_for_function("asked > 0")
    assert visitor.workers()


@pytest.mark.nightly
def test_memory_that_a_large_photo_took_is_given_back_with_the_next_one_open(profile, tmp_path):
    large = tmp_path / "large.png"
    Image.new("RGB", (8000, 5000), "white").save(large)
    visitor = profile.visit(timing(memory_pause=1))
    visitor.choose(large).until_done()
    visitor.choose(CAT).until_done()
    session = visitor.context.new_cdp_session(visitor.page)

    def workers() -> set[str]:
        targets = session.send("Target.getTargets")["targetInfos"]
        return {target["targetId"] for target in targets if target["type"] == "worker"}

    before = workers()
    eventually(lambda: workers() and not workers() & before, "another worker has the photo", visitor.page)
    assert Image.open(visitor.save().path()).size == Image.open(CAT).size


@pytest.mark.nightly
def test_memory_that_a_batch_took_is_given_back_when_the_rest_is_left_out_and_the_batch_goes_on(profile, tmp_path):
    large = tmp_path / "large.png"
    Image.new("RGB", (8000, 5000), "white").save(large)
    visitor = profile.visit(timing(memory_pause=1)).until_ready()
    page, session = visitor.page, visitor.context.new_cdp_session(visitor.page)

    def workers() -> set[str]:
        targets = session.send("Target.getTargets")["targetInfos"]
        return {target["targetId"] for target in targets if target["type"] == "worker"}

    before = workers()
    page.set_input_files("#photo", [large, CAT])
    page.wait_for_selector(".card[data-state=done]:has-text('large.png')")
    if page.is_visible("#batch-cancel"):
        page.click("#batch-cancel")
    eventually(lambda: workers() and not workers() & before, "another worker has the batch", page)
    page.set_input_files("#photo", [PHOTOS / "coffee.png"])
    page.wait_for_selector(".card[data-state=done]:has-text('coffee.png')")
    page.wait_for_selector("#batch-summary:not([hidden])")
