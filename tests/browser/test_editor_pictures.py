"""Backgrounds, shadows, placing and the canvas: the saved file is what numpy makes of the plain cutout."""

import math

import numpy as np
import pytest
from PIL import Image

from offcut.editing.outline import outline_of
from offcut.editing.settings import Placement
from tests.browser.editing import Editing
from tests.browser.visit import PHOTOS

WIDTH, HEIGHT = 451, 300


@pytest.fixture(scope="module")
def opened(warm, tmp_path_factory):
    """One photo for all of them, and its plain cutout."""
    editing = Editing(warm, PHOTOS / "cat.png", tmp_path_factory.mktemp("pictures"))
    return editing, editing.save()


@pytest.fixture
def editing(opened):
    opened[0].page.mouse.move(2, 2)
    opened[0].tool("history")
    opened[0].page.click("#start-over")
    opened[0].settle()
    return opened[0]


@pytest.fixture
def cutout(opened):
    """RGBA as float; shape ``(HEIGHT, WIDTH, 4)``."""
    return visible(opened[1])


def visible(pixels: np.ndarray) -> np.ndarray:
    """RGBA as float, without the colours under alpha 0."""
    if pixels.shape[2] == 4:
        pixels = np.where(pixels[..., 3:] > 0, pixels, 0)
    return pixels.astype(float)


def saved(editing: Editing, **settings) -> np.ndarray:
    for name, value in settings.items():
        editing.set(name.replace("__", "."), value)
    editing.settle()
    return visible(editing.save())


def over(cutout: np.ndarray, ground: np.ndarray) -> np.ndarray:
    alpha = cutout[..., 3:] / 255
    return cutout[..., :3] * alpha + ground * (1 - alpha)


def blurred(values: np.ndarray, across: float, down: float) -> np.ndarray:
    """By a Gaussian, the outermost pixels repeated beyond the edge."""
    for axis, deviation in ((1, across), (0, down)):
        reach = math.ceil(4 * deviation)
        weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * deviation**2))
        padding = [(reach, reach) if at == axis else (0, 0) for at in range(values.ndim)]
        padded = np.pad(values, padding, "edge")
        values = np.apply_along_axis(np.convolve, axis, padded, weights / weights.sum(), "valid")
    return values


def test_a_drop_shadow_falls_where_it_is_sent_and_as_soft(editing, cutout):
    found = saved(
        editing,
        background__kind="colour",
        background__colour="#f0f0f0",
        shadow__drop=True,
        shadow__direction=180,
        shadow__distance=6.7,  # % of the longer side: 30 px
        shadow__blur=1.3,  # 5.86 px
        shadow__opacity=50,
    )
    alpha = cutout[..., 3] / 255
    moved = np.zeros_like(alpha)
    moved[:, :-30] = alpha[:, 30:]
    expected = over(cutout, (240 * (1 - 0.5 * blurred(moved, 5.86, 5.86)))[..., None].repeat(3, 2))
    inner = np.s_[20:-20, 20:-20]  # what a blur finds beyond the picture is another question
    assert np.abs(found[..., :3] - expected)[inner].max() <= 4
    assert np.abs(found[..., :3] - expected)[inner].mean() < 0.5

    clear = saved(editing, background__kind="transparent")
    seen = 1 - (1 - alpha) * (1 - 0.5 * blurred(moved, 5.86, 5.86))
    assert np.abs(clear[..., 3] / 255 - seen)[inner].max() < 0.02


