"""Orientation is applied; profile and resolution are kept; nothing else of the file is."""

import struct

import pytest
from hypothesis import given, strategies
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from offcut.codecs import FORMATS, decode
from offcut.options import Options
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import CORNERS, difference, examples, exif, profile, reopen, save, scene

# What brings a stored picture upright, by EXIF orientation (CIPA DC-008, tag 0x0112), and what undoes that.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
LOSSLESS = ("PNG", "TIFF")


def png_with_exif_behind_its_pixels() -> bytes:
    data = save(scene(), "PNG", exif=exif(6))
    start = data.index(b"eXIf") - 4
    chunk = data[start : start + 12 + int.from_bytes(data[start : start + 4], "big")]
    rest = data.replace(chunk, b"")
    return rest[:-12] + chunk + rest[-12:]


def stored(orientation: int, picture: Image.Image) -> Image.Image:
    turn = STORED[orientation]
    return picture.transpose(turn) if turn is not None else picture


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("orientation", STORED)
def test_however_the_camera_was_held_the_picture_is_the_same(orientation, kind):
    data = save(stored(orientation, scene()), kind, exif=exif(orientation))
    assert difference(decode(data).image, scene()) == 0


@pytest.mark.parametrize("orientation", STORED)
def test_however_the_camera_was_held_a_jpeg_is_the_same(orientation):
    data = save(stored(orientation, scene()), "JPEG", exif=exif(orientation), quality=95, subsampling=0)
    photo = decode(data)
    assert photo.size == (32, 16)
    assert difference(photo.image, scene()) <= 6


@pytest.mark.parametrize("orientation", STORED)
def test_the_files_alpha_is_rotated_with_the_picture(orientation):
    picture = scene().convert("RGBA")
    picture.putalpha(scene().getchannel("R"))
    photo = decode(save(stored(orientation, picture), "PNG", exif=exif(orientation)))
    assert difference(photo.alpha, scene().getchannel("R")) == 0
    assert difference(photo.image, scene()) == 0


def test_16_bit_and_grey_pictures_are_rotated_too():
    for mode in ("I;16", "L", "1", "P"):
        picture = Image.new(mode, (5, 3))
        assert decode(save(picture, "PNG", exif=exif(6))).size == (3, 5)


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)


def text_chunk(name: str, value: str) -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    text.add_itxt(name, value)
    return text


@pytest.mark.parametrize(
    "data",
    [
        save(scene(), "JPEG", xmp=XMP),
        save(scene(), "TIFF", tiffinfo={700: XMP}),
        save(scene(), "PNG", pnginfo=text_chunk("XML:com.adobe.xmp", XMP.decode())),
        save(scene(), "PNG", pnginfo=text_chunk("Raw profile type exif", f"\nexif\n{len(exif(6)):8}\n{exif(6).hex()}")),
        png_with_exif_behind_its_pixels(),
        save(scene(), "WEBP", xmp=XMP),
        save(scene(), "WEBP", exif=exif(6)),
    ],
    ids=["JPEG's XMP", "TIFF's XMP", "PNG's XMP", "PNG's text", "PNG, late", "WebP's XMP", "WebP's EXIF"],
)
def test_an_orientation_that_browsers_do_not_heed_turns_nothing(data):
    """So the photo does not turn when the browser's own picture of it gives way to the engine's."""
    assert decode(data).size == (32, 16)


@pytest.mark.parametrize("kind", [1, 4, 7, 8, 9])
def test_an_orientation_of_another_type_turns_nothing(kind):
    assert decode(save(scene(), "JPEG", exif=entry(kind, 1, b"\6\0\0\0"))).size == (32, 16)


def test_the_first_of_two_exif_blocks_counts():
    one, other = save(scene(), "JPEG", exif=exif(6)), save(scene(), "JPEG", exif=exif(3))
    start = other.index(b"\xff\xe1")
    block = other[start : start + 2 + int.from_bytes(other[start + 2 : start + 4], "big")]
    end = one.index(b"\xff\xe1") + len(block)
    assert decode(one[:end] + block + one[end:]).size == (16, 32)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(orientation):
    assert difference(decode(save(scene(), "PNG", exif=exif(orientation))).image, scene()) == 0


def entry(kind: int, count: int, value: bytes) -> bytes:
    """An EXIF block of one entry, the orientation, of any type and count."""
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHI", 0x0112, kind, count) + value + bytes(4)


