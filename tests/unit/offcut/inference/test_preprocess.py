"""From a photo to the network's tensor, and from its output back to the photo's coarse alpha."""

import typing

import numpy
import pytest
from hypothesis import assume, given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.codecs import decode
from offcut.inference.preprocess import KERNELS, Geometry, fit, prepare, read_alpha, shaped
from offcut.matting import upsample
from offcut.models.catalogue import Model
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, catalogue, model, run
from tests.unit.offcut.samples import examples, reopen, save

sides = strategies.one_of(strategies.integers(1, 40), strategies.integers(1, 20_000))
RULES = ["squash", "letterbox"]
inputs = strategies.tuples(strategies.integers(1, 1024), strategies.integers(1, 1024))


@examples()
@given(sides, sides, inputs)
def test_squash_fills_the_input(width, height, size):
    assert fit((width, height), size, "squash") == Geometry((width, height), size, (0, size[1], 0, size[0]))


@examples()
@given(sides, sides, inputs)
def test_letterbox_keeps_the_shape_and_centres(width, height, size):
    geometry = fit((width, height), size, "letterbox")
    top, bottom, left, right = geometry.box
    assert (geometry.photo, geometry.input) == ((width, height), size)
    assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    assert right - left == size[0] or bottom - top == size[1]
    assert 0 <= (size[0] - right) - left <= 1 and 0 <= (size[1] - bottom) - top <= 1
    scale = min(size[0] / width, size[1] / height)
    for inner, outer in ((right - left, width), (bottom - top, height)):
        assert abs(inner - outer * scale) <= 0.5 + 1e-9 or inner == 1


@examples()
@given(sides, sides, strategies.integers(1, 16), strategies.integers(1, 16), strategies.sampled_from([1, 32, 64]))
def test_an_input_that_may_have_any_shape_has_the_photos_as_nearly_as_its_step_allows(
    width, height, across, down, step
):
    size = across * step, down * step
    found = shaped((width, height), size, step)
    assert all(side % step == 0 and 0 < side <= most for side, most in zip(found, size, strict=True))
    scale = min(size[0] / width, size[1] / height)
    for side, given_side in zip(found, (width, height), strict=True):
        assert abs(side - given_side * scale) <= step / 2 or side == step


def test_the_shape_of_an_input_by_hand():
    """3000 × 2000 at 1024: 682.67 lines, of which 11 steps of 64 are the nearest."""
    assert shaped((3000, 2000), (1024, 1024), 64) == (1024, 704)
    assert shaped((2000, 3000), (1024, 1024), 64) == (704, 1024)
    assert shaped((4000, 3000), (1024, 1024), 64) == (1024, 768)
    assert shaped((50, 50), (1024, 1024), 64) == (1024, 1024)
    assert shaped((1, 9000), (1024, 1024), 64) == (64, 1024)


def test_the_shape_of_an_input_with_a_short_side_by_hand():
    """3000 × 2000 with a short side of 512: 768 × 512. Where the long side would be too long, it decides."""
    assert shaped((3000, 2000), (1024, 1024), 32, 512) == (768, 512)
    assert shaped((2000, 3000), (1024, 1024), 32, 512) == (512, 768)
    assert shaped((50, 50), (1024, 1024), 32, 512) == (512, 512)
    assert shaped((4000, 1000), (1024, 1024), 32, 512) == (1024, 256)
    assert shaped((1, 9000), (1024, 1024), 32, 512) == (32, 1024)


def test_a_models_short_side_shapes_its_input():
    given = model(input_size=(64, 64), input_step=8, input_short_side=16, mean=(0, 0, 0))
    tensor, geometry = prepare(Image.new("RGB", (30, 20)), given)
    assert (tensor.shape, geometry.input) == ((1, 3, 16, 24), (24, 16))


