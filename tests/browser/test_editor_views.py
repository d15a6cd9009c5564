"""What is seen is what is there: views, zoom, the cursor; and no one is left out (WCAG, languages, keys)."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.editing import Editing, wheel
from tests.browser.visit import PHOTOS, eventually, show_view

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

FIND_MASKS = """() => {
    const {prototype} = CanvasRenderingContext2D, {drawImage} = prototype;
    window.masks = new Set([document.getElementById("view")]);
    prototype.drawImage = function (picture, ...rest) {
        if (picture instanceof HTMLCanvasElement) masks.add(picture);
        return drawImage.call(this, picture, ...rest);
    };
}"""
LOSE_CANVASES = """() => {
    for (const canvas of masks) {
        canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
        for (const kind of ["contextlost", "contextrestored"]) canvas.dispatchEvent(new Event(kind));
    }
    if (masks.size < 2) throw new Error("no mask was drawn");
}"""
"""What a page sees of it when the GPU's process ends."""


@pytest.fixture
def editing(warm, tmp_path):
    return Editing(warm, PHOTOS / "cat.png", tmp_path)


def test_every_view_shows_what_its_name_says_in_true_pixels(editing):
    cutout = editing.save().astype(int)
    alpha, photo = cutout[..., 3:] / 255, editing.photo.astype(int)
    editing.actual()
    expected = {
        "original": np.dstack([photo, np.full(photo.shape[:2], 255)]),
        "mask": np.dstack([cutout[..., 3]] * 3 + [np.full(photo.shape[:2], 255)]),
        "removed": np.dstack(
            [
                photo * (1 - 0.62 * (1 - alpha)) + np.array([220, 38, 38]) * 0.62 * (1 - alpha),
                np.full(photo.shape[:2], 255),
            ]
        ),
    }
    editing.page.evaluate(FIND_MASKS)
    for name, picture in expected.items():
        editing.until_shown(name, lambda shown, picture=picture: np.abs(shown - picture).max(), 3)
    editing.page.evaluate(LOSE_CANVASES)
    editing.until_shown("removed", lambda shown: np.abs(shown - expected["removed"]).max(), 3)
    for name, ground in {"result": None, "white": "rgb(255, 255, 255)", "black": "rgb(0, 0, 0)"}.items():
        whole = cutout[..., 3] == 255
        editing.until_shown(name, lambda shown: np.abs(shown[..., 3] - cutout[..., 3]).max(), 1)
        editing.until_shown(name, lambda shown, whole=whole: np.abs(shown - cutout)[whole].max(), 1)
        if ground:
            assert editing.page.evaluate("getComputedStyle(document.querySelector('.views')).backgroundColor") == ground


def test_before_and_after_are_divided_where_the_slider_stands(editing):
    editing.actual()
    show_view(editing.page, "compare")
    editing.page.evaluate("""() => {
        const slider = document.getElementById("compare");
        slider.value = 50;
        slider.dispatchEvent(new Event("input", {bubbles: true}));
    }""")
    middle = editing.width // 2
    left = np.s_[:, : middle - 6]
    photo = np.dstack([editing.photo.astype(int), np.full(editing.photo.shape[:2], 255)])
    editing.until_shown("compare", lambda shown: np.abs(shown[left] - photo[left]).max(), 1)
    found = editing.shown()
    assert found[:20, middle + 200 :, 3].max() < 40  # the corner behind the cat


def test_zooming_by_wheel_keys_and_buttons(editing):
    page = editing.page
    percent = lambda: int(page.inner_text("#zoom").split()[0])  # noqa: E731
    fitted = percent()
    assert abs(fitted - editing.fitted() * 100) <= 1
    box = page.locator("#view").bounding_box()
    wheel(page, box["x"] + 200, box["y"] + 200, -400)
    assert percent() > 1.8 * fitted
    page.keyboard.press("0")
    assert percent() == fitted
    page.click("#zoom")
    assert percent() == 100
    page.click("#zoom-in")
    assert percent() == 150
    page.keyboard.press("-")
    assert percent() == 100
    before = page.evaluate("document.getElementById('view').toDataURL()")
    page.keyboard.down(" ")
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 200, steps=3)
    page.mouse.up()
    page.keyboard.up(" ")
    editing.frame()
    assert page.evaluate("document.getElementById('view').toDataURL()") != before


def test_the_ring_has_the_size_of_the_brush_at_every_zoom(editing):
    page = editing.page
    page.keyboard.press("e")
    box = page.locator("#view").bounding_box()
    for key in ("0", "1"):
        page.keyboard.press(key)
        page.mouse.move(box["x"] + 300, box["y"] + 200, steps=2)
        editing.frame()
        ring = page.locator("#ring").bounding_box()
        assert ring["width"] == pytest.approx(editing.size(), abs=1)
        assert ring["x"] + ring["width"] / 2 == pytest.approx(box["x"] + 300, abs=1)
    before = editing.size()
    page.keyboard.press("]")
    assert editing.size() == pytest.approx(before * 1.2, rel=0.05)