BROKEN = {
    "cut off": exif(6)[:30],
    "name alone": b"Exif\0\0",
    "half a header": b"Exif\0\0II*\0",
    "no byte order": b"Exif\0\0XX*\0\x08\0\0\0",
    "pointing nowhere": b"Exif\0\0II*\0\xff\xff\xff\xff",
    "text": entry(2, 4, b"six\0"),
    "division by zero": entry(5, 1, b"\x08\0\0\0"),
    "many values": entry(3, 2, b"\x06\0\x03\0"),
    "no value": entry(3, 0, bytes(4)),
    "unknown type": entry(99, 1, bytes(4)),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("block", BROKEN.values(), ids=BROKEN.keys())
def test_broken_exif_does_not_stop(block, kind):
    photo = decode(save(scene(), kind, exif=block))
    assert photo.size in ((32, 16), (16, 32))


@examples(150)
@given(
    strategies.one_of(
        strategies.binary(max_size=80).map(lambda block: b"Exif\0\0" + block),
        strategies.binary(max_size=20).map(lambda block: b"Exif\0\0MM\0*" + block),
        strategies.binary(max_size=80).map(lambda block: b"Exif\0\0II*\0\x08\0\0\0" + block),
        strategies.builds(
            entry, strategies.integers(0, 16), strategies.integers(0, 9), strategies.binary(min_size=4, max_size=4)
        ),
    ),
    strategies.sampled_from(["JPEG", "PNG"]),
)
def test_no_exif_block_stops_a_photo(block, kind):
    assert decode(save(Image.new("RGB", (3, 2)), kind, exif=block)).size in ((3, 2), (2, 3))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_profile_of_rgb_is_kept(kind):
    assert decode(save(scene(), kind, icc_profile=profile())).icc_profile == profile()


@pytest.mark.parametrize(("space", "mode"), [(b"CMYK", "CMYK"), (b"GRAY", "L"), (b"CMYK", "RGB")])
def test_a_profile_of_other_colours_is_not(space, mode):
    """The pixels are RGB after decoding, so it would lie about them."""
    assert decode(save(scene().convert(mode), "JPEG", icc_profile=profile(space))).icc_profile is None


def test_a_profile_without_a_colour_space_is_not_kept():
    assert decode(save(scene(), "PNG", icc_profile=b"RGB ")).icc_profile is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
def test_the_resolution_is_kept(kind):
    assert decode(save(scene(), kind, dpi=(300, 150))).dpi == pytest.approx((300, 150), abs=0.1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("unit", "given"), [(2, 300), (3, 118.11), (None, 300)])
def test_the_resolution_is_read_from_exif_whatever_its_unit(kind, unit, given):
    """Unit 3 is pixels per centimetre, and inches are meant where there is none."""
    block = Image.Exif()
    block[0x011A], block[0x011B] = given, given / 2
    if unit:
        block[0x0128] = unit
    assert decode(save(scene(), kind, exif=block.tobytes())).dpi == pytest.approx((300, 150), abs=0.1)


def test_the_resolution_may_be_given_in_centimetres():
    tiff = save(scene(), "TIFF", resolution_unit="cm", x_resolution=118.11, y_resolution=59.055)
    jpeg = bytearray(save(scene(), "JPEG", dpi=(118, 59)))
    jpeg[jpeg.index(b"JFIF") + 7] = 2  # JFIF 1.02, "units": dots per centimetre
    for data in (tiff, bytes(jpeg)):
        assert decode(data).dpi == pytest.approx((300, 150), abs=0.3)


def test_pixels_that_are_not_square_are_no_resolution():
    block = Image.Exif()
    block[0x011A], block[0x011B], block[0x0128] = 2, 3, 1
    assert decode(save(scene(), "WEBP", exif=block.tobytes())).dpi is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_a_file_without_a_resolution_gets_none(kind):
    assert decode(save(scene(), kind)).dpi is None


@pytest.mark.parametrize("orientation", STORED)
def test_the_resolution_is_rotated_with_the_picture(orientation):
    upright = (200, 100)
    lying = upright[::-1] if orientation > 4 else upright
    data = save(stored(orientation, scene()), "JPEG", exif=exif(orientation), dpi=lying)
    assert decode(data).dpi == pytest.approx(upright)


@pytest.mark.parametrize("value", [(0, 300), (300, 0), (0, 0)])
def test_a_resolution_of_zero_is_none(value):
    assert decode(save(scene(), "PNG", dpi=value)).dpi is None


def camera_files() -> dict[str, bytes]:
    """Files that tell who, where and with what, in every place a format has for it."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretOwner")
    text.add_itxt("XML:com.adobe.xmp", "<x>SecretPlace</x>")
    seen_through = scene().convert("RGBA")
    seen_through.putalpha(200)
    xmp = b"<x:xmpmeta>SecretPlace</x:xmpmeta>"
    files = {
        "JPEG": save(
            scene(),
            "JPEG",
            exif=exif(1, ImageDescription="SecretEvent"),
            xmp=xmp,
            comment="SecretOwner",
            icc_profile=profile(),
            dpi=(300, 300),
        ),
        "PNG": save(scene(), "PNG", exif=exif(1), pnginfo=text),
        "PNG with alpha": save(seen_through, "PNG", exif=exif(1), pnginfo=text, icc_profile=profile()),
        "WebP": save(scene(), "WEBP", exif=exif(1), xmp=xmp),
        "WebP with alpha": save(seen_through, "WEBP", exif=exif(1), xmp=xmp),
        "TIFF": save(scene(), "TIFF", tiffinfo={ExifTags.Base.Artist: "SecretOwner", 700: xmp}),
        "GIF": save(scene(), "GIF", comment=b"SecretOwner"),
        "GIF with alpha": save(scene().quantize(4), "GIF", comment=b"SecretOwner", transparency=1),
    }
    assert all(b"Secret" in data for data in files.values())
    return files


@pytest.mark.parametrize("name", camera_files())
def test_a_decoded_photo_holds_no_metadata_that_a_later_save_could_write(name):
    photo = decode(camera_files()[name])
    assert photo.image.info == {}
    assert photo.alpha is None or photo.alpha.info == {}


OUTPUTS = {
    "PNG": {},
    "WebP": {"format": "webp"},
    "JPEG": {"format": "jpeg", "background": "white"},
    "mask": {"output": "mask"},
    "WebP mask": {"output": "mask", "format": "webp"},
    "JPEG mask": {"output": "mask", "format": "jpeg"},
}


@pytest.mark.parametrize("options", OUTPUTS.values(), ids=OUTPUTS.keys())
@pytest.mark.parametrize("name", camera_files())
def test_a_cutout_does_not_reveal_who_took_the_photo_and_where(name, options):
    result = run(Bench().engine.remove(camera_files()[name], Options(**options)))
    assert b"Secret" not in result.data
    # The resolution of WebP and AVIF is in an EXIF block.
    assert set(reopen(result.data).getexif()) <= {0x011A, 0x011B, 0x0128}


@pytest.mark.parametrize("output", FORMATS)
def test_a_cutout_has_the_photos_profile(output):
    real = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = save(scene(), "JPEG", icc_profile=real)
    result = run(Bench().engine.remove(photo, Options(format=output, background="white")))
    assert reopen(result.data).info["icc_profile"] == real


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("alpha", [255, 200], ids=["opaque", "with its own alpha"])
def test_a_mask_is_grey_and_so_has_no_profile_of_rgb(alpha, output):
    """A grey PNG with a profile of RGB is not valid (PNG 3, 11.3.2.3)."""
    picture = scene().convert("RGBA")
    picture.putalpha(alpha)
    photo = save(picture, "PNG", icc_profile=profile())
    result = run(Bench().engine.remove(photo, Options(format=output, output="mask")))
    assert "icc_profile" not in reopen(result.data).info


@pytest.mark.parametrize(("output", "within"), [("png", 0.1), ("webp", 0.1), ("jpeg", 0), ("avif", 0.1), ("tiff", 0)])
def test_a_cutout_has_the_photos_resolution(output, within):
    photo = save(scene(), "JPEG", dpi=(300, 150))
    result = run(Bench().engine.remove(photo, Options(format=output, background="white")))
    assert decode(result.data).dpi == pytest.approx((300, 150), abs=within)


def test_corners_of_the_scene_differ():
    """Else the tests of orientation would prove nothing."""
    assert len(set(CORNERS.values())) == 4
    turned = [stored(orientation, scene()).resize((8, 8)).tobytes() for orientation in STORED]
    assert len(set(turned)) == 8
