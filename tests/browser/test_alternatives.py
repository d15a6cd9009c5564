"""Other networks' results: shown where the networks disagree, taken by a click, undone, there again after a reload."""

import numpy as np

from tests.browser.test_auto_upgrade import CAT, arrive, mask, paint, saved, until
from tests.browser.tiny_site import QUALITY
from tests.browser.visit import text, timing

MARKED = "[...document.querySelectorAll('#alternatives-list .result')].map((one) => one.getAttribute('aria-pressed'))"
AT_REST = "async () => document.body.dataset.idle === 'yes' && document.getElementById('busy').hidden"


def test_a_click_takes_another_result_under_what_was_done_and_it_is_undone_and_kept(profile):
    visitor = arrive(profile, timing(alternatives_pause=0.05))
    page = visitor.page
    visitor.choose(CAT).until_done()
    until(visitor, "done")
    page.wait_for_selector("#alternatives-list .result:nth-child(1)")
    assert page.inner_text("#alternatives-text") == text("alternatives.doubtful")
    visitor.until(f"async () => {MARKED}.join() === 'false,true'")
    paint(visitor)
    visitor.until(AT_REST)
    painted, finer, fast = saved(visitor), mask(visitor, QUALITY), mask(visitor, "tiny")
    assert (painted == 0).sum() > (finer == 0).sum()

    page.locator("#alternatives-list .result").first.click()
    visitor.until(f"async () => {MARKED}.join() === 'true,false'").until(AT_REST)
    chosen = saved(visitor)
    gone = (painted == 0) & (finer > 10)
    assert chosen[gone].max() <= 4 and np.array_equal(chosen[:50], fast[:50])  # the stroke, and far from it
    page.click("#tool-history summary")
    page.wait_for_selector("#steps button")
    assert page.locator("#steps button").all_inner_texts()[1:] == ["Better edges", "Other result", "Erase"]

    # Loaded again, it is as it was, and the results are known without a network.
    visitor.until("async () => (await caches.keys()).includes('offcut-work')")
    visitor.until(
        """async () => {
            const work = await caches.open("offcut-work");
            const paths = (await work.keys()).map(({url}) => url);
            const list = paths.find((path) => path.endsWith("/list"));
            const parts = list ? (await (await work.match(list)).json()).parts : [];
            const steps = parts.filter((part) => part.startsWith("step"));
            return parts.includes("alternative-tiny-quality") && steps.length === 3;
        }"""
    )
    page.reload()
    page.wait_for_selector("#resume:not([hidden])")
    visitor.expecting_a_photo()
    page.click("#resume-go")
    visitor.until_done().until(AT_REST)
    assert np.array_equal(saved(visitor), chosen) and page.is_hidden("#alternatives")
    asked = len(profile.server.asked)
    page.click("#tool-smart summary")
    page.click("#alternatives-open")
    visitor.until(f"async () => {MARKED}.join() === 'true,false'")
    assert not [path for path in profile.server.asked[asked:] if "models/chunks/" in path]
    page.click("#tool-history summary")
    page.locator("#steps button").nth(1).click()
    visitor.until(f"async () => {MARKED}.join() === 'false,true'").until(AT_REST)
    assert np.array_equal(saved(visitor), finer)
