"""A network of a person's own: dropped, read, tried, kept, used without a connection, and deleted; or refused."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from offcut.models.own.description import PREFIX
from tests.browser.tiny_site import TINY
from tests.browser.visit import PHOTOS, pixels, text
from tests.networks import KINDS, brightness, hostile, network

DROP = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], name));
    document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: held, bubbles: true, cancelable: true}));
}"""

PICTURE = """async () => {
    const data = await (await fetch(document.getElementById("network-picture").src)).arrayBuffer();
    return btoa(String.fromCharCode(...new Uint8Array(data)));
}"""


def drop(page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def opened(page, name: str, data: bytes) -> None:
    drop(page, name, data)
    page.wait_for_selector("#network[data-state=ready]")


def photo() -> dict:
    buffer = io.BytesIO()
    Image.fromarray(brightness()).save(buffer, "PNG")
    return {"name": "bright.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def share_found(alpha: np.ndarray) -> float:
    """Return the part of the photo in which an alpha agrees with what is bright."""
    return float(((alpha > 127) == (brightness().mean(axis=2) > 127)).mean())


def test_a_network_is_tried_kept_used_without_a_connection_and_deleted(profile, tmp_path):
    visitor = profile.visit(model=None).until_ready()
    page = visitor.page
    visitor.choose(photo()).until_done()
    kind = KINDS["BiRefNet"]
    opened(page, kind.file, network(kind))
    assert page.inner_text("#network-said") == text("network.known").replace("{family}", "BiRefNet, RMBG 2.0")
    page.click("#network-try")
    page.wait_for_selector("#network-picture:not([hidden])")
    before = page.get_attribute("#save", "href")
    page.click("#network-keep")
    page.wait_for_function("(url) => document.getElementById('save').href !== url", arg=before)
    assert page.is_hidden("#network")
    page.context.set_offline(True)
    try:
        page.reload()
        visitor.until_ready()
        visitor.choose(photo()).until_done()
        assert page.input_value("#tier-list").startswith(PREFIX)
        visitor.save().save_as(tmp_path / "cutout.png")
    finally:
        page.context.set_offline(False)
    assert share_found(pixels(tmp_path / "cutout.png")[..., 3]) > 0.97
    page.click("#privacy-open")
    page.click("#storage-open")
    page.locator("#storage li", has_text="BiRefNet-lite").get_by_role("button", name=text("storage.edit")).click()
    page.wait_for_selector("#network[data-state=ready]")
    assert page.inner_text("#network-said") == text("network.change")
    assert page.input_value("#network-family") == "birefnet"
    page.fill("#network-name", "Inside out")
    page.click("#network-more summary")
    page.select_option("#network-numbers", "half")
    before = page.get_attribute("#save", "href")
    page.click("#network-keep")
    page.wait_for_function("(url) => document.getElementById('save').href !== url", arg=before)
    assert page.locator("#tier-list option:checked").text_content().startswith("Inside out")
    page.click("#privacy-open")
    page.click("#storage-open")
    row = page.locator("#storage li", has_text="Inside out")
    assert text("network.licence") in row.inner_text()
    row.get_by_role("button", name=text("storage.delete")).click()
    row.wait_for(state="detached")
    page.keyboard.press("Escape")
    assert page.locator("#tier-list option", has_text="BiRefNet").count() == 0
    visitor.choose(PHOTOS / "cat.png").until_done()
    assert page.evaluate("offcut.info().then((info) => info.model)") == TINY


def refuse(page, name: str) -> str:
    """Drop a hostile file, and return what the page says of it."""
    drop(page, f"{name}.onnx", hostile()[name][0])
    page.wait_for_selector("#network[data-state=refused]")
    said = page.inner_text("#network-said")
    assert page.is_hidden("#network-keep") and page.is_hidden("#network-try")
    page.keyboard.press("Escape")
    return said


def test_hostile_files_are_refused_in_a_sentence_and_the_next_photo_is_right(warm):
    """One of each reason that small files have; tests/unit/offcut/models/own/test_checks.py has all."""
    one_each = {reason: name for name, (data, reason) in hostile().items() if len(data) < 200_000}
    assert len(one_each) > 8
    for name in one_each.values():
        assert refuse(warm.page, name).endswith(".")
    warm.choose(PHOTOS / "cat.png").until_done()
    assert warm.page.evaluate("offcut.info().then((info) => info.model)") == TINY


@pytest.mark.nightly
def test_every_hostile_file_is_refused(warm):
    for name, (data, _) in hostile().items():
        if len(data) < 1_000_000:
            assert refuse(warm.page, name).endswith(".")
    warm.choose(PHOTOS / "cat.png").until_done()


@pytest.mark.nightly
@pytest.mark.parametrize("name", KINDS)
def test_a_network_of_each_family_finds_the_subject(warm, name):
    page, kind = warm.page, KINDS[name]
    warm.choose(photo()).until_done()
    opened(page, kind.file, network(kind))
    page.click("#network-try")
    page.wait_for_selector("#network-picture:not([hidden])")
    found = np.asarray(Image.open(io.BytesIO(base64.b64decode(page.evaluate(PICTURE)))))
    assert share_found(found[..., 3]) > 0.95
    page.click("#network-close")
