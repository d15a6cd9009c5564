"""The finished picture, against what plain numpy says it is."""

from dataclasses import replace

import numpy
import pytest
from PIL import Image, ImageFilter

from offcut import foreground
from offcut.editing import render
from offcut.editing.backgrounds import background_of, coarseness, foot, without_subject
from offcut.editing.document import Document
from offcut.editing.placement import Frame
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.foreground.cache import ForegroundCache
from tests.unit.offcut.editing.samples import PROVENANCE, apply, blob, colours, document, stroke
from tests.unit.offcut.samples import assert_plain

WIDTH, HEIGHT = 120, 90


def composed(edited: Document, **settings) -> numpy.ndarray:
    edited.set(Settings.read(settings))
    return numpy.asarray(render.compose(edited, ForegroundCache(edited.rgb)))


def over(front: numpy.ndarray, alpha: numpy.ndarray, back: numpy.ndarray) -> numpy.ndarray:
    """αF + (1 − α)B in floats."""
    share = alpha[..., None] / 255
    return front * share + back * (1 - share)


def own_colours(edited: Document) -> numpy.ndarray:
    return foreground.estimate(edited.rgb, edited.finished)


def close(seen: numpy.ndarray, wanted: numpy.ndarray, by: float = 1) -> bool:
    return seen.shape == wanted.shape and numpy.abs(seen - wanted).max() <= by


def test_the_defaults_leave_the_cutout_as_it_is_but_for_faint_traces_far_away():
    edited = document(WIDTH, HEIGHT)
    clean = edited.alpha.copy()
    edited.alpha[:9, :9] = 5
    wanted = numpy.dstack([own_colours(edited) * (clean > 0)[..., None], clean])
    assert (composed(edited) == wanted).all()
    assert Settings.read({}) == Settings.read(None) == Settings() == Settings.read(Settings().plain())


def test_settings_come_back_as_they_were_given():
    given = {
        "edges": {"grow": -3.5, "feather": 2, "contrast": 0.3, "decontaminate": False},
        "background": {"kind": "gradient", "from": "#102030", "to": "red", "angle": 30},
        "shadow": {
            "drop": {"direction": 90, "distance": 9, "blur": 4, "opacity": 0.3},
            "contact": {"blur": 5, "opacity": 1},
        },
        "placement": {"x": 5, "y": -6, "scale": 2, "rotate": 45},
        "canvas": {"crop": True, "margin": 0.1, "aspect": "4:5"},
    }
    settings = Settings.read(given)
    assert Settings.read(settings.plain()) == settings
    assert (settings.background.start, settings.drop.distance, settings.canvas.aspect) == ("#102030", 9, "4:5")


@pytest.mark.parametrize(
    "given",
    [
        {"egdes": {}},
        {"edges": []},
        {"edges": {"grow": 201}},
        {"edges": {"feather": -1}},
        {"edges": {"contrast": "much"}},
        {"edges": {"decontaminate": 1}},
        {"edges": {"blur": 1}},
        {"background": {"kind": "video"}},
        {"background": {"kind": "colour", "colour": "nonsense"}},
        {"background": {"fit": "stretch"}},
        {"background": {"start": "red"}},
        {"background": {"strength": 2}},
        {"shadow": {"drop": {"blur": -1}}},
        {"shadow": {"glow": {}}},
        {"placement": {"scale": 0}},
        {"placement": {"rotate": float("nan")}},
        {"canvas": {"width": 100}},
        {"canvas": {"width": 0, "height": 5}},
        {"canvas": {"aspect": "wide"}},
        {"canvas": {"aspect": "1:0"}},
        {"canvas": {"aspect": "1:100"}},
        {"canvas": {"crop": "yes"}},
        {"canvas": {"fit": "stretch"}},
        {"background": {"kind": "image"}},
        {"canvas": {"margin": 5}},
    ],
)
def test_settings_that_make_no_sense_are_refused_and_change_nothing(given):
    edited = document(WIDTH, HEIGHT)
    with pytest.raises(OptionError) as caught:
        edited.set(Settings.read(given))
    assert_plain(caught.value)
    assert edited.settings == Settings()


