"""What there is memory for: in what size a photo is worked on, and how many are in work at a time."""

import asyncio
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from offcut.codecs import Photo, decode
from offcut.codecs.boxes import heif_size
from offcut.codecs.downscale import within
from offcut.errors import ImageTooLargeError
from offcut.memory_budget import (
    LEAST_PIXELS,
    MAX_PIXELS,
    WHOLE,
    Budget,
    PixelBudget,
    fitting,
    pixels_for,
    spare,
)
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import assert_plain, noise, save


@pytest.mark.parametrize(
    ("memory", "kind", "megapixels"),
    [
        *((None, "computer", 110), (32, "computer", 110), (8, "computer", 110), (4, "computer", 55)),
        *((2, "computer", 16), (8, "phone", 75), (4, "phone", 16), (2, "phone", 16), (None, "phone", 16)),
    ],
)
def test_how_large_a_photo_may_be_follows_the_device(memory, kind, megapixels):
    assert pixels_for(memory, kind) == megapixels * 1_000_000


def test_a_photo_of_64_megapixels_is_worked_on_whole_where_there_are_eight_gigabytes():
    for kind in ("computer", "phone"):
        assert not Budget(pixels_for(8, kind), may_reduce=True).plan((9798, 6532)).is_reduced


def test_what_is_decided_can_be_told_in_numbers_before_anything_is_decoded():
    budget = Budget(64_000_000, may_reduce=True)
    plan = budget.plan((12_000, 9_000))
    assert plan.plain() == {
        "width": 12_000,
        "height": 9_000,
        "opened_width": 9_237,
        "opened_height": 6_928,
        "pixels": 64_000_000,
    }
    with pytest.raises(ImageTooLargeError) as caught:
        Budget(64_000_000).plan((12_000, 9_000))
    assert (caught.value.reason, caught.value.kind, caught.value.plan) == ("device", "12000 × 9000", plan)
    assert_plain(caught.value)


@pytest.mark.parametrize("size", [(11_000, 10_001), (100_000, 100_000)])
def test_what_no_device_has_memory_for_is_refused(size):
    with pytest.raises(ImageTooLargeError) as caught:
        Budget(MAX_PIXELS, may_reduce=True).plan(size)
    assert caught.value.plan is None and caught.value.kind == f"{size[0]} × {size[1]}"


def test_what_was_worked_on_in_a_size_is_worked_on_in_that_again():
    assert Budget(100, exact=(60, 40)).plan((600, 400)).opened == (60, 40)
    assert Budget(100, exact=(600, 400)).plan((600, 400)).opened == (600, 400)
    assert Budget(100, exact=(900, 900)).plan((600, 400)).opened == (600, 400)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 50_000))
def test_a_photo_that_is_too_large_is_made_smaller_in_its_shape_and_says_so(width, height, most):
    size = (width, height)
    photo = Photo(Image.new("RGB", size, (9, 8, 7)), Image.new("L", size, 6), b"profile", (72, 72), ["animated"])
    smaller = within(photo, Budget(most, may_reduce=True))
    if width * height <= most:
        assert smaller is photo
        return
    assert smaller.size == fitting(size, most)
    assert 0 < smaller.size[0] * smaller.size[1] <= most
    assert smaller.alpha.size == smaller.size
    assert smaller.notices == ["animated", "reduced"] and smaller.icc_profile == b"profile"
    assert smaller.image.getpixel((0, 0)) == (9, 8, 7)
    if min(smaller.size) > 10:
        assert smaller.size[0] / smaller.size[1] == pytest.approx(width / height, rel=0.1)


def test_a_photo_that_fits_is_left_alone():
    photo = Photo(Image.new("RGB", (300, 200)))
    assert within(photo, WHOLE) is photo


