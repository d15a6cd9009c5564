"""Opening, editing and saving a photo, with a stand-in for the network."""

import asyncio

import numpy
import pytest
from PIL import Image, ImageFilter

from offcut import foreground
from offcut.alpha_bleeding import bleed
from offcut.codecs import FORMATS, decode
from offcut.editing import render
from offcut.editing.display import Display, of_array
from offcut.editing.document import Document
from offcut.editing.editor import Editor
from offcut.editing.persistence import manifest_of, parts_of
from offcut.editing.settings import Settings
from offcut.errors import HelpError, NotAnImageError, NothingOpenError, OptionError, WorkDamagedError
from offcut.foreground.multilevel import MultiLevel
from offcut.geometry import Box
from offcut.options import Options
from offcut.pipeline import Engine
from tests.unit.offcut.editing.samples import PROVENANCE, blob, open_in, stroke
from tests.unit.offcut.fakes import Bench, FakeSession, catalogue, everything, run
from tests.unit.offcut.samples import ASTRONAUT, assert_plain, reopen, save, scene

PHOTO = save(scene(), "PNG")


def opened(data: bytes = PHOTO, **options) -> Editor:
    editor = Editor(Bench().engine)
    run(open_in(editor, data, Options(**options)))
    return editor


def saved(editor: Editor, **options) -> Image.Image:
    return reopen(run(editor.save(Options(**options))).data)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"foreground": False},
        {"background": "#123456"},
        {"format": "webp"},
        {"output": "mask"},
        {"refine": 0.0},
        {"model": "two"},
    ],
)
@pytest.mark.parametrize("photo", ["opaque", "transparent"])
def test_opening_answers_what_removing_does(photo, options):
    picture = scene(300, 200)
    if photo == "transparent":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = save(picture, "PNG", dpi=(300, 300))
    removed = run(Bench().engine.remove(data, Options(**options)))
    editor = Editor(Bench().engine)
    look = run(editor.open(data, Options(**options)))
    provenance = look.provenance
    assert (
        *look.size,
        provenance.model,
        provenance.title,
        provenance.backend,
        provenance.threads,
        provenance.notices,
    ) == (
        removed.width,
        removed.height,
        removed.model,
        removed.title,
        removed.backend,
        removed.threads,
        removed.notices,
    )
    assert set(look.seconds) == set(removed.seconds) - {"encode"}
    run(editor.finish())
    # Written in strips, a PNG is the same but for where its chunks end.
    given, wanted = saved(editor, **options), reopen(removed.data)
    assert (given.mode, given.size, given.info) == (wanted.mode, wanted.size, wanted.info)
    assert (numpy.asarray(given) == numpy.asarray(wanted)).all()


@pytest.mark.parametrize("own", [True, False])
def test_the_first_look_at_a_large_photo_is_its_cutout_made_small(own):
    picture = Image.open(ASTRONAUT).convert("RGB").resize((2048, 2048), Image.Resampling.BICUBIC)
    if own:
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    editor = Editor(Bench().engine)
    look = run(editor.open(save(picture, "PNG"), Options()))
    assert look.photo.shape == (1024, 1024, 4 if own else 3)
    assert look.alpha.shape == (1024, 1024) and look.cutout.shape == (1024, 1024, 4)
    run(editor.finish())
    whole = numpy.asarray(saved(editor).resize((1024, 1024), Image.Resampling.BOX)).astype(int)
    assert numpy.abs(look.cutout[..., 3] - whole[..., 3]).mean() < 0.5
    seen = whole[..., 3] == 255
    assert seen.any() and numpy.abs(look.cutout[seen] - whole[seen]).max() <= 2
    small = numpy.asarray(Image.fromarray(editor.document.alpha).resize((1024, 1024), Image.Resampling.BOX)).astype(int)
    assert numpy.abs(look.alpha - small).mean() < 0.5


def test_the_first_look_at_a_small_photo_is_what_is_saved():
    editor = Editor(Bench().engine)
    look = run(editor.open(ASTRONAUT.read_bytes(), Options()))
    run(editor.finish())
    assert (bleed(numpy.asarray(look.cutout)) == numpy.asarray(saved(editor))).all()


