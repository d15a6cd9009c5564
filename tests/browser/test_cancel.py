"""A photo on its way is given up at once, at any stage, and leaves nothing behind."""

import pytest

from tests.browser.editing import Editing
from tests.browser.visit import PHOTOS, text

CAT = PHOTOS / "cat.png"
LINE = [(60, 60), (120, 90), (200, 80)]
LIMIT_S = 0.3

PRESS = """async (state) => {
    const since = performance.now();
    document.getElementById("progress-cancel").click();
    while (document.body.dataset.state !== state || !document.getElementById("progress").hidden)
        await new Promise((done) => requestAnimationFrame(done));
    return (performance.now() - since) / 1000;
}"""
"""Presses Cancel, and returns how many seconds later the page looks as before."""

AT = """(stage) => {
    const shown = document.getElementById("progress-text").textContent;
    return document.body.dataset.state === "working" && (!stage || shown === stage);
}"""


def test_a_photo_is_given_up_at_any_stage_and_the_next_one_is_cut_out(profile, twelve_megapixels):
    visitor = profile.visit().until_ready()
    for stage in ("decode", "infer"):
        visitor.choose(twelve_megapixels)
        visitor.page.wait_for_function(AT, arg=text(f"progress.{stage}"))
        assert visitor.page.evaluate(PRESS, "empty") < LIMIT_S
        assert visitor.page.inner_text("#toast-text") == text("said.cancelled")
        assert visitor.page.is_hidden("#notice")
    visitor.choose(CAT).until_done()
    assert visitor.page.get_attribute("#save", "download") == "cat-cutout.png"


@pytest.mark.nightly
def test_the_photo_before_is_there_again_with_what_was_done_to_it(profile, twelve_megapixels, tmp_path):
    editing = Editing(profile.visit().until_ready(), CAT, tmp_path)
    editing.tool("brush")
    editing.set("brush.mode", "erase")
    editing.actual()
    editing.paint(LINE)
    editing.steps(1)
    editing.until_written("(list) => list.steps.length === 1")
    editing.visit.choose(twelve_megapixels)
    editing.page.wait_for_function(AT, arg="")
    assert editing.page.evaluate(PRESS, "done") < LIMIT_S
    editing.paint([(60, 200), (120, 220)])
    editing.steps(2)
    assert editing.page.get_attribute("#save", "download") == "cat-cutout.png"
