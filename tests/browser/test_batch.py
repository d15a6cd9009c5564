"""Many photos at once: from the files to a ZIP, with pauses, one look, the editor, and a reload in between."""

import io
import shutil
import zipfile

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.visit import PHOTOS, Visit, text

NAMES = ("cat.png", "coffee.png", "astronaut.png")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STAGES = """
() => {
    window.seenStages = [];
    const look = () => document.querySelectorAll(".card .soft").forEach((it) => seenStages.push(it.textContent));
    new MutationObserver(look).observe(document.getElementById("batch-list"), {childList: true, subtree: true});
}
"""
"""Remembers what the lines of the list say from now on."""

ALL_DONE = "#batch-summary:not([hidden])"


@pytest.fixture
def batch(warm):
    """The page whose engine is up; whatever batch is left in it is closed afterwards."""
    warm.with_usual_settings()
    warm.page.evaluate("document.getElementById('batch-look').open = true")
    yield warm
    page = warm.page
    if page.is_visible("#batch-back"):
        page.click("#batch-back")
        page.wait_for_selector("#batch")
    if page.is_visible("#batch"):
        page.click("#batch-close")
        page.wait_for_selector("body[data-batch=''], #question[open]")
        if page.is_visible("#question-yes"):  # nothing was saved
            page.click("#question-yes")
        page.wait_for_selector("#batch", state="hidden")


def of_kept_batch(answer: str) -> str:
    """JavaScript that answers from the folder of the only batch that is kept, `batch`, and from its `list` as text."""
    return (
        """async () => {
            const folders = async (it) => Array.fromAsync(it.values());
            const root = await navigator.storage.getDirectory();
            const [site] = await folders(await root.getDirectoryHandle("offcut-batches"));
            const [batch] = await folders(site);
            const file = await (await batch.getFileHandle("list")).getFile();
            const list = await file.text().catch(() => "");  // it is being replaced
        """
        + answer
        + "}"
    )


def state(visitor: Visit, name: str) -> str | None:
    """The state of a photo in the list."""
    return visitor.page.locator(f".card:has(strong:text-is('{name}'))").get_attribute("data-state")


def saved(visitor: Visit) -> dict[str, Image.Image]:
    """Save the results as a ZIP, and open the pictures in it."""
    with visitor.page.expect_download() as download:
        visitor.page.click("#batch-save")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        return {name: Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()}


def test_several_photos_are_cut_out_and_saved_as_a_zip_and_a_refusal_says_why(batch, tmp_path):
    page = batch.page
    (tmp_path / "diary.txt").write_text("Dear diary, nothing to cut out here.")
    page.set_input_files("#photo", [*(PHOTOS / name for name in NAMES), tmp_path / "diary.txt"])
    page.wait_for_selector(ALL_DONE)
    assert page.inner_text("#batch-title") == "4 photos"
    assert page.inner_text("#batch-status") == "3 done · 1 refused"
    assert "diary.txt This file is not an image" in page.inner_text("#batch-refusals")
    assert page.evaluate("document.activeElement.id") == "batch-title"
    page.wait_for_function(
        "[...document.querySelectorAll('.card img:not([hidden])')].every((it) => it.naturalWidth > 100)"
    )

    pictures = saved(batch)
    assert set(pictures) == {"cat-cutout.png", "coffee-cutout.png", "astronaut-cutout.png"}
    for name in NAMES:
        with Image.open(PHOTOS / name) as photo:
            alone = pictures[name.replace(".png", "-cutout.png")]
            assert (alone.mode, alone.size) == ("RGBA", photo.size)
            assert np.asarray(alone)[..., 3].min() == 0 and np.asarray(alone)[..., 3].max() == 255
    page.wait_for_selector(f"#toast-text:text-is('{text('batch.saved.zip').format(count=3)}')")