def test_nothing_can_be_done_with_a_photo_that_was_only_looked_at():
    editor = opened()
    run(editor.open(PHOTO, Options()))
    with pytest.raises(NothingOpenError):
        run(editor.apply(stroke("erase", 10, [(4, 4)])))
    run(editor.finish())
    assert run(editor.apply(stroke("erase", 10, [(4, 4)])))
    run(editor.finish())  # once more changes nothing
    assert editor.document.history.position == 1


def test_what_is_saved_is_the_photo_under_the_edited_alpha():
    editor = opened(ASTRONAUT.read_bytes())
    before = editor.document.alpha.copy()
    run(editor.apply(stroke("erase", 120, [(100, 100), (140, 300)], softness=0.5)))
    run(editor.apply(stroke("restore", 60, [(420, 200)], softness=1, opacity=0.7)))
    assert (editor.document.alpha != before).any()
    alpha = editor.document.finished
    photo = numpy.asarray(Image.open(ASTRONAUT).convert("RGB"))
    wanted = numpy.dstack([foreground.estimate(photo, alpha) * (alpha > 0)[..., None], alpha])
    assert (numpy.asarray(saved(editor)) == bleed(wanted)).all()


@pytest.fixture
def estimates(monkeypatch) -> list[Box]:
    """Each box whose foreground colours the editor estimates, of the preview and at full size."""
    boxes: list[Box] = []

    class Solver(MultiLevel):
        def __call__(self, box: Box) -> numpy.ndarray:
            boxes.append(box)
            return super().__call__(box)

    monkeypatch.setattr("offcut.foreground.cache.MultiLevel", Solver)
    return boxes


def test_foreground_colours_are_estimated_once_for_each_alpha(estimates):
    editor = opened(ASTRONAUT.read_bytes())
    estimates.clear()  # the preview's
    run(editor.render_cutout())
    count = len(estimates)
    assert count > 0
    first = run(editor.save(Options())).data
    run(editor.render_composition(200))
    run(editor.render_cutout())
    assert run(editor.save(Options())).data == first
    assert len(estimates) == count


def test_after_a_stroke_only_its_tiles_are_estimated_to_show_it_and_the_others_once_to_save_it(estimates):
    editor = opened(ASTRONAUT.read_bytes())
    estimates.clear()  # the preview's
    run(editor.render_cutout())
    everything = len(estimates)
    run(editor.apply(stroke("erase", 40, [(256, 100)], softness=1)))
    estimates.clear()
    run(editor.render_cutout())
    shown = len(estimates)
    assert 0 < shown < everything
    estimates.clear()
    run(editor.save(Options()))
    count = len(estimates)
    assert count > 0 and shown + count >= everything
    run(editor.render_cutout())
    run(editor.save(Options(format="webp")))
    assert len(estimates) == count


def test_without_estimated_colours_nothing_is_estimated(estimates):
    editor = opened(ASTRONAUT.read_bytes(), foreground=False)
    run(editor.render_cutout())
    run(editor.save(Options()))
    assert estimates == []


def test_undoing_everything_saves_what_was_there_at_first():
    editor = opened()
    first = run(editor.save(Options())).data
    run(editor.apply(stroke("erase", 10, [(4, 4)])))
    assert run(editor.save(Options())).data != first
    run(editor.go_to_step(0))
    assert run(editor.save(Options())).data == first


def test_the_photo_and_the_alpha_are_given_as_they_are():
    photo = scene().convert("RGBA")
    photo.putalpha(100)
    editor = opened(save(photo, "PNG"))
    part = Box(3, 9, 5, 32)
    assert (render.photo_source(editor.document)(part) == numpy.asarray(photo)[part.slices]).all()
    assert (of_array(editor.document.finished)(part) == editor.document.alpha[part.slices]).all()


def test_without_a_photo_nothing_can_be_done():
    editor = Editor(Bench().engine)
    for call in (
        editor.apply(stroke("erase", 5, [(1, 1)])),
        editor.go_to_step(1),
        editor.save(Options()),
        editor.set_settings(Settings()),
        editor.render_cutout(),
    ):
        with pytest.raises(NothingOpenError) as caught:
            run(call)
        assert_plain(caught.value)


