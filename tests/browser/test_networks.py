"""Networks: what their sizes share, a choice on the page that is remembered, and a worker that goes on meanwhile."""

import base64
import json

import pytest

from tests.browser.tiny_site import QUALITY
from tests.browser.visit import PHOTOS


def test_the_sizes_of_one_network_share_their_weights(built):
    """Chunks that two networks have in common are fetched once: tests/unit/offcut/models/test_download.py."""
    models = json.loads((built / "models" / "catalogue.json").read_text("utf-8"))["models"]
    large, small = (models[name]["variants"]["wasm"]["chunks"] for name in ("isnet", "isnet-768"))
    shared = {chunk["sha256"] for chunk in large}
    own = [chunk["bytes"] for chunk in small if chunk["sha256"] not in shared]
    assert 0 < sum(own) < 1_000_000 < sum(chunk["bytes"] for chunk in small)


@pytest.mark.nightly
def test_a_finer_network_can_be_chosen_and_is_remembered(profile):
    visitor = profile.visit().until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    before = visitor.page.get_attribute("#save", "href")
    visitor.page.click("#tool-smart summary")
    visitor.page.select_option("#tier-list", QUALITY)
    visitor.page.wait_for_function("(url) => document.getElementById('save').href !== url", arg=before)
    assert visitor.page.evaluate("offcut.info().then((info) => info.model)") == QUALITY
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.input_value("#tier-list") == QUALITY
    assert visitor.page.evaluate("offcut.info().then((info) => info.model)") == QUALITY


def test_the_worker_goes_on_while_the_network_computes(warm_u2netp):
    """With threads the network has a worker of its own: others are answered, and the next photo is decoded."""
    found = warm_u2netp.page.evaluate(
        """async (text) => {
            const photo = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
            const stages = [];
            let answered = 0, working = true;
            addEventListener("offcut:progress", ({detail}) => stages.push(detail.stage));
            const photos = Promise.all([1, 2].map(() => offcut.remove(photo))).then(() => working = false);
            while (working) {
                await offcut.info();
                if (stages.includes("infer") && !stages.includes("compose")) answered++;
                await new Promise((resolve) => setTimeout(resolve, 10));
            }
            await photos;
            return {answered, stages, threads: (await offcut.info()).threads};
        }""",
        base64.b64encode((PHOTOS / "cat.png").read_bytes()).decode(),
    )
    if found["threads"] == 1:
        pytest.skip("there is one processor here")
    stages = found["stages"]
    assert found["answered"] > 1
    assert stages.index("decode", 1) < stages.index("compose")
