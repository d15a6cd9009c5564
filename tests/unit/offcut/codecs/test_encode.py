"""Pictures become files that hold what was promised of each format."""

import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, strategies
from hypothesis.extra import numpy as arrays
from PIL import Image

from offcut.codecs import FORMATS, Format, decode, encode
from offcut.codecs.encode import format_named
from offcut.codecs.png_writer import ROWS, StripImage
from offcut.compositing import cut_out, over_colour
from offcut.errors import OptionError
from tests.unit.offcut.samples import (
    PHOTOS,
    ROOT,
    assert_plain,
    difference,
    examples,
    noise,
    profile,
    reopen,
    scene,
)

PNG, WEBP, JPEG, AVIF, TIFF = (FORMATS[name] for name in ("png", "webp", "jpeg", "avif", "tiff"))


def formats_where(is_wanted: Callable[[Format], bool]) -> pytest.MarkDecorator:
    """Run a test with each format of which that is true."""
    targets = {name: target for name, target in FORMATS.items() if is_wanted(target)}
    return pytest.mark.parametrize("target", targets.values(), ids=targets.keys())


def soft_cutout() -> Image.Image:
    """A photo that fades from left to right, with nothing at all at the left edge."""
    alpha = Image.linear_gradient("L").rotate(90).resize((32, 16))
    alpha.paste(0, (0, 0, 6, 16))
    return cut_out(scene(), alpha)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_writes_what_it_says(name):
    target = FORMATS[name]
    image = Image.open(io.BytesIO(encode(scene(), target)))
    assert image.format.lower() == name == target.title.lower() and image.get_format_mimetype() == target.mime
    assert Image.registered_extensions()["." + target.extension] == image.format


@formats_where(lambda target: target.transparent)
def test_a_transparent_format_gives_the_alpha_back(target):
    assert difference(reopen(encode(soft_cutout(), target)).getchannel("A"), soft_cutout().getchannel("A")) == 0


def test_the_page_offers_each_format():
    index = (ROOT / "index.html").read_text("utf-8")
    offered = re.search(r'<select data-setting="save.format">(.*?)</select>', index)[1]
    assert re.findall(r'<option value="(\w+)">(\w+)', offered) == [(n, target.title) for n, target in FORMATS.items()]


@pytest.mark.parametrize("name", ["png", "PNG", "Png"])
def test_formats_are_found_by_name_in_any_case(name):
    assert format_named(name) is PNG


def test_formats_are_found_by_their_extension():
    assert format_named("jpg") is format_named("JPEG") is JPEG
    assert format_named("tif") is format_named("tiff") is TIFF
    assert [format_named(target.extension.upper()) for target in FORMATS.values()] == list(FORMATS.values())


@pytest.mark.parametrize("name", ["gif", "", ".png", "bmp", None, 3, ["png"]])
def test_a_format_that_is_not_known_is_named_with_those_that_are(name):
    with pytest.raises(OptionError) as caught:
        format_named(name)
    assert repr(name) in str(caught.value)
    assert all(known in str(caught.value) for known in FORMATS)


@examples(60)
@given(
    arrays.arrays(
        np.uint8,
        strategies.tuples(strategies.integers(1, 9), strategies.integers(1, 9), strategies.sampled_from([3, 4])),
    )
)
def test_png_preserves_every_value(values):
    assert (np.asarray(reopen(encode(Image.fromarray(values), PNG))) == values).all()


def test_png_preserves_a_mask_in_grey():
    mask = soft_cutout().getchannel("A")
    assert difference(reopen(encode(mask, PNG)), mask) == 0


@formats_where(lambda target: target.transparent)
def test_every_alpha_is_preserved_at_any_quality(target):
    for quality in (1, 50, 100):
        back = reopen(encode(soft_cutout(), target, quality=quality))
        assert back.mode == "RGBA"
        assert difference(back.getchannel("A"), soft_cutout().getchannel("A")) == 0


@pytest.mark.parametrize("target", [WEBP, AVIF], ids=["webp", "avif"])
def test_lossy_cutouts_preserve_colours_closely(target):
    back = np.asarray(reopen(encode(soft_cutout(), target, quality=95)).convert("RGB")).astype(int)
    inside = [(4, 12), (12, 12), (4, 28), (12, 28)]
    wanted = np.asarray(scene()).astype(int)
    assert max(np.abs(back[place] - wanted[place]).max() for place in inside) <= 12