def test_one_look_is_for_all_and_an_edited_photo_keeps_its_own(batch):
    page = batch.page
    page.set_input_files("#photo", [PHOTOS / name for name in NAMES[:2]])
    page.wait_for_selector(ALL_DONE)

    page.click("[aria-label='Open cat.png']")
    page.wait_for_selector("body[data-state=done] #batch-back")
    page.wait_for_selector("body[data-idle=yes]")
    page.click("#tool-background summary")
    page.click("#tool-background label:has([value=colour])")
    page.click("[data-colour='#000000']")
    page.wait_for_selector("#undo:enabled", state="attached")
    page.click("#batch-back")
    page.wait_for_selector(".card:has-text('cat.png'):has-text('Edited')")
    assert page.evaluate("document.activeElement.ariaLabel") == "Open cat.png"

    page.click("#batch-look label:has([value=white])")
    page.select_option("[data-look=canvas]", "1:1")
    page.select_option("[data-look=format]", "jpeg")
    page.evaluate(STAGES)
    page.click("#batch-use")
    page.wait_for_selector(".card[data-state=done]:has-text('coffee.png'):not(:has-text('600 × 400'))")
    assert page.evaluate("seenStages").count(text("progress.compose")) and text("progress.infer") not in page.evaluate(
        "seenStages"
    )  # no network was run again
    page.wait_for_selector(ALL_DONE)
    assert page.is_disabled("#batch-use")
    pictures = saved(batch)
    assert set(pictures) == {"cat-white.png", "coffee-white.jpg"}
    cat, coffee = np.asarray(pictures["cat-white.png"]), np.asarray(pictures["coffee-white.jpg"])
    assert cat.shape == (300, 451, 3) and tuple(cat[0, 0]) == (0, 0, 0)
    assert coffee.shape[0] == coffee.shape[1] and coffee[0, 0].min() > 250


def test_a_recipe_of_the_look_finishes_every_photo(batch):
    page = batch.page
    page.set_input_files("#photo", [PHOTOS / name for name in NAMES[:2]])
    page.wait_for_selector(ALL_DONE)
    page.select_option("[data-look=recipe]", "instant_photo.py")
    page.click("#batch-use")
    for name, size in (("cat.png", "451 × 300"), ("coffee.png", "600 × 400")):
        page.wait_for_selector(f".card[data-state=done]:has-text('{name}'):not(:has-text('{size}'))")
    pictures = saved(batch)
    assert len(pictures) == 2
    for picture in pictures.values():
        assert picture.height > picture.width and picture.getpixel((0, 0))[:3] == (251, 250, 246)


def test_a_batch_goes_on_where_it_was_after_a_reload_in_the_folders_it_was_chosen_in(profile, tmp_path):
    (tmp_path / "shop/cups").mkdir(parents=True)
    shutil.copy(PHOTOS / "cat.png", tmp_path / "shop")
    shutil.copy(PHOTOS / "coffee.png", tmp_path / "shop/cups")
    visitor = profile.visit().until_ready()
    page = visitor.page
    page.set_input_files("#folder", tmp_path / "shop")
    page.wait_for_selector(".card[data-state=done]:has-text('cat.png')")
    page.wait_for_selector(ALL_DONE)
    page.click("#batch-look label:has([value=white])")
    page.click("#batch-use")
    page.click("#batch-pause")
    visitor.until(
        of_kept_batch("""
            const kept = (await Array.fromAsync(batch.keys())).filter((name) => name.startsWith("photo-"));
            return kept.length == 2 && JSON.parse(list || "{}").paused;
        """)
    )
    page.reload()
    page.wait_for_selector("#batch-title:text-is('2 photos')")
    page.wait_for_selector(f"#batch-pause:not([hidden]), {ALL_DONE}")
    if page.is_visible("#batch-pause"):
        page.click("#batch-pause")
    page.wait_for_selector(ALL_DONE)
    page.close()

    page = visitor.page = visitor.context.new_page()  # another visit: it is offered there
    visitor.go()
    page.click("#batch-offer .primary")
    page.wait_for_selector(ALL_DONE)
    assert set(saved(visitor)) == {"cat-white.png", "cups/coffee-white.png"}
    page.evaluate(FOLDER)
    page.click("#batch-folder")
    page.wait_for_selector(f"#toast-text:text-is('{text('batch.saved.folder').format(count=2)}')")
    found = page.evaluate(
        """async () => {
            const chosen = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
            const cups = await chosen.getDirectoryHandle("cups");
            return [await Array.fromAsync(chosen.keys()), await Array.fromAsync(cups.keys())];
        }"""
    )
    assert [sorted(names) for names in found] == [["cat-white.png", "cups"], ["coffee-white.png"]]
    page.click("#batch-close")
    page.wait_for_selector("#batch", state="hidden")
    visitor.until(
        """async () => {
            const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("offcut-batches");
            for await (const site of root.values()) for await (const batch of site.keys()) return false;
            return true;
        }"""
    )
    assert page.is_hidden("#batch-offer")


