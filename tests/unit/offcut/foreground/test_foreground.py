"""The subject's own colours at soft edges."""

import numpy
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFilter

from bench.foreground.methods import METHODS
from offcut.alpha import OPAQUE, soft_tiles
from offcut.foreground import estimate, multilevel
from offcut.geometry import Box
from tests.unit.offcut.samples import ASTRONAUT, PHOTOS, examples

methods = pytest.mark.parametrize("method", METHODS)
# Of the error of the photo's own colours. Blur fusion's windows take in more than a hair.
MAY_REMAIN = {"blurfusion": 0.9, "multilevel": 0.4}
sizes = strategies.tuples(strategies.integers(1, 40), strategies.integers(1, 40))


def matte(width: int, height: int, blur: float = 3) -> numpy.ndarray:
    """A soft disc with thin lines around it, uint8."""
    large = Image.new("L", (2 * width, 2 * height))
    pen = ImageDraw.Draw(large)
    pen.ellipse((width // 2, height // 2, width * 3 // 2, height * 3 // 2), fill=255)
    large = large.filter(ImageFilter.GaussianBlur(blur))
    pen = ImageDraw.Draw(large)
    for end in range(0, 2 * width, 9):
        pen.line((width, height, end, height // 5), fill=230, width=3)
    return numpy.asarray(large.resize((width, height), Image.Resampling.BOX))


def mixed(front, back, alpha: numpy.ndarray) -> numpy.ndarray:
    """The photo that shows `front` before `back`."""
    share = alpha[..., None] / 255
    return numpy.rint(front * share + back * (1 - share)).astype(numpy.uint8)


def opened(path, size: tuple[int, int]) -> numpy.ndarray:
    return numpy.asarray(Image.open(path).convert("RGB").resize(size), float)


def scattered(shape: tuple[int, int], seed: int = 0) -> tuple[numpy.ndarray, numpy.ndarray]:
    """A photo and an alpha of any values."""
    random = numpy.random.default_rng(seed)
    return random.integers(0, 256, (*shape, 3), numpy.uint8), random.integers(0, 256, shape, numpy.uint8)


def soft(alpha: numpy.ndarray) -> numpy.ndarray:
    return (alpha > 0) & (alpha < OPAQUE)


@methods
@examples(25)
@given(
    sizes.flatmap(
        lambda shape: strategies.tuples(
            arrays.arrays(numpy.uint8, (*shape, 3)),
            arrays.arrays(
                numpy.uint8, shape, elements=strategies.sampled_from([0, 0, 255, 255, 1, 90, OPAQUE - 1, OPAQUE])
            ),
        )
    )
)
def test_only_soft_pixels_change_and_any_photo_gives_colours(method, given):
    photo, alpha = given
    before = photo.copy(), alpha.copy()
    with numpy.errstate(all="raise", under="ignore"):
        result = estimate(photo, alpha, METHODS[method])
    assert (result.shape, result.dtype) == (photo.shape, numpy.uint8)
    assert (result == photo)[~soft(alpha)].all()
    assert (photo == before[0]).all() and (alpha == before[1]).all()


@methods
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (2, 2), (1, 300), (300, 1), (33, 32), (65, 31)])
@pytest.mark.parametrize("value", [1, 128, OPAQUE - 1])
def test_a_photo_that_is_soft_throughout(method, shape, value):
    """Nothing in it is sure; a plain colour can only be its own."""
    plain = numpy.full((*shape, 3), (250, 100, 3), numpy.uint8)
    result = estimate(plain, numpy.full(shape, value, numpy.uint8), METHODS[method])
    assert numpy.abs(result.astype(int) - plain).max() <= 1


@methods
@pytest.mark.parametrize("value", [0, 255])
def test_a_photo_without_soft_pixels_is_returned_as_a_copy(method, value):
    photo, _ = scattered((9, 300))
    result = estimate(photo, numpy.full((9, 300), value, numpy.uint8), METHODS[method])
    assert (result == photo).all() and not numpy.shares_memory(result, photo)


@methods
def test_what_may_only_be_read_can_be_given(method):
    photo, alpha = (numpy.asarray(Image.fromarray(values)) for values in scattered((8, 8)))
    assert not photo.flags.writeable and estimate(photo, alpha, METHODS[method]).flags.writeable


@pytest.mark.parametrize(
    ("front", "back"), [((200, 40, 90), (20, 180, 250)), ((255, 255, 255), (0, 0, 0)), ((0, 0, 0), (255, 255, 255))]
)
def test_one_colour_before_another_is_found(front, back):
    alpha = matte(300, 200)
    result = estimate(mixed(numpy.array(front), numpy.array(back), alpha), alpha)
    missed = numpy.abs(result - numpy.array(front, float))
    assert missed[soft(alpha)].max() <= 2 and missed[alpha >= OPAQUE].max() <= 255 - OPAQUE


def test_what_is_kept_but_for_a_trace_keeps_the_photos_colours_which_are_nearly_its_own():
    random = numpy.random.default_rng(0)
    front, back = random.integers(0, 256, (2, 60, 70, 3))
    front[:30], back[:30] = 255, 0  # as different as can be
    alpha = numpy.full((60, 70), OPAQUE, numpy.uint8)
    photo = mixed(front, back, alpha)
    assert (estimate(photo, alpha) == photo).all() and numpy.abs(photo - front).max() <= 255 - OPAQUE


@methods
def test_what_was_found_mixes_to_the_photo_again(method):
    alpha, back = matte(300, 200), numpy.array((20, 180, 250))
    photo = mixed(opened(ASTRONAUT, (300, 200)), back, alpha)
    error = [
        numpy.abs(mixed(colours, back, alpha).astype(int) - photo)[soft(alpha)].mean()
        for colours in (photo, estimate(photo, alpha, METHODS[method]))
    ]
    assert error[1] <= error[0] * MAY_REMAIN[method] / 2


@methods
@pytest.mark.parametrize("blur", [1, 3, 9])
def test_less_of_the_old_background_is_seen_on_a_new_one(method, blur):
    """With the true alpha the difference of two composites is that of their colours times alpha, on any background."""
    alpha = matte(300, 200, blur)
    front, back = opened(ASTRONAUT, (300, 200)), opened(PHOTOS / "coffee.png", (300, 200))
    photo = mixed(front, back, alpha)
    error = [
        (numpy.abs(colours - front) * alpha[..., None])[soft(alpha)].mean()
        for colours in (photo, estimate(photo, alpha, METHODS[method]))
    ]
    assert error[1] <= error[0] * MAY_REMAIN[method]


@methods
@pytest.mark.parametrize("shape", [(64, 90), (95, 61), (1, 200)])
def test_no_tile_is_seen(method, shape, monkeypatch):
    """The same to the last bit, also where most levels are solved in tiles, and each in another number of rounds."""
    monkeypatch.setattr(multilevel, "COARSE_PIXELS", 30)
    monkeypatch.setattr(multilevel, "SMALL_SIDE", 4)
    monkeypatch.setattr(multilevel, "ITERATIONS", ((3000, 0), (800, 2), (0, 4)))
    photo, alpha = scattered(shape)
    alpha[10:40, 20:50] = 255
    whole = estimate(photo, alpha, METHODS[method], tile=1000)
    for tile in (7, 16, 33, 64):
        assert (estimate(photo, alpha, METHODS[method], tile=tile) == whole).all(), tile


@methods
def test_the_same_again(method):
    photo, alpha = scattered((50, 60))
    assert (estimate(photo, alpha, METHODS[method]) == estimate(photo, alpha, METHODS[method])).all()


def test_tiles_cover_every_soft_pixel_once_and_no_more_than_they_must():
    alpha = numpy.zeros((70, 50), numpy.uint8)
    alpha[:32] = 255
    alpha[3, 5] = alpha[9, 40] = 1
    alpha[33:35, 31:34] = OPAQUE - 1
    alpha[34, 32] = 0
    alpha[60] = OPAQUE
    found = [(box, soft.tolist()) for box, soft in soft_tiles(alpha, 32)]
    assert found == [
        (Box(3, 4, 5, 6), [[True]]),
        (Box(9, 10, 40, 41), [[True]]),
        (Box(33, 35, 31, 32), [[True], [True]]),
        (Box(33, 35, 32, 34), [[True, True], [False, True]]),
    ]


def test_no_work_is_done_where_nothing_is_soft():
    asked = []

    def watched(rgb, alpha):
        return lambda box: asked.append(box) or numpy.zeros((3, 1, 1), numpy.uint8)

    alpha = numpy.zeros((1000, 1000), numpy.uint8)
    alpha[700, 300] = 5
    estimate(numpy.zeros((1000, 1000, 3), numpy.uint8), alpha, watched)
    assert asked == [Box(700, 701, 300, 301)]
