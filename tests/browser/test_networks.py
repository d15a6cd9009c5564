"""More than one network: the same answer in both homes, and a choice on the page that is remembered."""

import numpy as np
import pytest

from tests.browser.visit import PHOTOS, pixels

CAT = PHOTOS / "cat.png"


@pytest.mark.parametrize("model", ["isnet", "isnet-768"])  # U²-Net p, which agrees exactly: test_parity.py
def test_an_8_bit_network_gives_natively_nearly_what_it_gives_here(warm, native_cutout, model):
    answer = warm.remove(CAT.read_bytes(), model=model, output="mask")
    native = pixels(native_cutout(CAT.read_bytes(), "--mask", "-m", model))
    ours = pixels(answer["data"])
    assert 0.1 < (ours > 128).mean() < 0.9
    # Two kernels may round an 8-bit activation to neighbouring steps, and later layers carry that on: the alphas are
    # as near to each other as each is to the network's before it was made 8-bit, not nearer.
    assert np.abs(ours.astype(int) - native.astype(int)).mean() <= 5
    subject = [alpha > 128 for alpha in (ours, native)]
    assert (subject[0] & subject[1]).sum() / (subject[0] | subject[1]).sum() > 0.97


def test_the_sizes_of_one_network_share_their_weights(visit, faulty):
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.remove(CAT.read_bytes(), model="isnet")
    before = len([path for path in faulty.asked if "/chunks/" in path])
    visitor.remove(CAT.read_bytes(), model="isnet-768")
    fetched = [path for path in faulty.asked if "/chunks/" in path][before:]
    sizes = [(faulty.root / path.removeprefix(faulty.prefix)).stat().st_size for path in fetched]
    assert 0 < sum(sizes) < 1_000_000


def test_a_finer_network_can_be_chosen_and_is_remembered(visit, server):
    visitor = visit(server.url).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    before = visitor.page.get_attribute("#save", "href")
    visitor.page.select_option("#tier-list", "isnet")
    visitor.page.wait_for_function("(url) => document.getElementById('save').href !== url", arg=before)
    assert "IS-Net" in visitor.page.inner_text("#status")
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.input_value("#tier-list") == "isnet"
    assert "IS-Net" in visitor.page.inner_text("#status")