@pytest.mark.parametrize("rule", RULES)
@examples()
@given(sides, sides, inputs, strategies.integers(0, 40))
def test_a_margin_stays_empty_on_every_side(rule, width, height, size, margin):
    assume(2 * margin < min(size))
    top, bottom, left, right = fit((width, height), size, rule, margin).box
    assert min(left, top, size[0] - right, size[1] - bottom) >= margin
    inner = fit((width, height), (size[0] - 2 * margin, size[1] - 2 * margin), rule).box
    assert (top - margin, bottom - margin, left - margin, right - margin) == inner


def test_an_input_of_the_photos_shape_with_a_margin_by_hand():
    photo = Image.new("RGB", (30, 10), (255, 255, 255))
    tensor, geometry = prepare(photo, model(input_size=(24, 24), input_step=8, resize_margin=2, mean=(0, 0, 0)))
    assert (tensor.shape, geometry.input, geometry.box) == ((1, 3, 8, 24), (24, 8), (2, 6, 2, 22))
    assert numpy.count_nonzero(tensor) == 3 * 4 * 20


@pytest.mark.parametrize("rule", RULES)
@examples()
@given(
    strategies.tuples(strategies.integers(40, 160), strategies.integers(40, 160)),
    strategies.floats(0.3, 0.7),
    strategies.floats(0.3, 0.7),
)
def test_a_place_comes_back_to_a_small_part_of_a_pixel(rule, size, across, down):
    """A soft blob through the input and back, as the network's own answer: its centre stays where it was."""
    width, height = size
    x, y = numpy.meshgrid(numpy.arange(width) + 0.5, numpy.arange(height) + 0.5)
    blob = numpy.exp(-(((x - across * width) / (0.08 * width)) ** 2 + ((y - down * height) / (0.08 * height)) ** 2))
    photo = Image.fromarray(numpy.rint(blob * 255).astype(numpy.uint8)).convert("RGB")
    tensor, geometry = prepare(photo, model(input_size=(96, 80), resize_rule=rule, mean=(0, 0, 0), std=(1, 1, 1)))
    back = numpy.asarray(upsample(read_alpha(tensor[:, :1], geometry, "identity"), size), float)
    before = numpy.asarray(photo, float)[..., 0]
    for places in (x, y):
        moved = (back * places).sum() / back.sum() - (before * places).sum() / before.sum()
        assert abs(moved) < 0.05


def test_letterbox_by_hand():
    assert fit((400, 200), (320, 320), "letterbox").box == (80, 240, 0, 320)
    assert fit((200, 400), (320, 320), "letterbox").box == (0, 320, 80, 240)
    assert fit((10, 10), (320, 320), "letterbox").box == (0, 320, 0, 320)
    assert fit((1, 9000), (320, 320), "letterbox").box == (0, 320, 159, 160)
    assert fit((9000, 1), (320, 320), "letterbox").box == (159, 160, 0, 320)


@pytest.mark.parametrize("rule", RULES)
@examples()
@given(strategies.tuples(strategies.integers(1, 90), strategies.integers(1, 90)))
def test_the_tensor_has_the_inputs_shape_and_is_finite(rule, size):
    tensor, geometry = prepare(Image.new("RGB", size, (9, 99, 199)), model(resize_rule=rule))
    assert (tensor.shape, tensor.dtype) == ((1, 3, 4, 8), numpy.float32)
    assert tensor.flags.c_contiguous and numpy.isfinite(tensor).all()
    assert geometry.photo == size and geometry.input == (8, 4)


def test_normalisation_by_hand():
    """(200/255 - 0.5) / 0.5, (100/255 - 0.4) / 0.25 and (50/255 - 0.3) / 0.125."""
    tensor, _ = prepare(Image.new("RGB", (8, 4), (200, 100, 50)), model())
    assert tensor[0, :, 0, 0] == pytest.approx([0.5686275, -0.0313725, -0.8313725], abs=1e-6)
    assert numpy.ptp(tensor, axis=(2, 3)) == pytest.approx(0, abs=1e-6)


def test_normalisation_by_the_pictures_own_maximum_by_hand():
    """As U²-Net was trained: the brightest value of the resized picture counts as 1."""
    tensor, _ = prepare(Image.new("RGB", (8, 4), (200, 100, 50)), model(scale="max"))
    assert tensor[0, :, 0, 0] == pytest.approx([(1 - 0.5) / 0.5, (0.5 - 0.4) / 0.25, (0.25 - 0.3) / 0.125], abs=1e-6)


