"""Every file that cannot be cut out is refused by the exact class and in a sentence; nothing else ever comes out."""

import time

import pytest
from hypothesis import example, given, strategies
from PIL import EpsImagePlugin, Image, ImageFile

from offcut import errors
from offcut.codecs import Photo, decode
from offcut.codecs.sniff import format_of
from offcut.errors import (
    EmptyFileError,
    ImageTooLargeError,
    NotAnImageError,
    OffcutError,
    OutOfMemoryError,
    TruncatedImageError,
    ZeroSizedImageError,
)
from offcut.memory_budget import MAX_PIXELS, Budget
from tests.unit.offcut.samples import (
    assert_plain,
    bmp,
    examples,
    exif,
    gif,
    jpeg,
    layered_files,
    moving_files,
    noise,
    png,
    save,
    scene,
    still_files,
    webp,
)


def refusal(data: bytes, **options) -> OffcutError:
    with pytest.raises(OffcutError) as caught:
        decode(data, **options)
    assert_plain(caught.value)
    return caught.value


def photo_or_refusal(data: bytes) -> Photo | OffcutError:
    """Whatever the bytes are, one of the two; anything else fails the test."""
    try:
        # Damage may well claim a large picture; decoding those would only make the test slow.
        photo = decode(data, Budget(20_000))
    except OffcutError as error:
        assert_plain(error)
        return error
    assert photo.image.mode == "RGB" and 0 < photo.image.width * photo.image.height <= 20_000
    assert photo.alpha is None or (photo.alpha.mode, photo.alpha.size) == ("L", photo.size)
    photo.image.tobytes()
    return photo


def test_the_names_of_refusals_are_those_that_other_code_compares():
    names = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert names == {
        "OffcutError",
        "EmptyFileError",
        "UnreadableFileError",
        "NetworkError",
        "NotAnImageError",
        "NothingOpenError",
        "WorkDamagedError",
        "TruncatedImageError",
        "ZeroSizedImageError",
        "ImageTooLargeError",
        "OptionError",
        "ModelDownloadError",
        "ModelDamagedError",
        "DownloadCancelledError",
        "InferenceError",
        "OutOfMemoryError",
        "HelpError",
        "BatchGoneError",
        "CodecDownloadError",
        "NoRoomError",
        "RecipeError",
    }
    assert all(getattr(errors, name)("A sentence.").name == name for name in names)
    assert all(issubclass(getattr(errors, name), OffcutError) for name in names)


def test_an_empty_file():
    assert type(refusal(b"")) is EmptyFileError


@pytest.mark.parametrize(
    "data",
    [
        b"Dear all,\n\nplease find the photo attached.\n",
        b"\xef\xbb\xbfname;size\n",
        b"{}",
        b"\0" * 4096,
        b"\xff" * 4096,
        b"x",
    ],
    ids=["letter", "table", "JSON", "zeros", "ones", "one byte"],
)
def test_a_file_that_is_no_image(data):
    error = refusal(data)
    assert type(error) is NotAnImageError
    assert "JPEG, PNG, WebP, GIF, TIFF or BMP" in str(error)