def gradient(width: int, height: int) -> Image.Image:
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return Image.fromarray(np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], -1).astype(np.uint8))


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_jpeg_is_made_smaller_as_averaging_all_its_pixels_would(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = save(gradient(803, 601), "JPEG", quality=95, exif=exif.tobytes())
    whole = decode(data)
    smaller = decode(data, Budget(50_000, may_reduce=True))
    assert smaller.notices == ["reduced"] and smaller.size == fitting(whole.size, 50_000)
    expected = np.asarray(whole.image.resize(smaller.size, Image.Resampling.BOX)).astype(int)
    assert np.abs(np.asarray(smaller.image).astype(int) - expected)[..., :2].mean() < 1


def test_a_jpeg_never_takes_the_memory_of_the_whole(monkeypatch):
    """It is decoded at a half, a quarter or an eighth of its size."""
    data, sizes = save(gradient(1600, 1200), "JPEG", quality=90), []
    load = Image.core.new
    monkeypatch.setattr(Image.core, "new", lambda mode, size: sizes.append(size) or load(mode, size))
    photo = decode(data, Budget(100_000, may_reduce=True))
    assert photo.size == fitting((1600, 1200), 100_000)
    assert max(sizes) == (400, 300)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_other_files_are_made_smaller_once_they_are_decoded(kind):
    data = save(noise(60, 40), kind)
    assert decode(data, Budget(600, may_reduce=True)).size == (30, 20)
    with pytest.raises(ImageTooLargeError) as caught:
        decode(data, Budget(600))
    assert caught.value.plan.opened == (30, 20)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "JPEG"])
def test_a_person_is_asked_before_anything_is_decoded(kind, monkeypatch):
    data, decoded = save(noise(60, 40), kind), []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: decoded.append(kind))
    with pytest.raises(ImageTooLargeError) as caught:
        decode(data, Budget(600))
    assert (caught.value.reason, caught.value.plan.opened) == ("device", (30, 20))
    assert not decoded


def test_the_engine_makes_smaller_what_its_device_has_no_memory_for_unless_it_may_not():
    data = save(noise(64, 48), "PNG")
    bench = Bench(max_pixels=768)
    result = run(bench.engine.remove(data, Options(refine=0)))
    assert (result.width, result.height) == (32, 24) and "reduced" in result.notices
    with pytest.raises(ImageTooLargeError):
        run(bench.engine.remove(data, Options(refine=0, reduce=False)))
    assert run(bench.engine.remove(save(noise(32, 24), "PNG"), Options(refine=0, reduce=False))).notices == ()


def test_the_size_of_heic_and_avif_is_known_from_their_boxes():
    buffer = io.BytesIO()
    noise(60, 40).save(buffer, "AVIF")
    assert heif_size(buffer.getvalue()) == (60, 40)
    assert heif_size(buffer.getvalue()[:60]) is None and heif_size(save(noise(), "PNG")) is None


def test_what_an_open_photo_does_not_need_is_spare():
    assert spare(60_000_000, 0) == spare(100_000_000, 12_000_000) == 0
    assert spare(900_000_000, LEAST_PIXELS) > 500_000_000


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_as_many_as_fit_together_and_a_large_one_alone():
    budget, inside, gates = PixelBudget(100), [], {}

    async def work(name: str, pixels: int) -> None:
        async with budget.reserve(pixels):
            inside.append(name)
            await gates.setdefault(name, asyncio.Event()).wait()
        inside.remove(name)

    async def leave(name: str) -> None:
        gates[name].set()
        await settled()

    async def visit() -> None:
        tasks = []
        for name, pixels in (("a", 40), ("b", 60), ("c", 1), ("huge", 500)):
            tasks.append(asyncio.create_task(work(name, pixels)))
            await settled()
        assert inside == ["a", "b"]
        await leave("a")
        assert inside == ["b", "c"]
        await leave("b")
        assert inside == ["c"]
        await leave("c")
        assert inside == ["huge"] and budget.is_reserved
        await leave("huge")
        assert not budget.is_reserved
        await asyncio.gather(*tasks)

    run(visit())


def test_nothing_is_decoded_ahead_beside_a_large_one():
    budget = PixelBudget(100)

    async def visit() -> None:
        async with budget.reserve(50):
            await asyncio.wait_for(budget.wait_for_half(), 1)
        async with budget.reserve(51):
            waiting = asyncio.create_task(budget.wait_for_half())
            await settled()
            assert not waiting.done()
        await asyncio.wait_for(waiting, 1)

    run(visit())
