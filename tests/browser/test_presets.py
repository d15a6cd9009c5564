"""Jobs from the empty page to the saved file: how many clicks each takes, and what is in the file."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.test_batch import RULES
from tests.browser.visit import PHOTOS, Visit, text

COUNT_CLICKS = """() => {
    globalThis.clicks = 0;
    addEventListener("pointerdown", () => { clicks += 1; }, true);
}"""

COUNT_LISTS_SET = """() => {
    globalThis.listsSet = 0;
    const own = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value");
    const set = function (value) { listsSet += 1; own.set.call(this, value); };
    Object.defineProperty(HTMLSelectElement.prototype, "value", { ...own, set });
}"""
"""Each time Chromium lays the page out for its autofill."""


@pytest.fixture
def newcomer(profile) -> Iterator[Visit]:
    """A page without a photo, on which clicks are counted."""
    visitor = profile.visit().until_ready()
    visitor.page.evaluate(COUNT_CLICKS)
    yield visitor
    visitor.page.close()


def subject(picture: Image.Image) -> tuple[int, int, int, int]:
    """The smallest box around what is not white."""
    rows, columns = np.nonzero(np.asarray(picture.convert("RGB")).min(2) < 230)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_a_product_on_white_takes_two_clicks_and_a_sticker_two_more(newcomer):
    page = newcomer.page
    with page.expect_file_chooser() as chooser:
        page.click("[data-preset=product]")
    newcomer.expecting_a_photo()
    chooser.value.set_files(PHOTOS / "coffee.png")
    newcomer.until_done()
    page.wait_for_selector("#check-note:has-text('and 1600 in this picture. It will not be sharp')")
    file = newcomer.save()
    assert page.evaluate("clicks") == 2 and file.suggested_filename == "coffee-white.jpg"
    picture = Image.open(file.path())
    assert (picture.format, picture.size) == ("JPEG", (2000, 2000))
    left, top, right, bottom = subject(picture)
    assert max(right - left, bottom - top) == pytest.approx(1600, abs=40)
    assert left == pytest.approx(2000 - right, abs=60)

    page.select_option("#preset-list", "sticker")
    page.wait_for_selector("body[data-idle=yes]")
    assert page.url.endswith("#sticker")
    sticker = Image.open(newcomer.save().path())
    assert (sticker.format, sticker.size, sticker.mode) == ("WEBP", (512, 512), "RGBA")
    outer = np.asarray(sticker.convert("RGBA"))[sticker.getchannel("A").getbbox()[1] + 3]
    assert (outer[outer[:, 3] == 255][:, :3] > 245).all()  # the white border
    page.click("#undo")
    page.wait_for_function("document.getElementById('preset-list').value == 'product'")
    page.wait_for_selector("#save:has-text('JPEG')")
    assert page.url.endswith("#product")


def test_an_id_photo_is_saved_as_a_sheet_of_paper_too(newcomer):
    page = newcomer.page
    newcomer.choose(PHOTOS / "astronaut.png").until_done()
    page.select_option("#preset-list", "us-passport")
    page.wait_for_selector("body[data-idle=yes]")
    page.click("#save-options summary")
    page.wait_for_selector("#sheet-note:has-text('2 of 50.8 × 50.8 mm')")
    page.select_option("[data-setting='sheet.paper']", "a4")
    page.wait_for_selector("#sheet-note:has-text('15 of')")
    with page.expect_download() as download:
        page.click("#sheet-pdf")
    assert download.value.suggested_filename == "astronaut-sheet.pdf"
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"%PDF-") and b"[ 0 0 595.2 841.92 ]" in data  # 2480 × 3508 pixels in points
    page.wait_for_selector("#toast:has-text('astronaut-sheet.pdf')")


def test_a_preset_of_ones_own_is_kept_and_a_hostile_file_is_refused(newcomer, tmp_path):
    page = newcomer.page
    newcomer.choose(PHOTOS / "coffee.png").until_done()
    page.select_option("#preset-list", "sticker")
    page.select_option("#preset-list", "edit")
    page.fill("#own-name", "Mine")
    page.keyboard.press("Enter")
    page.wait_for_selector("#own-said:has-text('Mine')")
    with page.expect_download() as download:
        page.click("#own-export")
    saved = json.loads(Path(download.value.path()).read_text())["presets"]
    assert [preset["name"] for preset in saved] == ["Mine"] and saved[0]["look"]["border"]["width"] == 0.02
    hostile = tmp_path / "hostile.json"
    look = {"canvas": {"width": 1e9, "height": 1e9}}
    hostile.write_text(json.dumps({"offcut": 1, "presets": [{"name": "<img src=x>", "look": look}]}))
    page.set_input_files("#own-file", hostile)
    page.wait_for_selector("#own-said:has-text('hostile.json was not taken')")
    saved[0]["name"], saved[0]["look"]["canvas"]["width"] = "Wide", 600
    hostile.write_text(json.dumps({"offcut": 1, "presets": saved}))
    page.set_input_files("#own-file", hostile)
    page.wait_for_selector("#own-list li:nth-child(2)")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    page.reload()
    newcomer.until_ready().choose(PHOTOS / "cat.png").until_done()
    page.select_option("#preset-list", label="Wide")
    page.wait_for_selector("body[data-idle=yes]")
    assert page.url.endswith("#own-2")
    picture = Image.open(newcomer.save().path())
    assert (picture.format, picture.size) == ("WEBP", (600, 512))


def test_each_job_from_an_open_photo_to_the_saved_file_takes_few_clicks(newcomer):
    page = newcomer.choose(PHOTOS / "astronaut.png").until_done().page
    newcomer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("clicks = 0")
    page.click("#copy")
    page.wait_for_selector(f"#toast-text:text-is('{text('said.copied')}')")
    assert page.evaluate("clicks") == 1
    types = page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert types == ["image/png"]
    jobs = {
        "product": (3, "JPEG", (2000, 2000)),
        "id": (4, "JPEG", (413, 531)),
        "sticker": (3, "WEBP", (512, 512)),
        "background": (4, "PNG", (512, 512)),
    }
    for name, (most, kind, size) in jobs.items():
        page.evaluate("clicks = 2")  # to choose from a list
        page.select_option("#preset-list", name)
        page.wait_for_selector("body[data-idle=yes]")
        picture = Image.open(newcomer.save().path())
        assert page.evaluate("clicks") <= most
        assert (picture.format, picture.size) == (kind, size), name
    shaded = np.asarray(picture.convert("RGB"), int)
    colour = shaded[0, -1]
    assert colour.min() < 250 and (np.abs(shaded - colour).max(2) > 8).any()  # a background, and something before it


def test_a_sample_photo_needs_no_file_and_the_file_has_at_most_so_many_bytes(newcomer):
    page = newcomer.expecting_a_photo().page
    page.evaluate(COUNT_LISTS_SET)
    page.click("[data-sample=coffee]")
    newcomer.until_done()
    assert page.evaluate("listsSet") == 0  # the first cutout changes none
    assert newcomer.save().suggested_filename == "coffee-cutout.png"
    page.click("#save-options summary")
    page.select_option("[data-setting='save.format']", "jpeg")
    page.fill("[data-setting='save.limit']", "20")
    page.wait_for_function("/ (1[0-9]|20) kB/.test(document.getElementById('save-pixels').textContent)")
    small = newcomer.save().path()
    assert 10_000 < small.stat().st_size <= 20_000 and Image.open(small).size == (600, 400)


def test_a_batch_begins_with_the_job_and_gets_another_by_one_choice(newcomer):
    page = newcomer.page
    with page.expect_file_chooser() as chooser:
        page.click("[data-preset=product]")
    chooser.value.set_files([PHOTOS / "coffee.png", PHOTOS / "cat.png"])
    page.wait_for_selector("#batch-summary:not([hidden])")
    assert page.input_value("#look-preset") == "product"
    assert page.locator(".card:has-text('2000 × 2000')").count() == 2
    page.select_option("#look-preset", "sticker")
    page.wait_for_selector(".card:has-text('512 × 512') ~ .card:has-text('512 × 512')")
    page.wait_for_selector("#batch-summary:not([hidden])")
    with page.expect_download() as download:
        page.click("#batch-save")
    with zipfile.ZipFile(download.value.path()) as archive:
        pictures = [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    assert [(picture.format, picture.size) for picture in pictures] == [("WEBP", (512, 512))] * 2
    assert page.evaluate("clicks") == 2  # and one choice from a list
    page.click("#batch-close")
    page.wait_for_selector("#batch", state="hidden")
    newcomer.until(
        """async () => {
            const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("offcut-batches");
            for await (const site of root.values()) for await (const batch of site.keys()) return false;
            return true;
        }"""
    )