OTHERS = {
    "SVG": (b"<?xml version='1.0'?><svg width='9' height='9'/>", "drawing", "SVG drawing"),
    "SVG in UTF-16": ("<svg/>".encode("utf-16"), "drawing", "SVG drawing"),
    "web page": (b"\n<!DOCTYPE html><title>404</title><p>Not found", "page", "web page"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "pdf", "PDF"),
    "ZIP": (b"PK\x03\x04" + bytes(60), "archive", "Unpack"),
    "MP4": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(60), "video", "video"),
    "QuickTime": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(60), "video", "video"),
    "old QuickTime": (b"\0\0\0\x08wide\0\0\1\0mdat" + bytes(60), "video", "video"),
    "Matroska": (b"\x1a\x45\xdf\xa3" + bytes(60), "video", "video"),
    "AVI": (b"RIFF\x24\0\0\0AVI LIST" + bytes(40), "video", "video"),
    "WAVE": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), "sound", "sound"),
    "MP3 with a JPEG in it": (b"ID3\4\0\0\0\0\1\0APIC" + save(scene(), "JPEG"), "sound", "sound"),
    "Fujifilm": (b"FUJIFILMCCD-RAW 0201" + bytes(80) + save(scene(), "JPEG"), "raw", "raw"),
    "Canon CR3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(60), "raw", "raw"),
    "Panasonic": (b"IIU\0\x18\0\0\0" + bytes(60), "raw", "raw"),
    "Olympus": (b"IIRO\x08\0\0\0" + bytes(60), "raw", "raw"),
    "Photoshop": (b"8BPS\0\1" + bytes(60), "kind", "Photoshop"),
    "JPEG XL": (b"\xff\x0a\xfa\x1f" + bytes(60), "kind", "JPEG XL"),
    "JPEG XL in boxes": (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "kind", "JPEG XL"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "kind", "JPEG 2000"),
    "GIMP": (b"gimp xcf v011\0" + bytes(60), "kind", "GIMP"),
    "OpenEXR": (b"v/1\1\2\0\0\0" + bytes(60), "kind", "OpenEXR"),
    "icon": (save(scene(), "ICO"), "icon", "icon"),
    "icon of a Mac": (save(scene(64, 64), "ICNS"), "icon", "icon"),
    "TGA": (save(scene(), "TGA"), "kind", "a TGA file"),
    "grey TGA": (save(scene().convert("L"), "TGA"), "kind", "a TGA file"),
    "palette TGA": (save(scene().quantize(4), "TGA"), "kind", "a TGA file"),
    "old TGA": (save(scene().convert("RGBA"), "TGA", compression="tga_rle")[:-26], "kind", "a TGA file"),
    "PCX": (save(scene(), "PCX"), "kind", "a PCX file"),
    "PPM": (save(scene(), "PPM"), "kind", "a PPM file"),
    "PGM": (save(scene().convert("L"), "PPM"), "kind", "a PGM file"),
    "PBM": (save(scene().convert("1"), "PPM"), "kind", "a PBM file"),
    "SGI": (save(scene(), "SGI"), "kind", "an SGI file"),
    "DDS": (save(scene(), "DDS"), "kind", "a DDS file"),
    "XBM": (save(scene().convert("1"), "XBM"), "kind", "an XBM file"),
    "JPEG 2000 of Pillow": (b"\xff\x4f\xff\x51\0\x2f" + bytes(60), "kind", "JPEG 2000"),
    "CorelDRAW": (b"RIFF\0\1\0\0CDRAvrsn" + bytes(60), "kind", "a CorelDRAW file"),
    "FITS": (b"SIMPLE  =                    T", "kind", "a FITS file"),
    "Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "archive", "document"),
    "PNG of an iPhone app": (b"\x89PNG\r\n\x1a\n\0\0\0\4CgBI\x50\0\x20\2" + bytes(90), "kind", "iPhone app"),
}


@pytest.mark.parametrize(("data", "reason", "name"), OTHERS.values(), ids=OTHERS)
def test_a_file_of_another_kind_is_called_what_it_is(data, reason, name):
    error = refusal(data)
    assert (type(error), error.reason) == (NotAnImageError, reason)
    assert name in str(error) and "damaged" not in str(error)


def of_another_process(marker: int, bits: int = 8, channels: int = 3) -> bytes:
    """A JPEG whose header states another way of coding, bits or channels."""
    data = bytearray(save(noise(64, 64), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4], data[at + 9] = marker, bits, channels
    return bytes(data)


JPEGS = {
    "12-bit JPEG": of_another_process(0xC1, 12),
    "lossless JPEG": of_another_process(0xC3),
    "hierarchical JPEG": of_another_process(0xC5),
    "JPEG-LS": of_another_process(0xF7),
    "JPEG of 2 channels": of_another_process(0xC0, channels=2),
}


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_that_no_browser_shows_is_named(kind):
    error = refusal(JPEGS[kind])
    assert (type(error), error.reason, error.kind) == (NotAnImageError, "kind", kind)
    assert f"a {kind}," in str(error) and "PNG" in str(error)


HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"heif")


@pytest.mark.parametrize("brand", HEIC)
def test_every_brand_of_heic_is_named_with_the_way_out(brand):
    error = refusal(b"\0\0\0\x18ftyp" + brand + bytes(12))
    assert (type(error), error.reason) == (NotAnImageError, "heic")
    assert "Most Compatible" in str(error) and "JPEG" in str(error)