def test_a_canvas_with_too_many_pixels_is_refused_in_numbers():
    with pytest.raises(OptionError, match="20000 × 20000 = 400 million") as caught:
        composed(document(WIDTH, HEIGHT), canvas={"width": 20000, "height": 20000})
    assert_plain(caught.value)


def test_edges_at_their_defaults_are_none_and_never_baked_in():
    edited = document(WIDTH, HEIGHT)
    before = edited.alpha.copy()
    edited.set(Settings.read({"edges": {"grow": 9, "feather": 3}}))
    assert (edited.finished != before).any() and (edited.alpha == before).all()
    edited.set(Settings.read({"edges": {"decontaminate": False, "traces": 0}}))
    assert edited.finished is edited.alpha and (edited.alpha == before).all()


def test_a_colour_behind_the_subject():
    edited = document(WIDTH, HEIGHT)
    seen = composed(edited, background={"kind": "colour", "colour": "#204060"})
    assert close(seen, over(own_colours(edited), edited.alpha, numpy.array([0x20, 0x40, 0x60])))


def test_without_decontamination_the_photos_colours_stay():
    edited = document(WIDTH, HEIGHT)
    seen = composed(edited, background={"kind": "colour", "colour": "#204060"}, edges={"decontaminate": False})
    assert close(seen, over(edited.rgb, edited.alpha, numpy.array([0x20, 0x40, 0x60])))