@formats_where(lambda target: target.transparent)
def test_the_removed_background_is_not_in_the_file(target):
    """Two photos that differ only where nothing is kept give the same file."""
    alpha = Image.new("L", (32, 16))
    alpha.paste(255, (0, 0, 16, 16))
    one, other = scene(), scene()
    other.paste(noise(16, 16), (16, 0))
    assert encode(cut_out(one, alpha), target) == encode(cut_out(other, alpha), target)


@formats_where(lambda target: not target.transparent)
@pytest.mark.parametrize("is_in_strips", [False, True])
def test_in_an_opaque_format_what_is_transparent_is_white(target, is_in_strips):
    cutout = soft_cutout()
    strips = StripImage(cutout.size, "RGBA", lambda top, bottom: np.asarray(cutout)[top:bottom])
    back = reopen(encode(strips if is_in_strips else cutout, target, quality=100))
    assert back.mode == "RGB" and difference(back, over_colour(cutout, (255, 255, 255))) <= 4
    assert np.asarray(back)[:, :5].min() >= 253


def colour_samples(quality: int) -> tuple[int, ...]:
    """The sampling of a JPEG's three components (ITU-T T.81, B.2.2): 0x11 for one value a pixel."""
    data = encode(scene(), JPEG, quality=quality)
    header = data.index(b"\xff\xc0")
    return tuple(data[header + 11 + 3 * component] for component in range(3))


@pytest.mark.parametrize(("quality", "samples"), [(1, 0x22), (89, 0x22), (90, 0x11), (95, 0x11), (100, 0x11)])
def test_jpeg_keeps_the_colour_of_every_pixel_from_quality_90_on(quality, samples):
    assert colour_samples(quality) == (samples, 0x11, 0x11)


@pytest.mark.parametrize("target", [JPEG, AVIF], ids=["jpeg", "avif"])
def test_thin_coloured_lines_keep_their_colour_in_a_fine_file(target):
    """Red letters on a label: with a quarter of the colours they are washed out."""
    lines = Image.new("RGB", (32, 32), "white")
    for column in range(0, 32, 4):
        lines.paste((200, 0, 0), (column, 0, column + 1, 32))
    assert difference(reopen(encode(lines, target, quality=95)), lines) <= 16


def test_jpeg_preserves_colours_and_masks_closely():
    assert difference(reopen(encode(scene(), JPEG, quality=95)).resize((2, 2)), scene().resize((2, 2))) <= 12
    mask = Image.new("L", (32, 16), 255)
    assert difference(reopen(encode(mask, JPEG)), mask) <= 1


@formats_where(lambda target: target.lossy)
def test_lossy_formats_use_the_quality(target):
    sizes = [len(encode(noise(64, 64), target, quality=quality)) for quality in (1, 30, 60, 90, 100)]
    assert sizes == sorted(sizes) and sizes[0] * 2 < sizes[-1]


@formats_where(lambda target: not target.lossy)
def test_lossless_formats_ignore_the_quality(target):
    picture = noise(channels=4)
    assert encode(picture, target, quality=1) == encode(picture, target, quality=100)
    assert difference(reopen(encode(picture, target)), picture) == 0


def test_a_tiff_has_straight_alpha_and_is_compressed():
    """Programs take an alpha that the file does not explain for premultiplied, or for nothing (TIFF 6.0, 18)."""
    tags = reopen(encode(soft_cutout().resize((320, 160)), TIFF)).tag_v2
    assert tags[338] == (2,) and tags[277] == 4  # unassociated alpha is the fourth sample
    assert tags[259] == 8 and tags[317] == 2  # Deflate of differences
    assert len(encode(soft_cutout().resize((320, 160)), TIFF)) < 320 * 160


def test_a_format_that_pillow_cannot_write_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.delitem(Image.SAVE, "AVIF")
    with pytest.raises(OptionError, match="cannot write AVIF") as caught:
        encode(scene(), AVIF)
    assert_plain(caught.value)


@formats_where(lambda target: True)
def test_the_profile_is_written_for_colours_and_not_for_grey(target):
    assert reopen(encode(scene(), target, icc_profile=profile())).info["icc_profile"] == profile()
    assert "icc_profile" not in reopen(encode(scene(), target)).info
    grey = encode(scene().convert("L"), target, icc_profile=profile())
    assert "icc_profile" not in reopen(grey).info