def test_the_maximum_is_that_of_the_resized_picture():
    picture = Image.new("RGB", (80, 40), (100, 100, 100))
    picture.putpixel((0, 0), (255, 255, 255))  # one of the hundred pixels that become one
    tensor, _ = prepare(picture, model(scale="max", resize_kernel="box", mean=(0, 0, 0), std=(1, 1, 1)))
    assert tensor.max() == 1
    assert 0.97 < tensor.min() < 1


def test_pixels_keep_their_place_and_their_channel():
    picture = Image.fromarray(numpy.arange(4 * 8 * 3, dtype=numpy.uint8).reshape(4, 8, 3))
    tensor, _ = prepare(picture, model(mean=(0, 0, 0), std=(1, 1, 1)))
    assert numpy.rint(tensor * 255)[0].transpose(1, 2, 0).tolist() == numpy.asarray(picture).tolist()


def test_squash_with_the_box_kernel_by_hand():
    values = numpy.zeros((4, 16, 3), numpy.uint8)
    values[:, 0::2] = 100
    values[:, 1::2] = 200
    tensor, _ = prepare(Image.fromarray(values), model(resize_kernel="box", mean=(0, 0, 0), std=(1, 1, 1)))
    assert tensor == pytest.approx(numpy.full((1, 3, 4, 8), 150 / 255), abs=1e-6)


def test_the_kernel_is_the_models():
    stripes = Image.new("RGB", (16, 8))
    stripes.paste((255, 255, 255), (5, 0, 6, 8))
    seen = {prepare(stripes, model(resize_kernel=kernel))[0].tobytes() for kernel in KERNELS}
    assert len(seen) == len(KERNELS) == 5


def test_every_kernel_that_a_catalogue_may_name_is_known():
    assert set(KERNELS) == set(typing.get_args(typing.get_type_hints(Model)["resize_kernel"]))


def test_letterbox_bars_are_zero():
    """Zero after normalisation is the mean colour of what the network was trained on."""
    tensor, geometry = prepare(Image.new("RGB", (30, 30), (255, 255, 255)), model(resize_rule="letterbox"))
    assert geometry.box == (0, 4, 2, 6)
    assert (tensor[..., :2] == 0).all() and (tensor[..., 6:] == 0).all()
    assert (tensor[..., 2:6] > 0).all()


@pytest.mark.parametrize("scale", ["max", "255"])
@pytest.mark.parametrize("rule", RULES)
def test_a_black_picture_is_no_division_by_zero(rule, scale):
    with numpy.errstate(all="raise"):
        tensor, _ = prepare(Image.new("RGB", (7, 5)), model(resize_rule=rule, scale=scale))
    assert numpy.isfinite(tensor).all()
    assert tensor[0, 0, 2, 4] == pytest.approx(-1)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1)])
@pytest.mark.parametrize("rule", RULES)
def test_the_thinnest_photos_come_back_in_their_size(rule, size):
    tensor, geometry = prepare(Image.new("RGB", size, (250, 250, 250)), model(resize_rule=rule))
    coarse = read_alpha((tensor[:, :1] > 0).astype(numpy.float32), geometry, "identity")
    alpha = upsample(coarse, size)
    assert alpha.size == size and alpha.getextrema() == (255, 255)


SQUASHED = fit((80, 40), (8, 4), "squash")
maps = arrays.arrays(numpy.float32, (1, 1, 4, 8), elements=strategies.floats(-1e6, 1e6, width=32))


@examples()
@given(maps, strategies.sampled_from(["minmax", "identity"]))
def test_an_alpha_is_between_0_and_1(output, rule):
    before = output.copy()
    alpha = read_alpha(output, SQUASHED, rule)
    assert (alpha.shape, alpha.dtype) == ((4, 8), numpy.float32)
    assert alpha.min() >= 0 and alpha.max() <= 1
    assert (output == before).all(), "the network's memory may be its own"