@pytest.mark.parametrize(
    ("angle", "first", "last"),
    [
        (0, (-1, 0), (0, 0)),
        (180, (0, 0), (-1, 0)),
        (90, (0, 0), (0, -1)),
        (270, (0, -1), (0, 0)),
    ],
)
def test_a_gradient_leads_where_css_says(angle, first, last):
    edited = document(WIDTH, HEIGHT)
    edited.alpha[...] = 0
    seen = composed(edited, background={"kind": "gradient", "from": "#ff0000", "to": "#0000ff", "angle": angle})
    assert close(seen[first], numpy.array([255, 0, 0]), 2) and close(seen[last], numpy.array([0, 0, 255]), 2)
    assert close(seen[HEIGHT // 2, WIDTH // 2], numpy.array([128, 0, 128]), 3)


def test_a_slanted_gradient_reaches_its_ends_in_the_corners():
    edited = document(WIDTH, HEIGHT)
    edited.alpha[...] = 0
    seen = composed(edited, background={"kind": "gradient", "from": "black", "to": "white", "angle": 135})
    assert seen[0, 0, 0] <= 2 and seen[-1, -1, 0] >= 253
    x, y = numpy.meshgrid(numpy.arange(WIDTH) + 0.5, numpy.arange(HEIGHT) + 0.5)
    along = (x - WIDTH / 2 + y - HEIGHT / 2) * 0.5**0.5 / ((WIDTH + HEIGHT) * 0.5**0.5) + 0.5
    assert close(seen[..., 1], along * 255)


@pytest.mark.parametrize("own", [None, numpy.random.default_rng(5).integers(1, 256, (HEIGHT, WIDTH), numpy.uint8)])
def test_in_front_of_the_original_nothing_has_changed(own):
    edited = document(WIDTH, HEIGHT, own)
    seen = composed(edited, background={"kind": "original"})
    if own is None:
        assert (seen == edited.rgb).all()
    else:
        assert close(seen[..., :3], edited.rgb)


def test_an_image_behind_the_subject():
    edited = document(WIDTH, HEIGHT)
    edited.background_image = Image.fromarray(colours(200, 100, 8))
    seen = composed(edited, background={"kind": "image", "fit": "cover", "x": 1, "y": 0.5})
    scale = max(WIDTH / 200, HEIGHT / 100)
    left = 200 - WIDTH / scale
    behind = edited.background_image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, (left, 0, 200, 100))
    assert close(seen, over(own_colours(edited), edited.alpha, numpy.asarray(behind)), 1.01)
    seen = composed(edited, background={"kind": "image", "fit": "contain", "x": 0, "y": 1})
    assert seen.shape[2] == 4 and seen[0, 0, 3] == 0 and seen[-1, 0, 3] == 255
    assert (seen[HEIGHT - 60 :, :, 3] == 255).all()


def halo(strength: float) -> float:
    """The most that a blurred background has of a red subject in front of green."""
    alpha = blob(400, 300, 3)
    share = alpha[..., None] / 255
    rgb = (share * (230, 0, 0) + (1 - share) * (0, 200, 0) + 0.5).astype(numpy.uint8)
    edited = Document(rgb, None, alpha, PROVENANCE)
    edited.set(Settings.read({"background": {"kind": "blur", "strength": strength}}))
    behind = without_subject(Image.fromarray(rgb), Image.fromarray(alpha))
    assert numpy.asarray(behind)[150, 200].tolist() == pytest.approx([0, 200, 0], abs=6)
    seen = numpy.asarray(render.compose(edited, ForegroundCache(rgb)))
    return seen[alpha == 0][:, 0].max()


@pytest.mark.parametrize("strength", [0, 0.1, 0.5, 1])
def test_a_blurred_background_has_no_halo_of_the_subject(strength):
    assert halo(strength) <= 8


def test_a_blur_of_a_photo_without_subject_is_a_blur():
    edited = document(WIDTH, HEIGHT)
    edited.alpha[...] = 0
    seen = composed(edited, background={"kind": "blur", "strength": 0.5})
    wanted = Image.fromarray(edited.rgb).filter(ImageFilter.GaussianBlur(0.5 * 0.04 * WIDTH))
    assert (seen == numpy.asarray(wanted)).all()


def test_a_strong_blur_worked_out_on_a_smaller_copy_is_still_the_blur():
    edited = document(1600, 1200)
    edited.alpha[...] = 0
    seen = composed(edited, background={"kind": "blur", "strength": 0.8})
    wanted = Image.fromarray(edited.rgb).filter(ImageFilter.GaussianBlur(0.8 * 0.04 * 1600))
    assert close(seen.astype(int), numpy.asarray(wanted).astype(int), 3)


@pytest.mark.parametrize("alpha", [0, 255])
@pytest.mark.parametrize("kind", ["blur", "original"])
def test_nothing_and_everything_kept_can_be_rendered(kind, alpha):
    edited = document(WIDTH, HEIGHT)
    edited.alpha[...] = alpha
    seen = composed(edited, background={"kind": kind}, shadow={"drop": {}, "contact": {}})
    assert seen.shape == (HEIGHT, WIDTH, 3)
    seen = composed(edited, background={"kind": kind}, canvas={"crop": True})
    assert seen.shape == (HEIGHT, WIDTH, 3)


def test_a_drop_shadow_is_the_subjects_blurred_shape():
    edited = document(WIDTH, HEIGHT)
    seen = composed(
        edited,
        background={"kind": "colour", "colour": "white"},
        shadow={"drop": {"direction": 90, "distance": 10, "blur": 3, "opacity": 0.5}},
    )
    moved = numpy.zeros_like(edited.alpha)
    moved[10:] = edited.alpha[:-10]
    dark = numpy.asarray(Image.fromarray(moved).filter(ImageFilter.GaussianBlur(3))) * 0.5
    wanted = over(own_colours(edited), edited.alpha, (255 - dark)[..., None] * numpy.ones(3))
    assert close(seen, wanted, 2)


def test_a_shadow_on_nothing_is_black_and_as_dark_as_it_is_visible():
    edited = document(WIDTH, HEIGHT)
    seen = composed(edited, shadow={"drop": {"direction": 0, "distance": 15, "blur": 2, "opacity": 0.6}})
    right = seen[HEIGHT // 2, WIDTH // 2 + int(0.3 * WIDTH) + 7]
    assert right[:3].max() <= 3 and right[3] == pytest.approx(0.6 * 255, abs=3)
    assert seen[HEIGHT // 2, 5, 3] == 0


def test_a_contact_shadow_lies_where_the_subject_stands():
    edited = document(WIDTH, HEIGHT)
    seen = composed(
        edited, background={"kind": "colour", "colour": "white"}, shadow={"contact": {"blur": 3, "opacity": 0.8}}
    )
    foot = int(HEIGHT * 0.85)
    assert seen[foot + 2, WIDTH // 2].max() < 235
    assert seen[: HEIGHT // 2][edited.alpha[: HEIGHT // 2] == 0].min() == 255


def test_moving_by_whole_pixels_is_exact():
    edited = document(WIDTH, HEIGHT)
    first = composed(edited)
    seen = composed(edited, placement={"x": 7, "y": -4})
    assert (seen[:-4, 7:] == first[4:, :-7]).all() and seen[-4:, :, 3].max() == 0 and seen[:, :7, 3].max() == 0


def test_turned_and_scaled_about_the_middle():
    edited = document(100, 100)
    first = composed(edited)
    turned = composed(edited, placement={"rotate": 90})
    wanted = numpy.rot90(first, -1)
    assert numpy.abs(turned.astype(int) - wanted)[wanted[..., 3] == 255].max() <= 1
    larger = composed(edited, placement={"scale": 1.25})
    assert larger[..., 3].sum() == pytest.approx(first[..., 3].sum() * 1.25**2, rel=0.03)
    smaller = composed(edited, placement={"scale": 0.5, "x": 10})
    assert smaller[..., 3].sum() == pytest.approx(first[..., 3].sum() / 4, rel=0.03)
    middle = (smaller[..., 3].sum(0) * (numpy.arange(100) + 0.5)).sum() / smaller[..., 3].sum()
    assert middle == pytest.approx(60, abs=0.3)


@pytest.mark.parametrize("rotate", [0, 30])
def test_a_crop_holds_the_whole_subject_with_its_margin(rotate):
    edited = document(WIDTH, HEIGHT)
    whole = composed(edited, placement={"rotate": rotate}, canvas={"width": 300, "height": 300})
    seen = composed(edited, placement={"rotate": rotate}, canvas={"crop": True, "margin": 0.25})
    visible = seen[..., 3] >= 5
    assert visible.sum() == pytest.approx((whole[..., 3] >= 5).sum(), rel=0.005)
    rows, columns = numpy.flatnonzero(visible.any(1)), numpy.flatnonzero(visible.any(0))
    longer = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    for space in (rows[0], columns[0], seen.shape[0] - 1 - rows[-1], seen.shape[1] - 1 - columns[-1]):
        assert space == pytest.approx(longer * 0.25, abs=3)


@pytest.mark.parametrize(
    ("canvas", "size"),
    [
        ({}, (120, 90)),
        ({"aspect": "1:1"}, (120, 120)),
        ({"aspect": "16:9"}, (160, 90)),
        ({"aspect": "4:5"}, (120, 150)),
        ({"width": 50, "height": 200}, (50, 200)),
        ({"width": 50.4, "height": 200}, (50, 200)),
    ],
)
def test_the_canvas_has_the_size_that_was_wished_and_the_photo_in_its_middle(canvas, size):
    edited = document(WIDTH, HEIGHT)
    first = composed(edited)
    seen = composed(edited, canvas=canvas)
    assert seen.shape == (size[1], size[0], 4)
    middle = numpy.s_[size[1] // 2 - 20 : size[1] // 2 + 20, size[0] // 2 - 20 : size[0] // 2 + 20]
    assert (seen[middle] == first[25:65, 40:80]).all()


@pytest.mark.parametrize(
    "canvas", [{"width": 300, "height": 90}, {"width": 60, "height": 200}, {"crop": True, "margin": 1}]
)
def test_a_blurred_background_covers_every_canvas(canvas):
    seen = composed(document(WIDTH, HEIGHT), background={"kind": "blur"}, canvas=canvas)
    assert seen.shape[2] == 3


def test_the_original_stays_where_it_was_under_its_subject():
    edited = document(WIDTH, HEIGHT)
    seen = composed(edited, background={"kind": "original"}, canvas={"width": 140, "height": 60})
    assert close(seen[:, 10:130, :3], edited.rgb[15:75]) and seen[:, 10:130, 3].min() == 255
    assert seen[:, :10, 3].max() == 0 and seen[:, 130:, 3].max() == 0
    seen = composed(edited, background={"kind": "original"}, canvas={"crop": True})
    assert seen.shape[2] == 3 and seen.shape[0] < HEIGHT
    spot = (seen[seen.shape[0] // 2, seen.shape[1] // 2] == edited.rgb).all(2)
    assert spot[HEIGHT // 2 - 2 : HEIGHT // 2 + 3, WIDTH // 2 - 2 : WIDTH // 2 + 3].any()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"background": {"kind": "gradient", "angle": 30}, "shadow": {"drop": {}, "contact": {}}},
        {"background": {"kind": "blur", "strength": 1}, "placement": {"x": 30, "scale": 1.2, "rotate": 10}},
        {"background": {"kind": "original"}, "canvas": {"aspect": "1:1"}},
    ],
)
def test_a_small_preview_looks_like_the_saved_picture(settings):
    edited = document(800, 600)
    edited.set(Settings.read(settings))
    whole = render.compose(edited, ForegroundCache(edited.rgb))
    small = render.compose(edited, ForegroundCache(edited.rgb), 200)
    assert max(small.size) == 200 and small.mode == whole.mode
    wanted = whole.resize(small.size, Image.Resampling.BOX)
    premultiplied = [
        numpy.asarray(picture.convert("RGBa") if picture.mode == "RGBA" else picture).astype(int)
        for picture in (small, wanted)
    ]
    assert numpy.abs(premultiplied[0] - premultiplied[1]).mean() < 2.5


def test_what_a_preview_keeps_never_shows_in_the_next():
    """Any order of changes gives what a preview without memory gives."""
    edited = document(300, 200)
    edited.background_image = Image.new("RGB", (20, 20), "green")
    kept, held = render.PictureCache(), ForegroundCache(edited.rgb)
    changes = [
        lambda: edited.set(Settings.read({"background": {"kind": "blur"}})),
        lambda: edited.set(Settings.read({"background": {"kind": "blur"}, "shadow": {"drop": {}}})),
        lambda: edited.set(Settings.read({"background": {"kind": "blur"}})),
        lambda: apply(edited, stroke("erase", 60, [(150, 100)])),
        lambda: edited.set(Settings.read({"background": {"kind": "image"}})),
        lambda: setattr(edited, "background_image", Image.new("RGB", (20, 20), "blue")),
        lambda: edited.set(Settings.read({"background": {"kind": "original"}})),
        lambda: edited.set(Settings.read({"background": {"kind": "original"}, "placement": {"x": 5}})),
        lambda: edited.set(Settings.read({"edges": {"grow": 4}})),
        lambda: edited.goto(0),
        lambda: edited.set(Settings.read({"canvas": {"crop": True}})),
    ]
    for change in changes:
        change()
        for side in (150, 150, 100):
            one, other = render.compose(edited, held, side, kept), render.compose(edited, held, side)
            assert one.mode == other.mode and (numpy.asarray(one) == numpy.asarray(other)).all()


def striped(feet: int) -> tuple[Image.Image, Image.Image]:
    """A photo of fine upright stripes, 200 × 300, and the alpha of a subject in its middle down to a row."""
    stripes = numpy.zeros((300, 200, 3), numpy.uint8)
    stripes[:, ::2] = 255
    alpha = Image.new("L", (200, 300))
    alpha.paste(255, (90, 100, 110, feet))
    return Image.fromarray(stripes), alpha


def test_a_blur_with_depth_is_weakest_where_the_subject_stands_and_strongest_far_away():
    photo, alpha = striped(feet=220)
    settings = Settings.read({"background": {"kind": "blur", "strength": 0.1, "depth": True}}).background
    frame = Frame(*photo.size, 0, 0)
    blurred = numpy.asarray(background_of(settings, frame, photo.size, photo, alpha, None), float)[:, 10:80, 0].std(1)
    assert foot(alpha) == 220 and blurred[220] > 3 * blurred[20] + 1 and blurred[220] > blurred[150] > blurred[20]
    even = replace(settings, depth=False)
    flat = numpy.asarray(background_of(even, frame, photo.size, photo, alpha, None), float)[:, 10:80, 0].std(1)
    assert numpy.ptp(flat) < 0.5 and blurred[5] == pytest.approx(flat[5], abs=0.5)
    assert coarseness(settings, 4000) <= coarseness(even, 4000)


def test_without_feet_in_the_photo_a_blur_has_no_depth():
    photo, alpha = striped(feet=300)
    settings = Settings.read({"background": {"kind": "blur", "strength": 0.1, "depth": True}}).background
    pictures = [
        background_of(it, Frame(*photo.size, 0, 0), photo.size, photo, alpha, None)
        for it in (settings, replace(settings, depth=False))
    ]
    assert foot(alpha) is None and numpy.array_equal(*pictures)