def test_a_contact_shadow_lies_flat_under_the_subject(editing):
    alone = saved(editing, placement__scale=50, placement__y=-10)
    found = saved(editing, shadow__contact=True, shadow__contact_blur=1.8, shadow__contact_opacity=80)
    alpha = alone[..., 3] / 255
    rows, columns = np.nonzero(alpha >= 128 / 255)
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    # The lowest tenth of the subject, a good third as high, half of it below the line on which the subject stands.
    foot = round((bottom - top) * 0.1)
    flat = round(foot * 0.35)
    print_ = Image.fromarray(np.float32(alpha[bottom - foot : bottom, left:right])).resize((right - left, flat), 4)
    ground = np.zeros_like(alpha)
    ground[bottom - flat // 2 : bottom - flat // 2 + flat, left:right] = np.asarray(print_)
    seen = 1 - (1 - alpha) * (1 - 0.8 * blurred(ground, 8.12, 3.25))
    assert np.abs(found[..., 3] / 255 - seen).max() < 0.03
    below = np.s_[bottom + 1 :, left:right]
    assert found[below][..., 3].max() > 20 and found[below][..., :3].max() == 0  # black, and nothing but black


@pytest.mark.parametrize("angle", [90, 225])
def test_a_gradient_runs_as_css_draws_it(editing, cutout, angle):
    found = saved(
        editing,
        background__kind="gradient",
        background__from="#ff8000",
        background__to="#0010ff",
        background__angle=angle,
    )
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    right, down = math.sin(math.radians(angle)), -math.cos(math.radians(angle))
    length = abs(WIDTH * right) + abs(HEIGHT * down)
    share = np.clip(((x - WIDTH / 2) * right + (y - HEIGHT / 2) * down) / length + 0.5, 0, 1)[..., None]
    ground = (1 - share) * np.array([255, 128, 0]) + share * np.array([0, 16, 255])
    assert np.abs(found[..., :3] - over(cutout, ground)).max() <= 2


def test_a_picture_fills_the_canvas_or_lies_whole_in_it(editing, cutout, tmp_path):
    ramp = np.zeros((100, 200, 3), np.uint8)  # red tells columns, green rows
    ramp[..., 0], ramp[..., 1] = np.arange(200), np.arange(100)[:, None]
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    editing.page.set_input_files("#backdrop", tmp_path / "ramp.png")
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    behind = (cutout[..., 3] == 0) & (x > 10) & (x < WIDTH - 10) & (y > 10) & (y < HEIGHT - 10)
    scale = max(WIDTH / 200, HEIGHT / 100)
    for position in (0, 100):
        found = saved(editing, background__kind="image", background__fit="cover", background__x=position)
        left = (200 - WIDTH / scale) * position / 100
        assert np.abs(found[..., 0] - (left + x / scale - 0.5))[behind].max() <= 1
        assert np.abs(found[..., 1] - (y / scale - 0.5))[behind].max() <= 1

    scale = min(WIDTH / 200, HEIGHT / 100)
    found = saved(editing, background__fit="contain", background__y=100)
    top = HEIGHT - 100 * scale
    assert found[..., 3][(cutout[..., 3] == 0) & (y < top - 1)].max() == 0
    inside = behind & (y > top + 10)
    assert found[inside][:, 3].min() == 255
    assert np.abs(found[..., 1] - ((y - top) / scale - 0.5))[inside].max() <= 1.5


def test_a_blur_of_the_original_has_no_halo_of_the_subject(warm_u2netp, tmp_path):
    """With the real network, whose outline is the subject's own: a halo of it would be seen."""
    editing = Editing(warm_u2netp, PHOTOS / "cat.png", tmp_path)
    cutout = editing.save().astype(float)
    found = saved(editing, background__kind="blur", background__strength=60)
    deviation = 0.6 * 0.04 * WIDTH
    subject = cutout[..., 3] / 255
    # Only what is surely not the subject may be seen in the blur.
    known = (blurred((subject > 0.02).astype(float), 2, 2) < 0.01).astype(float)
    weight = blurred(known, deviation, deviation)
    photo = editing.photo.astype(float)
    own = blurred(photo * known[..., None], deviation, deviation) / np.maximum(weight, 1e-6)[..., None]
    plain = blurred(photo, deviation, deviation)
    outside = (subject == 0)[..., None].repeat(3, 2)
    far = outside & (weight > 0.9999)[..., None]
    assert far.sum() > 3000
    assert np.abs(found[..., :3] - plain)[far].max() <= 8  # made on a smaller copy
    assert np.abs(found[..., :3] - plain)[far].mean() < 1
    near = outside & ((weight > 0.3) & (weight < 0.8))[..., None]
    halo = np.abs(plain - own)[near].mean()
    assert halo > 8  # this photo's subject would show
    assert np.abs(found[..., :3] - own)[near].mean() < 0.5 * halo


def test_the_subject_is_dragged_by_whole_pixels(editing, cutout):
    editing.tool("place")
    editing.actual()
    editing.paint([(200, 150), (215, 160), (237, 131)])
    editing.settle()
    expected = np.zeros_like(cutout)
    expected[: HEIGHT - 19, 37:] = cutout[19:, : WIDTH - 37]
    assert np.array_equal(visible(editing.save()), expected)


def test_the_subject_is_scaled_and_turned_about_the_middle(editing, cutout):
    found = saved(editing, placement__rotate=180)
    turned = cutout[::-1, ::-1]
    assert np.abs(found[..., 3] - turned[..., 3]).max() <= 1
    whole = turned[..., 3] == 255
    assert np.abs(found - turned)[whole].max() <= 1

    found = saved(editing, placement__scale=150, placement__rotate=30, placement__x=10)
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    x, y = x - WIDTH / 2 - round(0.1 * WIDTH), y - HEIGHT / 2
    cos, sin = math.cos(math.radians(30)), math.sin(math.radians(30))
    columns, rows = (cos * x + sin * y) / 1.5 + WIDTH / 2 - 0.5, (cos * y - sin * x) / 1.5 + HEIGHT / 2 - 0.5
    inside = (columns >= 0) & (columns <= WIDTH - 1) & (rows >= 0) & (rows <= HEIGHT - 1)
    left, top = np.clip(columns, 0, WIDTH - 2).astype(int), np.clip(rows, 0, HEIGHT - 2).astype(int)
    right, low = columns - left, rows - top
    alpha = cutout[..., 3]
    expected = (1 - low) * ((1 - right) * alpha[top, left] + right * alpha[top, left + 1]) + low * (
        (1 - right) * alpha[top + 1, left] + right * alpha[top + 1, left + 1]
    )
    assert np.abs(found[..., 3] - expected)[inside].mean() < 0.6
    outside = (columns < -1) | (columns > WIDTH) | (rows < -1) | (rows > HEIGHT)
    assert outside.sum() > 1000 and found[..., 3][outside].max() == 0


def test_the_canvas_is_cut_to_the_subject_with_its_margin(editing, cutout):
    found = saved(editing, canvas__preset="crop", canvas__margin=10)
    box = outline_of(cutout[..., 3].astype(np.uint8)).box(Placement())
    left, top, right, bottom = (round(at) for at in box)
    margin = round(0.1 * max(bottom - top, right - left))
    wide = np.pad(cutout, ((margin, margin), (margin, margin), (0, 0)))
    assert np.array_equal(found, wide[top : bottom + 2 * margin, left : right + 2 * margin])


@pytest.mark.parametrize(("preset", "size"), [("16:9", (533, 300)), ("4:5", (451, 564))])
def test_a_shape_grows_the_canvas_around_the_photo(editing, cutout, preset, size):
    found = saved(editing, canvas__preset=preset, canvas__fit="none")
    assert found.shape[1::-1] == size
    left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
    assert np.array_equal(found[top : top + HEIGHT, left : left + WIDTH], cutout)
    assert found[..., 3].sum() == cutout[..., 3].sum()


def test_a_shops_square_holds_the_whole_subject_in_its_middle_with_a_margin(editing, cutout):
    shop = {"canvas__width": 500, "canvas__height": 500, "canvas__fit": "subject", "canvas__margin": 10}
    found = saved(editing, canvas__preset="own", **shop)
    assert found.shape[1::-1] == (500, 500)
    rows, columns = np.nonzero(found[..., 3] > 128)
    seen, visible = (int((alpha > 128).sum()) for alpha in (found[..., 3], cutout[..., 3]))
    left, top, right, bottom = columns.min(), rows.min(), 499 - columns.max(), 499 - rows.max()
    free = [side for side in (left, top, right, bottom) if side > 1]  # where the photo does not cut it
    assert free and min(free) >= 0.09 * 500 and abs(left - right) <= 2, (left, top, right, bottom)
    scale = max(np.ptp(rows), np.ptp(columns)) / max(map(np.ptp, np.nonzero(cutout[..., 3] > 128)))
    assert abs(seen / visible - scale**2) < 0.05 * scale**2


def shown_size(page, pixels: str) -> int:
    """The size in kilobytes that is shown beside that in pixels."""
    page.wait_for_function(
        "(start) => document.getElementById('save-pixels').innerText.startsWith(start)", arg=pixels + " · "
    )
    return int(page.inner_text("#save-pixels").split()[-2])


def test_it_is_saved_as_small_as_wished_and_says_so(editing, cutout):
    page = editing.page
    page.click("#save-options summary")
    bytes_of_png = shown_size(page, "451 × 300 px")
    page.select_option('[data-setting="save.format"]', "jpeg")
    assert shown_size(page, "451 × 300 px") < bytes_of_png / 2
    assert (
        page.inner_text("#save") == "Save JPEG" and page.inner_text("#save-note") == "Transparent parts become white."
    )
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename.endswith("-white.jpg")
    page.click("#save-options summary")
    page.select_option('[data-setting="save.format"]', "png")
    assert page.is_hidden("#save-note")
    page.select_option('[data-setting="save.size"]', "1024")
    assert page.inner_text("#save-pixels").startswith("451 × 300 px")  # never larger than it is
    page.select_option('[data-setting="save.size"]', "own")
    page.fill('[data-setting="save.side"]', "41")
    page.press('[data-setting="save.side"]', "Tab")
    assert page.inner_text("#save-pixels").startswith("41 × 27 px")
    found = editing.save().astype(float)
    page.wait_for_function("/^Saved .*-cutout.png, 41 × 27 pixels/.test(document.getElementById('said').textContent)")
    page.click("#save-options summary")
    page.select_option('[data-setting="save.size"]', "full")
    page.click("#save-options summary")
    assert found.shape == (27, 41, 4)
    # Means over the pixels whose middles each one covers: 11 columns, and 11 or 12 rows.
    seen = np.dstack([cutout[..., :3] * cutout[..., 3:] / 255, cutout[..., 3:]])
    share = (np.arange(300) + 0.5) * 27 // 300 == np.arange(27)[:, None]
    expected = np.einsum("rh,hwc->rwc", share / share.sum(1, keepdims=True), seen).reshape(27, 41, 11, 4).mean(2)
    assert np.abs(found[..., 3] - expected[..., 3]).max() <= 1.5
    assert np.abs(found[..., :3] * found[..., 3:] / 255 - expected[..., :3]).max() <= 3


def test_a_box_has_the_subject_looked_for_again_only_inside(editing, cutout):
    editing.tool("smart")
    editing.set("smart.mode", "box")
    editing.actual()
    editing.paint([(100, 10), (200, 200), (440, 290)])
    editing.page.wait_for_function("document.getElementById('said').textContent === 'Area selected'")
    editing.settle()
    found = editing.save()[..., 3]
    margin = round(0.12 * 340)  # hairs may reach out of a hand-drawn box by so much
    x = np.mgrid[:HEIGHT, :WIDTH][1]
    outside = x < 100 - margin
    assert found[outside].max() == 0
    assert cutout[..., 3][outside].max() == 255
    before, after = cutout[..., 3][~outside] > 128, found[~outside] > 128
    assert (before & after).sum() > 0.8 * (before | after).sum()
    assert not np.array_equal(found[~outside], cutout[..., 3][~outside])
    editing.page.click("#undo")
    editing.settle()
    assert np.array_equal(visible(editing.save()), cutout)


def test_a_canvas_that_is_too_large_is_refused_once(editing):
    editing.set("canvas.preset", "own")
    editing.set("canvas.width", 16000)
    editing.set("canvas.height", 16000)
    editing.page.wait_for_selector("#notice[data-kind=error]:not([hidden])")
    editing.settle()
    editing.page.click("#notice-close")
    editing.settle()
    assert editing.page.is_hidden("#notice")
    editing.set("canvas.preset", "photo")
    editing.settle()
    assert editing.page.is_hidden("#notice")