def test_photos_are_left_out_tried_again_and_taken_away_by_keyboard(batch):
    page = batch.page
    page.set_input_files("#photo", [PHOTOS / name for name in NAMES])
    page.wait_for_selector("#batch-list li:nth-child(3)")
    for name in NAMES[1:]:
        page.focus(f"[aria-label='Leave {name} out']")
        page.keyboard.press("Enter")
    page.wait_for_selector(ALL_DONE)
    assert [state(batch, name) for name in NAMES] == ["done", "cancelled", "cancelled"]
    page.focus("[aria-label='Try coffee.png again']")
    page.keyboard.press("Space")
    page.wait_for_selector(".card[data-state=done]:has-text('coffee.png')")
    page.focus("[aria-label='Remove astronaut.png from the list']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#batch-title:text-is('2 photos')")
    assert page.inner_text("#batch-status") == "2 done"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), pytest.param("dark", 390, marks=pytest.mark.nightly)])
def test_axe_finds_nothing_in_the_list(batch, tmp_path, scheme, width):
    page = batch.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    (tmp_path / "diary.txt").write_text("Dear diary, nothing to cut out here.")
    page.set_input_files("#photo", [PHOTOS / "cat.png", PHOTOS / "coffee.png", tmp_path / "diary.txt"])
    page.wait_for_selector(ALL_DONE)
    page.select_option("[data-look=canvas]", "own")
    found = []
    for _ in ("done", "editor"):
        answer = Axe().run(page, options=RULES).response
        found += [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]
        if page.is_visible("#batch-list"):
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.click("[aria-label='Open cat.png']")
            page.wait_for_selector("body[data-state=done] #batch-back")
            page.wait_for_selector("body[data-idle=yes]")
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1280, "height": 720})
    assert found == []


FOLDER = """
window.showDirectoryPicker = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", {create: true});
"""
"""A folder of the page's own in place of one of the disk, which only a person can choose."""

WITHDRAW = """
() => {
    const handles = FileSystemDirectoryHandle.prototype, {getFileHandle} = handles;
    handles.getFileHandle = () => Promise.reject(new DOMException("The request is not allowed", "NotAllowedError"));
    window.giveBack = () => { handles.getFileHandle = getFileHandle; };
}
"""
"""Has the browser no longer allow to write into the folder."""

IN_FOLDER = """
async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
    const files = await Promise.all((await Array.fromAsync(folder.values())).map((file) => file.getFile()));
    return Object.fromEntries(files.map((file) => [file.name, file.size]));
}
"""


def test_where_there_is_no_room_for_the_pictures_it_is_said_and_saving_goes_on_later(profile):
    visitor = profile.visit(FOLDER).until_ready()
    page, notice = visitor.page, "#notice-text"
    browser = visitor.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")

    def leave(room: int) -> None:
        """Let this site store so many bytes more."""
        usage = page.evaluate("navigator.storage.estimate().then((it) => it.usage)")
        browser.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": usage + room})

    leave(20_000)
    page.set_input_files("#photo", [PHOTOS / name for name in NAMES[:2]])
    page.wait_for_selector(f"{notice}:has-text('no room left on this device')")
    page.wait_for_selector("#batch-status:has-text('Paused · 0 done · 2 left')")
    browser.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    page.click("#batch-pause")
    page.wait_for_selector(ALL_DONE)

    sizes = [150_000, 300_000]  # of the pictures, at least and at most
    leave(sizes[0] // 3)
    page.click("#batch-save")
    page.wait_for_selector(f"{notice}:has-text('no room left on this device for the ZIP file')")
    page.click("#notice-close")
    leave(sizes[1])  # for one of them
    page.click("#batch-folder")
    page.wait_for_selector(f"{notice}:has-text('1 of 2 pictures are in it')")
    assert list(page.evaluate(IN_FOLDER)) == ["cat-cutout.png"]  # and no empty file of the other

    browser.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    visitor.until(of_kept_batch("return list.includes('in_folder');"))
    page.reload()  # which folder has what is known after it, too
    page.wait_for_selector(ALL_DONE)
    page.evaluate(WITHDRAW)
    page.click("#batch-folder")
    page.wait_for_selector(f"{notice}:has-text('no longer lets Offcut write')")
    page.evaluate("giveBack()")
    page.click("#batch-folder")
    page.wait_for_selector(f"#toast-text:text-is('{text('batch.saved.folder').format(count=2)}')")
    assert set(page.evaluate(IN_FOLDER)) == {"cat-cutout.png", "coffee-cutout.png"}
    assert set(saved(visitor)) == {"cat-cutout.png", "coffee-cutout.png"}
