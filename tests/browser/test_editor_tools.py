"""Edges, backgrounds, smart tools, formats: what the sliders say is in the file; and work survives a reload."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from offcut.assist import point_selection
from tests.browser.editing import Editing
from tests.browser.visit import PHOTOS, show_view


@pytest.fixture
def editing(warm, tmp_path):
    return Editing(warm, PHOTOS / "cat.png", tmp_path)


def test_edges_are_live_and_can_be_taken_back(editing):
    plain = editing.save()
    before = plain[..., 3]
    editing.tool("edges")
    editing.set("edges.feather", 1)  # % of the longer side
    editing.settle()
    expected = np.asarray(Image.fromarray(before).filter(ImageFilter.GaussianBlur(4.51)), int)
    inner = np.s_[20:-20, 20:-20]  # what lies beyond the picture's edge is another question
    feathered = editing.alpha() * 255
    assert np.abs(feathered - expected)[inner].mean() < 1.5
    show_view(editing.page, "mask")
    editing.settle()
    editing.set("edges.feather", 0)
    editing.set("edges.grow", 1.34)
    editing.settle()
    grown = editing.alpha() * 255
    assert (grown >= before - 1.5).all() and (grown > 128).sum() > (before > 128).sum() + 500
    editing.page.click('#tool-edges [data-reset="edges"]')
    editing.settle()
    assert np.array_equal(editing.save(), plain)


def test_a_coloured_background_is_what_numpy_composes(editing):
    cutout = editing.save().astype(float)
    editing.tool("background")
    editing.set("background.kind", "colour")
    editing.page.click('.swatch[data-colour="#3a7ca5"]')
    editing.settle()
    assert editing.page.get_attribute("body", "data-view") == "composed"
    alpha = cutout[..., 3:] / 255
    expected = cutout[..., :3] * alpha + np.array([0x3A, 0x7C, 0xA5]) * (1 - alpha)
    assert np.abs(editing.save()[..., :3] - expected).max() <= 1.5

    editing.set("background.kind", "original")
    editing.settle()
    whole = cutout[..., 3] == 0
    assert np.abs(editing.save()[..., :3].astype(int) - editing.photo)[whole].max() <= 1

    editing.set("background.kind", "transparent")
    editing.settle()
    assert np.array_equal(editing.save(), cutout.astype(np.uint8))


def test_a_colour_can_be_picked_from_the_photo(editing):
    editing.tool("background")
    editing.set("background.kind", "colour")
    editing.page.click("#eyedropper")
    show_view(editing.page, "original")
    editing.actual()
    x, y = editing.origin()
    editing.page.mouse.click(x + 150.5, y + 160.5)
    editing.settle()
    editing.settle()
    picked = editing.page.input_value('[data-setting="background.colour"]')
    near = editing.photo[157:164, 147:154].reshape(-1, 3).astype(int)
    colour = np.array([int(picked[at : at + 2], 16) for at in (1, 3, 5)])
    assert (near.min(0) - 2 <= colour).all() and (colour <= near.max(0) + 2).all()


def test_a_picture_lies_behind_the_subject(editing, tmp_path):
    Image.new("RGB", (451, 300), (10, 200, 30)).save(tmp_path / "green.png")
    whole = editing.save()[..., 3] == 0
    editing.tool("background")
    editing.set("background.kind", "image")
    editing.settle()
    assert editing.page.is_hidden("#notice")  # there is no picture yet, which is no fault
    editing.page.set_input_files("#backdrop", tmp_path / "green.png")
    editing.settle()
    saved = editing.save()[..., :3]
    assert np.abs(saved[whole].astype(int) - (10, 200, 30)).max() <= 1


@pytest.mark.parametrize(("format", "title", "mode"), [("webp", "WebP", "RGBA"), ("png", "PNG", "L")])
def test_it_is_saved_in_the_chosen_format(editing, format, title, mode):
    editing.page.click("#save-options summary")
    if mode == "L":
        editing.page.select_option('[data-setting="save.output"]', "mask")
    editing.page.select_option('[data-setting="save.format"]', format)
    assert editing.page.inner_text("#save") == f"Save {title}"
    download = editing.visit.save()
    assert download.suggested_filename == f"cat-{'mask' if mode == 'L' else 'cutout'}.{format}"
    download.save_as(editing.folder / "file")
    picture = Image.open(editing.folder / "file")
    assert (picture.format, picture.mode, picture.size) == (format.upper(), mode, (451, 300))


def test_the_canvas_takes_the_shape_that_is_chosen(editing):
    editing.tool("place")
    editing.page.select_option('[data-setting="canvas.preset"]', "1:1")
    editing.set("canvas.fit", "none")
    editing.settle()
    assert editing.save().shape[:2] == (451, 451)
    editing.page.select_option('[data-setting="canvas.preset"]', "own")
    editing.settle()
    assert editing.save().shape[:2] == (1080, 1080)
    editing.page.select_option('[data-setting="canvas.preset"]', "crop")
    editing.settle()
    alpha = editing.save()[..., 3]
    assert alpha.shape < (451, 451)


def test_a_region_or_what_belongs_with_a_place_is_removed_by_a_click_and_comes_back(editing):
    before = editing.alpha()
    editing.tool("smart")
    editing.set("smart.mode", "remove")
    editing.set("smart.reach", "region")
    editing.set("smart.tolerance", 25)
    editing.page.keyboard.press("1")
    x, y = editing.origin()
    editing.page.mouse.click(x + 235, y + 245)  # between the eyes and the nose
    editing.settle()
    assert editing.page.locator("#said").inner_text() == "Removed by a click"
    after = editing.alpha()
    assert after[245, 235] == 0 and before[245, 235] > 0.9
    assert (after <= before + 0.001).all()
    editing.page.mouse.click(x + 235, y + 245)
    editing.settle()
    assert editing.page.locator("#said").inner_text() == "Nothing changed."
    editing.page.keyboard.press("Control+z")
    editing.settle()
    assert editing.page.locator("#said").inner_text() == "Undone: Removed by a click"
    assert np.array_equal(editing.alpha(), before)

    editing.set("smart.reach", "point")
    editing.page.mouse.click(x + 235, y + 245)
    editing.settle()
    expected = point_selection.apply(editing.photo, np.uint8(before * 255 + 0.5), 235, 245, keep=False) / 255
    assert np.abs(editing.alpha() - expected).mean() < 0.01 < np.abs(expected - before).mean()


def test_specks_go_by_size(editing):
    editing.page.keyboard.press("b")
    editing.set("brush.softness", 0)
    editing.set("brush.size", 25)
    editing.actual()
    x, y = editing.origin()
    before = editing.alpha()
    clear = before.copy()
    corner = (430, 280)
    assert before[corner[1] - 8 : corner[1] + 8, corner[0] - 8 : corner[0] + 8].max() < 0.1
    editing.page.mouse.click(x + corner[0], y + corner[1])
    editing.settle()
    assert editing.alpha()[corner[1], corner[0]] > 0.9
    editing.tool("edges")
    editing.set("smart.pixels", 50)
    editing.page.click("#specks")
    editing.settle()
    after = editing.alpha()
    assert after[corner[1] - 4 : corner[1] + 4, corner[0] - 4 : corner[0] + 4].max() < 0.1
    assert np.abs(after - clear)[60:200, 120:240].max() < 0.01


def test_the_smart_brush_changes_only_what_was_painted(editing):
    before = editing.alpha()
    editing.tool("smart")
    editing.set("smart.mode", "smart")
    editing.set("smart.size", 45)
    editing.actual()
    editing.paint([(60, 120), (70, 180)])
    editing.settle()
    editing.page.wait_for_function("!document.getElementById('undo').disabled")
    after = editing.alpha()
    y, x = np.mgrid[:300, :451]
    far = np.hypot(x - 65, y - 150) > 60
    assert np.array_equal(after[far], before[far])
    assert not np.array_equal(after, before)


def test_an_engine_that_was_ended_is_started_again_by_the_next_action(editing):
    page = editing.page
    page.evaluate("offcut.release()")
    editing.tool("edges")
    editing.set("edges.grow", 0.66)  # nothing is kept yet: the photo is opened again
    editing.settle()
    grown = editing.alpha()
    page.keyboard.press("e")
    editing.actual()
    editing.paint([(100, 100), (220, 160)])
    editing.settle()
    before = editing.save()
    assert before[130, 160, 3] == 0 and grown[130, 160] > 0.9
    editing.until_written("(list) => list.position === 2")
    page.evaluate("offcut.release()")
    editing.paint([(300, 200), (330, 240)])
    editing.settle()
    assert page.inner_text("#said") == "Erase"
    after = editing.save()
    assert after[220, 315, 3] == 0 and before[220, 315, 3] == 255
    page.keyboard.press("Control+z")
    editing.settle()
    assert np.array_equal(editing.save(), before)
    assert page.is_hidden("#resume") and page.is_hidden("#notice")


@pytest.mark.smoke
def test_work_comes_back_after_a_reload_and_can_be_thrown_away(editing):
    page = editing.page
    page.keyboard.press("e")
    editing.actual()
    editing.paint([(100, 100), (220, 160)])
    editing.settle()
    editing.tool("background")
    editing.set("background.kind", "colour")
    editing.set("background.colour", "#27476e")
    editing.settle()
    saved = editing.save()
    name = editing.visit.save().suggested_filename
    editing.until_written("(list) => list.position === 3 && JSON.stringify(list.settings).includes('27476e')")
    editing.come_back()
    assert np.array_equal(editing.save(), saved)
    editing.page.click("#undo")
    editing.settle()
    assert not np.array_equal(editing.save(), saved)
    editing.until_written("(list) => list.position === 2")
    editing.page.click("#redo")
    editing.settle()
    editing.until_written("(list) => list.position === 3")
    editing.come_back()
    assert editing.visit.save().suggested_filename == name

    editing.tool("history")
    page.wait_for_selector("#steps [aria-current]")
    names = page.locator("#steps button").all_inner_texts()
    assert names == ["First result", "Erase", "Background: colour", "Background: colour"]
    page.click("#throw-away")
    page.click("#question-no")
    assert page.is_visible("#view")
    page.click("#throw-away")
    page.click("#question-yes")
    page.wait_for_selector("#notice[data-kind=news]:not([hidden])")
    assert page.is_visible(".invitation") and page.is_hidden("#resume")
    assert page.evaluate("caches.keys().then((names) => names.includes('offcut-work'))") is False
    page.reload()
    editing.visit.until_ready()
    editing.settle()
    assert page.is_hidden("#resume")


def test_another_photo_over_changed_work_leaves_it_and_the_way_back_brings_its_strokes(editing):
    page = editing.page
    page.keyboard.press("e")
    editing.actual()
    editing.paint([(100, 100), (220, 160)])
    editing.settle()
    before = editing.save()
    assert before[130, 160, 3] == 0
    editing.visit.choose(PHOTOS / "coffee.png")
    page.wait_for_selector("#toast-action:not([hidden])")
    assert page.inner_text("#toast-action") == "Back to cat.png"
    editing.visit.until_done()
    editing.settle()
    assert page.inner_text("#toast-text") == "coffee.png opened."
    assert (
        page.evaluate(
            "caches.open('offcut-work').then((c) => c.keys()).then((all) => all.filter(({url}) =>"
            " url.endsWith('/list')).length)"
        )
        == 1
    )
    page.click("#toast-action")
    editing.visit.until_done()
    editing.settle()
    assert np.array_equal(editing.save(), before)