def test_a_photo_that_cannot_be_opened_leaves_the_former_one():
    editor = opened()
    run(editor.apply(stroke("erase", 10, [(4, 4)])))
    with pytest.raises(NotAnImageError):
        run(editor.open(b"no image", Options()))
    assert len(editor.document.history.steps) == 1


def test_a_transparent_picture_is_white_as_a_jpeg():
    editor = opened(save(scene(64, 48), "PNG"))
    clear = decode(run(editor.save(Options())).data)
    jpeg = decode(run(editor.save(Options(format="jpeg", quality=100))).data)
    assert clear.alpha.getextrema()[0] == 0 and jpeg.alpha is None
    gone = numpy.asarray(clear.alpha.filter(ImageFilter.MaxFilter(17))) == 0
    assert numpy.asarray(jpeg.image)[gone].min() >= 254


@pytest.mark.parametrize("format", FORMATS)
def test_a_smaller_picture_is_printed_as_large(format):
    editor = opened(save(scene(64, 48), "PNG", dpi=(300, 150)))
    assert decode(run(editor.save(Options(format=format))).data).dpi == pytest.approx((300, 150), abs=0.1)
    smaller = decode(run(editor.save(Options(format=format), longest=16)).data)
    assert smaller.size == (16, 12) and smaller.dpi == pytest.approx((75, 37.5), abs=0.51)
    run(editor.set_settings(Settings.read({"canvas": {"width": 20, "height": 30}})))
    assert decode(run(editor.save(Options(format=format))).data).dpi == pytest.approx((300, 150), abs=0.1)


def test_another_network_is_one_more_step():
    editor = opened(save(scene(64, 48), "PNG"))
    before = editor.document.alpha.copy()
    bench_answers_everything(editor)
    stages = []
    box = run(editor.apply({"kind": "network", "model": "two"}, lambda stage, *_: stages.append(stage)))
    assert editor.document.alpha.min() == 255 and box.right > 32
    assert editor.document.history.steps[-1].name == "step.network"
    assert stages == ["infer", "compose"]
    run(editor.go_to_step(0))
    assert (editor.document.alpha == before).all()


def test_a_box_shows_the_network_that_part_of_the_photo_alone():
    """The stand-in takes the left half of whatever it sees, which is the box with a margin around it."""
    editor = opened(save(scene(400, 300), "PNG"))
    run(editor.apply({"kind": "box", "box": [300, 250, 100, 50]}))
    alpha = editor.document.alpha
    assert alpha[60:240, 110:170].min() > 250 and alpha[60:240, 230:].max() < 5
    assert alpha[:20].max() == 0 and alpha[:, :70].max() == 0 and alpha[280:].max() == 0
    assert editor.document.history.steps[-1].name == "step.box"


@pytest.mark.parametrize("box", [None, [], [1, 2, 3], [1, 2, 3, "4"], [5, 5, 9, 300], [500, 0, 900, 300]])
def test_a_box_that_holds_nothing_is_refused(box):
    editor = opened()
    with pytest.raises((OptionError, HelpError), match="box") as caught:
        run(editor.apply({"kind": "box", "box": box}))
    assert_plain(caught.value)
    assert editor.document.history.steps == []


def bench_answers_everything(editor: Editor) -> None:
    async def opening(model, backend, progress):
        return FakeSession(model, [], everything)

    editor._engine = Engine(catalogue(), opening)


@pytest.mark.parametrize("model", [None, 5, "three", ""])
def test_an_unknown_network_is_refused_and_changes_nothing(model):
    editor = opened()
    before = editor.document.alpha.copy()
    with pytest.raises(OptionError) as caught:
        run(editor.apply({"kind": "network", "model": model}))
    assert_plain(caught.value)
    assert (editor.document.alpha == before).all() and editor.document.history.steps == []