def test_letters_do_nothing_while_somebody_types_or_has_switched_them_off(editing):
    page = editing.page
    page.keyboard.press("Shift+?")
    assert page.is_visible("#shortcuts") and "Brush that restores" in page.inner_text("#shortcut-list")
    page.keyboard.press("e")  # behind an open dialog nothing happens
    page.uncheck("#single-keys")
    page.click("#shortcuts-close")
    page.keyboard.press("e")
    assert page.get_attribute("#tool-brush", "open") is None
    page.click("#help")
    page.check("#single-keys")
    page.keyboard.press("Escape")
    editing.tool("place")
    page.select_option('[data-setting="canvas.preset"]', "own")
    page.focus('[data-setting="canvas.width"]')
    page.keyboard.press("e")
    assert page.get_attribute("#tool-brush", "open") is None
    page.focus("#view")
    for combination in ("Alt+e", "Control+Alt+e"):
        page.keyboard.press(combination)
    assert page.get_attribute("#tool-brush", "open") is None
    page.keyboard.press("e")
    assert page.get_attribute("#tool-brush", "open") is not None


def test_the_page_speaks_chinese_and_remembers(editing):
    page = editing.page
    page.select_option("#language", "zh")
    page.wait_for_selector("html[lang=zh]")
    assert page.inner_text("#save") == "保存 PNG"
    assert page.inner_text("#tool-edges summary") == "边缘"
    page.reload()
    editing.visit.until_ready()
    assert page.inner_text("label.primary[for=photo]") == "选择照片"
    page.select_option("#language", "en")
    page.wait_for_selector("html[lang=en]")
    assert page.inner_text("label.primary[for=photo]") == "Choose photos"


def test_a_browser_in_chinese_gets_chinese(profile):
    chinese = "Object.defineProperty(Navigator.prototype, 'languages', {get: () => ['zh-CN', 'en']});"
    page = profile.visit(chinese).until_ready().page
    assert page.get_attribute("html", "lang") == "zh"
    assert "就绪" in page.inner_text("#status")
    page.set_input_files("#photo", {"name": "diary.txt", "mimeType": "text/plain", "buffer": b"Dear diary"})
    page.wait_for_selector("#notice[data-kind=error]:not([hidden])")
    assert "不是" in page.inner_text("#notice-text")
    assert page.is_visible("label.primary[for=photo]")  # the invitation stays


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1440),
        pytest.param("dark", 390, marks=pytest.mark.nightly),
        pytest.param("light", 390, marks=pytest.mark.nightly),
        pytest.param("dark", 1440, marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing(editing, scheme, width):
    page = editing.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    found = []
    for tool in (None, "brush", "smart", "edges", "background", "shadow", "place", "recipe", "history"):
        if tool:
            editing.tool(tool)
        if tool == "background":
            editing.set("background.kind", "colour")
        editing.settle()
        answer = Axe().run(page, options=RULES).response
        found += [
            (tool, one["id"], node["target"], node["failureSummary"])
            for one in answer["violations"]
            for node in one["nodes"]
        ]
    page.click("#view-menu summary")
    page.evaluate("document.getElementById('offer').hidden = false")
    editing.settle()
    answer = Axe().run(page, options=RULES).response
    found += [("menu", one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]
    page.evaluate("document.getElementById('offer').hidden = true")
    page.click("#view-menu summary")
    page.keyboard.press("Shift+?")
    answer = Axe().run(page, options=RULES).response
    found += [("help", one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1280, "height": 720})
    assert found == []


def test_axe_finds_nothing_before_a_photo_is_chosen_and_in_the_dialogs(profile):
    page = profile.visit().until_ready().page

    def check() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            answer = Axe().run(page, options=RULES).response
            assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]] == []

    page.wait_for_function("[...document.querySelectorAll('.samples img')].every((it) => it.naturalWidth > 0)")
    check()
    page.click("#privacy-open")
    page.wait_for_selector("#privacy .figures")
    page.click("#privacy .more > summary")
    check()
    page.click("#storage-open")
    page.wait_for_selector("#storage .models li")
    check()


def test_a_photo_larger_than_the_screen_is_seen_in_its_own_pixels_once_it_is_looked_at_closely(warm, tmp_path):
    page = warm.page
    Image.open(PHOTOS / "cat.png").convert("RGB").resize((1804, 1200), Image.Resampling.BICUBIC).save(
        tmp_path / "large.png"
    )
    editing = Editing(warm, tmp_path / "large.png", tmp_path)
    editing.actual()
    box = page.locator("#view").bounding_box()
    left, top = round((editing.width - box["width"]) / 2), round((editing.height - box["height"]) / 2)
    inside = np.s_[top + 2 : top + int(box["height"]) - 2, left + 2 : left + int(box["width"]) - 2]

    def until_equal(view: str, picture: np.ndarray) -> None:
        show_view(page, view)

        def is_equal() -> bool:
            found = editing.canvas()[2 : int(box["height"]) - 2, 2 : int(box["width"]) - 2, : picture.shape[2]]
            return np.abs(found.astype(int) - picture[inside]).max() <= 2

        eventually(is_equal, f"{view} is that picture", page)

    until_equal("original", editing.photo)
    page.keyboard.press("e")
    editing.set("brush.softness", 0)
    editing.set("brush.size", 40)
    editing.paint([(left + 200, top + 150), (left + 380, top + 260)])
    editing.settle()
    alpha = editing.save()[..., 3:]
    until_equal("mask", alpha.repeat(3, 2))
    page.keyboard.press("Control+z")
    editing.settle()
    again = editing.save()[..., 3:]
    assert not np.array_equal(again, alpha)
    until_equal("mask", again.repeat(3, 2))