def test_a_large_profile_is_written_whole():
    """Printers' profiles are larger than a segment of a JPEG can be."""
    large = profile() + bytes(range(256)) * 400
    for target in FORMATS.values():
        assert reopen(encode(scene(), target, icc_profile=large)).info["icc_profile"] == large


@pytest.mark.parametrize("dpi", [(300, 300), (72, 144), (1, 65535), (299.5, 118.11)])
def test_the_resolution_is_written(dpi):
    assert reopen(encode(scene(), PNG, dpi=dpi)).info["dpi"] == pytest.approx(dpi, abs=0.02)
    assert reopen(encode(scene(), JPEG, dpi=dpi)).info["dpi"] == pytest.approx(dpi, abs=0.5)
    for target in (WEBP, AVIF, TIFF):
        assert decode(encode(scene(), target, dpi=dpi)).dpi == (pytest.approx(dpi, abs=0.02) if min(dpi) > 1 else None)


def test_without_a_resolution_none_is_written():
    assert "dpi" not in reopen(encode(scene(), PNG)).info
    assert "dpi" not in reopen(encode(scene(), JPEG)).info
    assert "exif" not in reopen(encode(scene(), WEBP)).info
    assert "exif" not in reopen(encode(scene(), AVIF)).info
    assert decode(encode(scene(), TIFF)).dpi is None


def test_a_picture_that_is_too_long_is_refused_in_the_formats_own_name():
    for target, name in ((WEBP, "WebP"), (JPEG, "JPEG")):
        with pytest.raises(OptionError, match=f"^{name} pictures"):
            encode(Image.new("RGB", (70_000, 1)), target)


@pytest.mark.parametrize(
    ("target", "size"),
    [
        (WEBP, (16_384, 1)),
        (WEBP, (1, 16_384)),
        (JPEG, (65_501, 1)),
        (JPEG, (1, 65_536)),
        (AVIF, (32_769, 1)),
    ],
)
def test_a_picture_longer_than_the_format_allows_is_refused_in_a_sentence(target, size):
    """A panorama: WebP ends at 16,383 pixels a side, AVIF at 32,768, JPEG as it is written here at 65,500."""
    with pytest.raises(OptionError) as caught:
        encode(Image.new("RGB", size), target)
    assert_plain(caught.value)


@pytest.mark.parametrize(("target", "size"), [(WEBP, (16_383, 1)), (JPEG, (1, 65_500)), (AVIF, (32_768, 1))])
def test_a_picture_just_as_long_as_the_format_allows_is_saved(target, size):
    assert reopen(encode(Image.new("RGB", size), target)).size == size


@formats_where(lambda target: not target.lossy)
def test_a_long_picture_can_be_saved_without_loss(target):
    assert reopen(encode(Image.new("RGBA", (70_000, 1)), target)).size == (70_000, 1)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L"])
@pytest.mark.parametrize("height", [1, ROWS - 1, ROWS, 2 * ROWS + 1])
def test_a_picture_in_strips_is_written_like_a_whole_one(mode, height):
    picture = noise(31, height).convert(mode)
    if mode == "RGBA":
        picture.putalpha(noise(31, height).convert("L"))
    values = np.asarray(picture)
    strips = StripImage(picture.size, mode, lambda top, bottom: values[top:bottom])
    metadata = {"icc_profile": profile(), "dpi": (300, 150)}
    whole, parts = encode(picture, PNG, **metadata), encode(strips, PNG, **metadata)
    assert parts == whole
    assert (np.asarray(reopen(parts)) == values).all()
    tiff = encode(strips, TIFF, **metadata)
    assert tiff == encode(picture, TIFF, **metadata) and (np.asarray(reopen(tiff)) == values).all()
    if mode != "RGBA":
        assert encode(strips, JPEG) == encode(picture, JPEG)


@pytest.mark.parametrize("path", sorted(PHOTOS.glob("*.png")), ids=lambda path: path.stem)
def test_a_cutouts_png_is_about_as_small_as_with_every_filter_tried(path):
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    alpha = Image.radial_gradient("L").resize(photo.size).point(lambda value: max(0, min(255, 4 * (150 - value))))
    cutout = cut_out(photo, alpha)
    pillows = io.BytesIO()
    cutout.save(pillows, "PNG", compress_level=PNG.options["compress_level"])
    assert len(encode(cutout, PNG)) < 1.05 * pillows.tell()