def test_the_smart_brush_finds_the_edge_inside_what_is_painted():
    """The alpha's edge is wrong by some pixels; the photo's own is found where the brush went, and nowhere else."""
    true = blob(300, 200, 1)
    share = true[..., None] / 255
    rgb = (share * (220, 60, 40) + (1 - share) * (30, 90, 200)).astype(numpy.uint8)
    wrong = numpy.roll(true, 7, 1)
    editor = Editor(Bench().engine)
    editor.edit(Document(rgb, None, wrong.copy(), PROVENANCE))
    left = int(300 * 0.2) + 3
    operation = {"kind": "smart", "size": 36, "points": [left, 80, 1, left, 120, 1]}
    box = run(editor.apply(operation))
    after = editor.document.alpha
    inside = numpy.s_[85:115, left - 14 : left + 14]
    assert numpy.abs(after[inside].astype(int) - true[inside]).mean() < 10
    assert numpy.abs(wrong[inside].astype(int) - true[inside]).mean() > 30
    outside = after.copy()
    outside[60:140, left - 20 : left + 20] = wrong[60:140, left - 20 : left + 20]
    assert (outside == wrong).all() and box.within_box(Box(0, 200, 0, 300)) == box
    assert editor.document.history.steps[-1].name == "step.smart"


@pytest.mark.parametrize("mode", ["keep", "remove"])
def test_a_point_keeps_or_removes_what_lies_there(mode):
    """A red and a green disc on blue, of which the alpha has the red one alone."""
    rgb = numpy.full((200, 300, 3), (30, 90, 200), numpy.uint8)
    y, x = numpy.mgrid[:200, :300]
    red, green = (x - 80) ** 2 + (y - 100) ** 2 < 40**2, (x - 210) ** 2 + (y - 100) ** 2 < 40**2
    rgb[red], rgb[green] = (220, 60, 40), (60, 200, 60)
    editor = Editor(Bench().engine)
    editor.edit(Document(rgb, None, numpy.where(red, 255, 0).astype(numpy.uint8), PROVENANCE))
    at = {"keep": 210, "remove": 80}[mode]
    run(editor.apply({"kind": "point", "mode": mode, "x": at, "y": 100}))
    alpha = editor.document.alpha
    assert (alpha[green] > 200).mean() == pytest.approx(float(mode == "keep"), abs=0.1)
    assert (alpha[red] > 200).mean() == pytest.approx(float(mode == "keep"), abs=0.1)
    assert editor.document.history.steps[-1].name == f"step.{mode}"
    with pytest.raises(OptionError):
        run(editor.apply({"kind": "point", "mode": mode, "x": 301, "y": 5}))


def test_a_smart_brush_beside_the_photo_changes_nothing_and_over_all_of_it_is_refused():
    editor = opened()
    assert run(editor.apply({"kind": "smart", "size": 10, "points": [-500, 5, 1]})) is None
    with pytest.raises(HelpError) as caught:
        run(editor.apply({"kind": "smart", "size": 1000, "points": [5, 5, 1]}))
    assert_plain(caught.value)


def reading(data: bytes):
    """What reads an image file."""

    async def read() -> bytes:
        return data

    return read


def names(editor: Editor) -> list[str]:
    return [step.name for step in editor.document.history.steps]


def test_undo_takes_back_everything_in_the_order_in_which_it_was_done():
    editor = opened(save(scene(60, 40), "PNG"))
    done = [
        lambda: editor.apply(stroke("erase", 9, [(30, 20)])),
        lambda: editor.set_settings(Settings.read({"placement": {"x": 12}})),
        lambda: editor.set_settings(Settings.read({"placement": {"x": 12}, "background": {"kind": "colour"}})),
        lambda: editor.apply(stroke("restore", 5, [(30, 20)])),
        lambda: editor.set_settings(Settings.read({"edges": {"feather": 3}, "background": {"kind": "colour"}})),
        lambda: editor.set_settings(Settings.read({"shadow": {"drop": {}}})),
        editor.start_over,
    ]
    states = [(editor.document.finished.copy(), editor.document.settings)]
    for do in done:
        run(do())
        states.append((editor.document.finished.copy(), editor.document.settings))
    assert names(editor) == [
        "step.erase",
        "step.placement",
        "step.background.colour",
        "step.restore",
        "step.settings",
        "step.settings",
        "step.start_over",
    ]
    for position in [*range(6, -1, -1), *range(1, 8), 2, 6, 0, 7]:
        run(editor.go_to_step(position))
        alpha, settings = states[position]
        assert editor.document.settings == settings and (editor.document.finished == alpha).all(), position