def test_an_avif_is_named_with_the_way_out():
    """Cut short, so that it is refused also where Pillow can read the format."""
    error = refusal(b"\0\0\0\x18ftypavif" + bytes(12))
    assert (type(error), error.reason) == (NotAnImageError, "avif")
    assert "AVIF" in str(error) and "JPEG or PNG" in str(error)


@pytest.mark.parametrize(
    ("brands", "kind"),
    [(b"mif1\0\0\0\0mif1avif", "AVIF"), (b"mif1\0\0\0\0mif1heic", "HEIC"), (b"avis\0\0\0\0msf1", "AVIF")],
)
def test_a_general_brand_is_told_by_the_others(brands, kind):
    assert format_of((8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands) == kind


@pytest.mark.parametrize(
    "data",
    [
        save(scene(), "EPS"),
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        b"GRIB\0\0\0\x01" + bytes(100),
        b"\0\0\x01\xb3\x10\x01\0\x14" + bytes(100),
    ],
    ids=["EPS", "HDF5", "GRIB", "MPEG"],
)
def test_an_intact_file_of_a_kind_that_is_not_offered_is_not_called_damaged(data):
    assert type(refusal(data)) is NotAnImageError


def test_no_other_program_is_started_for_a_file(monkeypatch):
    """Pillow hands PostScript to Ghostscript wherever that is installed."""

    def start(*arguments, **options):
        raise AssertionError("another program was asked to open the file")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", start)
    assert not isinstance(refusal(save(scene(), "EPS")).__cause__, AssertionError)


@pytest.mark.parametrize("name", still_files())
def test_half_a_file_is_damaged_and_named(name):
    data = still_files()[name]
    error = refusal(data[: len(data) * 2 // 5])
    assert type(error) is TruncatedImageError
    assert name.split()[-1] in str(error)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF89a", "GIF"),
        (b"GIF87a", "GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"BM" + bytes(12), "BMP"),
    ],
)
def test_a_beginning_alone_is_damaged_and_named(data, name):
    error = refusal(data)
    assert type(error) is TruncatedImageError
    assert name in str(error)


@pytest.mark.parametrize("name", ["JPEG", "progressive JPEG", "PNG", "palette PNG", "WebP", "lossless WebP", "GIF"])
@examples(40)
@given(strategies.data())
def test_a_photo_cut_anywhere_is_a_photo_or_refused(name, data):
    whole = still_files()[name]
    cut = data.draw(strategies.integers(0, len(whole) - 1), "cut")
    outcome = photo_or_refusal(whole[:cut])
    if cut < len(whole) * 0.2:
        assert isinstance(outcome, OffcutError)


@pytest.mark.parametrize("name", ["TIFF", "LZW TIFF", "deflate TIFF", "JPEG TIFF", "fax TIFF", "BMP", "palette BMP"])
@examples(30)
@given(strategies.data())
def test_a_scan_cut_anywhere_is_a_photo_or_refused(name, data):
    whole = still_files()[name]
    photo_or_refusal(whole[: data.draw(strategies.integers(0, len(whole) - 1), "cut")])


@pytest.mark.parametrize("name", [*moving_files(), *layered_files()])
@examples(50)
@given(strategies.data())
def test_an_animation_cut_anywhere_is_a_photo_or_refused(name, data):
    whole = (moving_files() | layered_files())[name]
    photo_or_refusal(whole[: data.draw(strategies.integers(0, len(whole) - 1), "cut")])


@pytest.mark.parametrize("name", [*still_files(), *moving_files(), *layered_files()])
@examples(30)
@given(strategies.data())
def test_a_file_damaged_anywhere_is_a_photo_or_refused(name, data):
    damaged = bytearray((still_files() | moving_files() | layered_files())[name])
    # Most damage to pixels is only seen; headers come first.
    end = len(damaged) - 1
    places = strategies.one_of(strategies.integers(0, min(150, end)), strategies.integers(0, end))
    for place, value in data.draw(strategies.lists(strategies.tuples(places, strategies.integers(0, 255)), max_size=4)):
        damaged[place] = value
    photo_or_refusal(bytes(damaged))


@examples(200)
@given(
    strategies.sampled_from(
        [
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
            b"GIF89a",
            b"RIFF\x40\0\0\0WEBPVP8 ",
            b"RIFF\x40\0\0\0WEBPVP8L",
            b"RIFF\x40\0\0\0WEBPVP8X",
            b"II*\0",
            b"II*\0\x08\0\0\0",
            b"MM\0*",
            b"BM",
            b"\0\0\0\x18ftypavif",
            b"\0\0\0\x18ftypheic",
            b"",
        ]
    ),
    strategies.binary(max_size=200),
)
@example(b"", b"")
def test_random_bytes_with_a_signature_are_a_photo_or_refused(signature, rest):
    photo_or_refusal(signature + rest)


@pytest.mark.parametrize(("width", "height"), [(0, 8), (8, 0), (0, 0)])
@pytest.mark.parametrize("make", [lambda w, h: png(w, h, b"\0"), gif, bmp], ids=["PNG", "GIF", "BMP"])
def test_an_image_of_no_size(make, width, height):
    assert type(refusal(make(width, height))) is ZeroSizedImageError


@pytest.mark.parametrize(
    "make",
    [
        lambda: png(60_000, 60_000, b""),
        lambda: gif(60_000, 60_000),
        lambda: gif(1, 1, frame=(0, 0, 60_000, 60_000)),
        lambda: bmp(60_000, 60_000),
        lambda: bmp(60_000, -60_000),
        lambda: jpeg(60_000, 60_000),
        lambda: webp(16_383, 16_383),
    ],
    ids=["PNG", "GIF", "GIF frame", "BMP", "BMP from above", "JPEG", "WebP"],
)
def test_a_header_that_claims_too_much_is_refused_before_any_pixel_is_decoded(make, monkeypatch):
    def load(self):
        raise AssertionError("decoding began")

    for plugin in [ImageFile.ImageFile, *ImageFile.ImageFile.__subclasses__()]:
        if "load" in vars(plugin):
            monkeypatch.setattr(plugin, "load", load)
    monkeypatch.setattr(Image.core, "new", load)
    data = make()
    since = time.perf_counter()
    error = refusal(data)
    assert time.perf_counter() - since < 1
    assert type(error) is ImageTooLargeError
    assert ("16383 × 16383" if b"WEBP" in data else "60000 × 60000") in str(error)


def test_the_limit_itself_is_allowed_and_one_row_more_is_not():
    data = save(noise(16, 12), "PNG")
    assert decode(data, Budget(16 * 12)).size == (16, 12)
    assert type(refusal(data, budget=Budget(16 * 12 - 1))) is ImageTooLargeError


def test_just_below_the_limit_pillow_does_not_warn(recwarn):
    """A header of just as many pixels with nothing behind it is short, not too large and not suspicious."""
    width = MAX_PIXELS // 10_000
    assert type(refusal(png(width, 10_000, b""))) is TruncatedImageError
    assert type(refusal(png(width + 1, 10_000, b""))) is ImageTooLargeError
    assert not recwarn.list


@pytest.mark.parametrize(
    "data",
    [
        save(scene(), "TIFF")[:12],
        save(scene(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x09\0"),
        layered_files()["phone JPEG"].replace(b"MPF\0", b"MPF\0\xff", 1),
    ],
    ids=["cut TIFF", "broken EXIF", "broken list of pictures"],
)
def test_pillows_warnings_are_not_shown_with_a_refusal(data, recwarn):
    """On the command line it would stand on standard error before the one sentence that is meant for people."""
    photo_or_refusal(data)
    assert [str(warning.message) for warning in recwarn.list] == []


@pytest.mark.parametrize("where", ["PIL.Image.open", "PIL.ImageFile.ImageFile.load", "PIL.Image.Image.transpose"])
def test_too_little_memory_is_not_called_damage(where, monkeypatch):
    def fail(*arguments, **options):
        raise MemoryError

    data = save(scene(), "JPEG", exif=exif(6))
    monkeypatch.setattr(where, fail)
    assert type(refusal(data)) is OutOfMemoryError


def test_a_refusal_leaves_nothing_behind():
    """The next photo is not harmed by the one before."""
    for data in (b"", b"no", still_files()["PNG"][:100], png(60_000, 60_000, b"")):
        refusal(data)
    assert decode(save(scene(), "PNG")).size == (32, 16)