@examples()
@given(maps)
def test_minmax_stretches_to_the_whole_range_and_keeps_the_order(output):
    alpha = read_alpha(output, SQUASHED, "minmax")
    flat = output[0, 0]
    if numpy.ptp(flat) > 1e-3:
        assert (alpha.min(), alpha.max()) == (0, pytest.approx(1))
        assert alpha.flat[flat.argmin()] == 0 and alpha.flat[flat.argmax()] == alpha.max()


def test_minmax_by_hand():
    output = numpy.full((1, 1, 4, 8), 2, numpy.float32)
    output[0, 0, 0, :3] = -1, 5, 3.5
    assert read_alpha(output, SQUASHED, "minmax")[0, :4] == pytest.approx([0, 1, 0.73 / 0.96, 0.5])


@pytest.mark.parametrize(("level", "read"), [(0.0, 0.0), (0.26, 0.25), (1.0, 1.0), (7.0, 1.0), (-7.0, 0.0)])
@pytest.mark.parametrize("noise", [0, 1e-8])
def test_a_flat_map_has_no_subject_to_stretch_towards(level, read, noise):
    output = numpy.full((1, 1, 4, 8), level, numpy.float32)
    output[0, 0, 1, 1] += noise
    assert read_alpha(output, SQUASHED, "minmax") == pytest.approx(numpy.full((4, 8), read), abs=1e-6)


def test_what_is_nearly_sure_is_sure():
    """A haze of a hundredth over the background is no subject, and a subject of .985 lets nothing shine through."""
    output = numpy.tile(numpy.array([-0.5, 0.01, 0.02, 0.26, 0.5, 0.74, 0.985, 9], numpy.float32), (1, 1, 4, 1))
    assert read_alpha(output, SQUASHED, "identity")[0] == pytest.approx([0, 0, 0, 0.25, 0.5, 0.75, 1, 1], abs=1e-6)


@pytest.mark.parametrize("shape", [(4, 8), (1, 4, 8), (1, 1, 4, 8), (1, 3, 4, 8)])
def test_the_first_map_is_taken_whatever_comes_with_it(shape):
    output = numpy.arange(numpy.prod(shape), dtype=numpy.float32).reshape(shape) / 1000
    first = output.reshape(-1, 4, 8)[:1]
    assert (read_alpha(output, SQUASHED, "identity") == read_alpha(first, SQUASHED, "identity")).all()


def test_the_bars_of_a_letterbox_are_cut_off_before_stretching():
    """A network may see anything in the bars; it must not change what it saw in the photo."""
    output = numpy.full((1, 1, 4, 8), 1000, numpy.float32)
    output[..., :2] = -1000
    output[..., 2:6] = [1, 2, 3, 5]
    alpha = read_alpha(output, fit((30, 30), (8, 4), "letterbox"), "minmax")
    assert alpha == pytest.approx(numpy.tile([0, 0.23 / 0.96, 0.5, 1], (4, 1)))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("size", [(64, 32), (61, 33), (40, 90), (200, 30)])
def test_what_the_network_sees_in_a_place_is_cut_out_in_that_place(size, rule):
    """A network that finds white things, and a white rectangle off the centre: the mask is that rectangle."""
    width, height = size
    wanted = Image.new("L", size)
    wanted.paste(255, (width // 4, height // 8, width // 2, height * 5 // 8))
    photo = Image.merge("RGB", [wanted] * 3)
    models = catalogue()
    models.models["one"] = model(input_size=(96, 64), resize_rule=rule, mean=(0, 0, 0), std=(1, 1, 1))
    bench = Bench(answer=lambda tensor: tensor[:, :1], models=models)
    mask = reopen(run(bench.engine.remove(save(photo, "PNG"), Options(output="mask"))).data)
    wrong = (numpy.asarray(mask) > 127) != (numpy.asarray(decode(save(photo, "PNG")).image)[..., 0] > 127)
    # At most the pixels along the outline, one wide.
    assert wrong.sum() <= 2 * (width // 4 + height // 2)