def test_a_slider_that_was_moved_and_let_go_is_one_step_and_moved_back_none():
    editor = opened()
    treated = [Settings.read({"edges": {"grow": grow}}) for grow in (1, 2, 3)]
    for settings in treated:
        run(editor.preview_settings(settings))
    assert names(editor) == []
    run(editor.set_settings(treated[-1]))
    assert names(editor) == ["step.grow"]
    run(editor.preview_settings(Settings()))
    run(editor.set_settings(treated[-1]))
    assert names(editor) == ["step.grow"]
    run(editor.undo())
    assert editor.document.settings == Settings()


def test_undo_of_a_background_treats_no_edge_again(monkeypatch):
    editor = opened()
    edges = {"feather": 2}
    run(editor.set_settings(Settings.read({"edges": edges})))
    run(editor.set_settings(Settings.read({"edges": edges, "background": {"kind": "colour"}})))
    finished = editor.document.finished
    assert run(editor.undo()) is None and editor.document.finished is finished
    size = editor.document.size
    assert run(editor.undo()).size == size  # that was the edges


def test_undo_during_a_preview_shows_all_of_the_exact_alpha_again():
    editor = opened()
    run(editor.set_settings(Settings.read({"placement": {"x": 3}})))
    run(editor.preview_settings(Settings.read({"placement": {"x": 3}, "edges": {"grow": 2}})))
    assert run(editor.undo()).size == editor.document.size and editor.document.settings == Settings()


def test_undo_brings_the_background_picture_before_back():
    editor = opened()
    for colour in ("red", "blue"):
        run(editor.set_background_image(reading(save(Image.new("RGB", (40, 40), colour), "PNG"))))
        run(editor.set_settings(Settings.read({"background": {"kind": "image"}})))
    assert names(editor) == ["step.background.image"] * 2 and saved(editor).getpixel((31, 0))[:3] == (0, 0, 255)
    run(editor.undo())
    assert saved(editor).getpixel((31, 0))[:3] == (255, 0, 0)
    run(editor.undo())
    assert saved(editor).getpixel((31, 0))[3] == 0
    run(editor.go_to_step(2))
    assert saved(editor).getpixel((31, 0))[:3] == (0, 0, 255)


def test_kept_work_is_opened_again_and_saved_the_same():
    data, image = ASTRONAUT.read_bytes(), save(scene(), "PNG")
    editor = opened(data)
    run(editor.apply(stroke("erase", 120, [(200, 100), (140, 300)], softness=0.5)))
    assert run(editor.set_background_image(reading(image))) == 1
    run(editor.set_settings(Settings.read({"background": {"kind": "image"}, "edges": {"grow": 2}})))
    parts = {name: make() for name, make in parts_of(editor.document).items()}
    again = Editor(Bench().engine)
    run(again.reopen(data, manifest_of(editor.document), parts, {1: reading(image)}))
    one, other = run(again.save(Options())), run(editor.save(Options()))
    assert one.data == other.data and one.model == other.model
    with pytest.raises(WorkDamagedError):
        run(again.reopen(PHOTO, manifest_of(editor.document), parts, {1: reading(image)}))
    assert len(again.document.history.steps) == 2
    run(again.undo())
    assert again.document.settings == Settings()


def test_two_undos_at_once_take_two_steps_back():
    editor = opened()
    for x in (4, 10):
        run(editor.apply(stroke("erase", 3, [(x, 4)])))

    async def twice():
        await asyncio.gather(editor.undo(), editor.undo())

    run(twice())
    assert editor.document.history.position == 0


def test_a_preview_of_edges_is_small_and_what_follows_is_exact():
    editor = opened(ASTRONAUT.read_bytes())
    treated = Settings.read({"edges": {"grow": 4, "feather": 2}})
    small = run(editor.preview_settings(treated))
    assert small.shape == editor.document.alpha.shape  # this photo is small itself
    assert run(editor.set_settings(treated)) is True and run(editor.set_settings(treated)) is False
    assert (small == editor.document.finished).all()
    assert run(editor.preview_settings(treated)) is None
    assert run(editor.preview_settings(Settings())) is not None
    assert run(editor.set_settings(treated)) is True


