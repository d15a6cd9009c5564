"""More than one network: what they share, and a choice on the page that is remembered."""

import json

from tests.browser.tiny_site import QUALITY
from tests.browser.visit import PHOTOS


def test_the_sizes_of_one_network_share_their_weights(built):
    """Chunks that two networks have in common are fetched once: tests/unit/offcut/models/test_download.py."""
    models = json.loads((built / "models" / "catalogue.json").read_text("utf-8"))["models"]
    large, small = (models[id]["variants"]["wasm"]["chunks"] for id in ("isnet", "isnet-768"))
    shared = {chunk["sha256"] for chunk in large}
    own = [chunk["bytes"] for chunk in small if chunk["sha256"] not in shared]
    assert 0 < sum(own) < 1_000_000 < sum(chunk["bytes"] for chunk in small)


def test_a_finer_network_can_be_chosen_and_is_remembered(profile):
    visitor = profile.visit().until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    before = visitor.page.get_attribute("#save", "href")
    visitor.page.select_option("#tier-list", QUALITY)
    visitor.page.wait_for_function("(url) => document.getElementById('save').href !== url", arg=before)
    assert "Tiny quality" in visitor.page.inner_text("#status")
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.input_value("#tier-list") == QUALITY
    assert "Tiny quality" in visitor.page.inner_text("#status")