def test_a_large_photo_is_shown_smaller_and_its_parts_fit_without_a_seam():
    display = Display(1301, 1407, 200_000)
    values = numpy.random.default_rng(0).integers(0, 256, (1301, 1407), numpy.uint8)
    whole = display.part(of_array(values), display.whole)
    assert whole.shape == display.shape and whole.size <= 201_000
    for box in (Box(5, 30, 11, 300), Box(0, display.shape[0], 40, 41), Box(250, 260, 250, 260)):
        assert (display.part(of_array(values), box) == whole[box.slices]).all()
    place = Box(100, 131, 207, 208)
    shown = display.shown(place)
    values[place.slices] ^= 255
    changed = display.part(of_array(values), display.whole) != whole
    changed[shown.slices] = False
    assert not changed.any()


def test_the_eyedropper_takes_the_photos_colour():
    editor = opened()
    assert (
        editor.document.colour_at(2.9, 3.1) == "#c81e1e"
        and editor.document.colour_at(-5, 3) == "#c81e1e"
        and editor.document.colour_at(31.9, 99) == "#dcc828"
    )


def test_the_photos_main_colours_are_few_and_unlike_each_other():
    photo = Image.new("RGB", (64, 64), (200, 30, 30))
    photo.paste((30, 60, 200), (0, 0, 64, 20))
    photo.paste((205, 34, 30), (0, 50, 64, 64))  # nearly the first
    editor = opened(save(photo, "PNG"))
    assert editor.document.main_colours() == ["#c81e1e", "#1e3cc8"]


def test_a_background_image_has_no_more_pixels_than_are_of_use():
    editor = opened()
    run(editor.set_background_image(reading(save(Image.new("RGB", (4000, 2000), "red"), "PNG"))))
    width, height = editor.document.background_image.size
    assert width * height == pytest.approx(4e6, rel=0.01) and width == pytest.approx(2 * height, abs=2)
    with pytest.raises(NotAnImageError):
        run(editor.set_background_image(reading(b"no image")))
    run(editor.set_settings(Settings.read({"background": {"kind": "image"}})))
    assert saved(editor).getpixel((31, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("settings", "longest", "size"),
    [
        ({}, 100, (100, 67)),
        ({}, 1, (1, 1)),
        ({}, 5000, (300, 200)),
        ({"background": {"kind": "colour"}}, 60, (60, 40)),
        ({"canvas": {"aspect": "1:1"}}, 150, (150, 150)),
    ],
)
def test_a_picture_can_be_saved_smaller_and_never_larger(settings, longest, size):
    editor = opened(save(scene(300, 200), "PNG"))
    run(editor.set_settings(Settings.read(settings)))
    result = run(editor.save(Options(), longest=longest))
    assert reopen(result.data).size == (result.width, result.height) == size


def test_pixels_that_are_not_seen_give_a_smaller_picture_no_colour():
    photo = Image.new("RGB", (80, 80), "red")
    photo.paste((0, 0, 255), (0, 0, 41, 80))
    editor = opened(save(photo, "PNG"), foreground=False)
    run(editor.apply(stroke("restore", 400, [(40, 40)])))
    editor.document.alpha[:, :41] = 0
    small = numpy.asarray(reopen(run(editor.save(Options(), longest=8)).data))
    assert (small[:, 5:] == (255, 0, 0, 255)).all()
    assert (small[:, 4, 0] > 250).all() and (small[:, 4, 2] < 5).all() and (small[:, 4, 3] < 255).all()
    assert small[:, :4, 1:].max() == 0  # nothing of it is seen, and nothing is blue


@pytest.mark.parametrize("longest", [0, -3, 20_001, "large", float("nan")])
def test_a_size_that_makes_no_sense_is_refused(longest):
    with pytest.raises(OptionError):
        run(opened().save(Options(), longest=longest))


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((4000, 3000), (1225, 1633)),
        ((30_000, 1), (1, 8192)),
        ((1, 30_000), (8192, 1)),
        ((100, 65_000), (8192, 13)),
        ((8192, 2), (2, 8192)),
        ((1, 1), (1, 1)),
    ],
)
def test_no_side_of_what_is_shown_is_longer_than_canvases_can_be(size, shape):
    display = Display.of(size)
    assert display.shape == shape
    assert display.part(of_array(numpy.zeros((size[1], size[0]), numpy.uint8)), display.whole).shape == shape
