"""TIFFs of all kinds: opened with the right colours, or called by their name."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from offcut.codecs import decode
from offcut.errors import ImageTooLargeError, NotAnImageError, TruncatedImageError
from tests.unit.offcut.samples import difference, profile, save, scene

HEIGHT, WIDTH = 22, 37
GREY, RGB, CMYK, LAB, ICC_LAB = 1, 2, 5, 8, 9
FORMATS = {"u": 1, "i": 2, "f": 3}

PICTURE = np.linspace(0, 255, HEIGHT * WIDTH * 3).reshape(HEIGHT, WIDTH, 3).astype(np.uint8)[::-1]
PICTURE = np.ascontiguousarray(PICTURE[..., [1, 0, 2]] ^ np.array([0, 3, 96], np.uint8))
ALPHA = (np.add.outer(np.arange(HEIGHT) * 3, np.arange(WIDTH) * 4) + 30).clip(1, 255).astype(np.uint8)


def tiff(
    values: np.ndarray,
    colours: int = RGB,
    *,
    extra: tuple = (),
    order: str = "<",
    is_big: bool = False,
    is_planar: bool = False,
    tile: int = 0,
    rows: int = 0,
    packing: int = 1,
    predictor: int = 1,
    more: tuple = (),
) -> bytes:
    """A TIFF of samples ``(h, w, samples)``; `more` are further tags as (tag, type, values)."""
    height, width, samples = values.shape
    kind = values.dtype.newbyteorder(order)

    def packed(block: np.ndarray) -> bytes:
        block = block.astype(kind)
        if predictor == 2:
            block = np.diff(block, axis=1, prepend=np.zeros_like(block[:, :1])).astype(kind)
        raw = np.ascontiguousarray(block).tobytes()
        if predictor == 3:
            big = np.ascontiguousarray(block.astype(kind.newbyteorder(">")))
            planes = big.view(np.uint8).reshape(block.shape[0], -1, kind.itemsize).transpose(0, 2, 1)
            planes = planes.reshape(block.shape[0], -1, block.shape[2])
            raw = np.diff(planes, axis=1, prepend=np.zeros_like(planes[:, :1])).astype(np.uint8).tobytes()
        if packing in (8, 32946):
            return zlib.compress(raw)
        if packing in (5, 32773):  # Pillow packs bytes, whatever they mean
            image = Image.frombytes("L", (len(raw) // block.shape[0], block.shape[0]), raw)
            file = save(image, "TIFF", compression={5: "tiff_lzw", 32773: "packbits"}[packing])
            page = Image.open(io.BytesIO(file))
            assert len(page.tag_v2[273]) == 1
            return file[page.tag_v2[273][0] :][: page.tag_v2[279][0]]
        return raw

    blocks = []
    for plane in np.split(values, samples, axis=2) if is_planar else [values]:
        if tile:
            padded = np.pad(plane, ((0, -height % tile), (0, -width % tile), (0, 0)))
            blocks += [
                packed(padded[top : top + tile, left : left + tile])
                for top in range(0, height, tile)
                for left in range(0, width, tile)
            ]
        else:
            step = rows or height
            blocks += [packed(plane[top : top + step]) for top in range(0, height, step)]
    offset, count = ("Q", 16) if is_big else ("I", 4)
    tags: list = [
        (256, 3, [width]),
        (257, 3, [height]),
        (258, 3, [kind.itemsize * 8] * samples),
        (259, 3, [packing]),
        (262, 3, [colours]),
        (277, 3, [samples]),
        (284, 3, [2 if is_planar else 1]),
        *([(317, 3, [predictor])] if predictor > 1 else []),
        *([(338, 3, list(extra))] if extra else []),
        (339, 3, [FORMATS[kind.kind]] * samples),
        *more,
    ]
    places = []
    data = bytearray({"<": b"II", ">": b"MM"}[order])
    data += struct.pack(order + ("HHHQ" if is_big else "HI"), *((43, 8, 0, 0) if is_big else (42, 0)))
    for block in blocks:
        places.append(len(data))
        data += block + bytes(len(block) % 2)
    tags += [(324 if tile else 273, count, places), (325 if tile else 279, count, [len(block) for block in blocks])]
    tags += [(322, 3, [tile]), (323, 3, [tile])] if tile else [(278, 3, [rows or height])]
    inline = 8 if is_big else 4
    forms = {1: "B", 2: "s", 3: "H", 4: "I", 7: "B", 16: "Q"}
    entries = b""
    for tag, kind_, given in sorted(tags):
        raw = struct.pack(order + forms[kind_] * len(given), *given)
        if len(raw) > inline:
            place, raw = len(data), raw + bytes(len(raw) % 2)
            data += raw
            raw = struct.pack(order + offset, place)
        entries += struct.pack(order + "HH" + offset, tag, kind_, len(given)) + raw.ljust(inline, b"\0")
    start = len(data)
    data += struct.pack(order + ("Q" if is_big else "H"), len(tags)) + entries + bytes(inline)
    struct.pack_into(order + offset, data, 8 if is_big else 4, start)
    return bytes(data)


def scaled(values: np.ndarray, kind: str) -> np.ndarray:
    """8-bit values as samples of another type."""
    if kind.startswith("f"):
        return (values / 255).astype(kind)
    return values if kind == "u1" else (values.astype(np.float64) * (int(np.iinfo(kind).max) / 255) + 0.5).astype(kind)


def apart(photo, wanted: np.ndarray) -> int:
    return int(np.abs(np.asarray(photo.image).astype(int) - wanted).max())


LAYOUTS: dict[str, dict] = {
    "strips": {"rows": 5},
    "big-endian": {"order": ">"},
    "BigTIFF": {"is_big": True},
    "planes": {"is_planar": True, "rows": 7},
    "tiles": {"tile": 16},
    "planes of tiles": {"is_planar": True, "tile": 16},
    "deflate": {"packing": 8, "rows": 5},
    "old deflate": {"packing": 32946},
    "LZW": {"packing": 5, "rows": 5},
    "PackBits": {"packing": 32773, "rows": 5},
    "deflate, predictor": {"packing": 8, "predictor": 2},
    "LZW, predictor, big-endian, tiles": {"packing": 5, "predictor": 2, "order": ">", "tile": 16},
}


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4", "f8"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_rgb_of_any_bits_and_layout(kind, layout):
    layout = dict(layout)
    if kind[0] == "f" and layout.get("predictor") == 2:
        layout["predictor"] = 3
    photo = decode(tiff(scaled(PICTURE, kind), **layout))
    assert apart(photo, PICTURE) <= 1
    assert (photo.alpha, photo.notices) == (None, [])


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4"])
@pytest.mark.parametrize("layout", ["strips", "big-endian", "planes", "tiles", "deflate, predictor"])
def test_unassociated_alpha(kind, layout):
    given = dict(LAYOUTS[layout])
    if kind[0] == "f" and "predictor" in given:
        given["predictor"] = 3
    values = np.dstack([scaled(PICTURE, kind), scaled(ALPHA, kind)])
    photo = decode(tiff(values, extra=(2,), **given))
    assert apart(photo, PICTURE) <= 1
    assert np.abs(np.asarray(photo.alpha).astype(int) - ALPHA).max() <= 1


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_associated_alpha_is_divided_out(kind):
    share = ALPHA[..., None] / 255
    premultiplied = scaled(PICTURE, kind) * share
    premultiplied = premultiplied.astype(kind) if kind[0] == "f" else (premultiplied + 0.5).astype(kind)
    photo = decode(tiff(np.dstack([premultiplied, scaled(ALPHA, kind)]), extra=(1,)))
    solid = ALPHA > 100
    off = np.abs(np.asarray(photo.image).astype(int) - PICTURE)[solid]
    assert off.max() <= (3 if kind == "u1" else 1)
    assert np.abs(np.asarray(photo.alpha).astype(int) - ALPHA).max() <= 1


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_grey_with_alpha(kind):
    levels = PICTURE[..., :1]
    photo = decode(tiff(np.dstack([scaled(levels, kind), scaled(ALPHA, kind)]), GREY, extra=(2,)))
    assert apart(photo, np.repeat(levels, 3, axis=2)) <= 1
    assert np.abs(np.asarray(photo.alpha).astype(int) - ALPHA).max() <= 1


@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_white_is_zero(kind):
    levels = PICTURE[..., :1]
    photo = decode(tiff(scaled(255 - levels, kind), 0))
    assert apart(photo, np.repeat(levels, 3, axis=2)) <= 1


@pytest.mark.parametrize("kind", ["u1", "u2"])
@pytest.mark.parametrize("extra", [(), (2,), (0,), (0, 2)], ids=["alone", "alpha", "unknown", "unknown and alpha"])
def test_cmyk_with_extra_channels(kind, extra):
    inks = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    for place in range(4):
        inks[:, place * 9 : place * 9 + 9, place] = 255
    more = [scaled(ALPHA, kind) for _ in extra]
    photo = decode(tiff(np.dstack([scaled(inks, kind), *more]), CMYK, extra=extra))
    seen = [photo.image.getpixel((place * 9 + 4, 5)) for place in range(4)]
    assert seen == [(0, 255, 255), (255, 0, 255), (255, 255, 0), (0, 0, 0)]
    assert (photo.alpha is not None) == (2 in extra)


@pytest.mark.parametrize("kind", ["u1", "u2"])
@pytest.mark.parametrize("colours", [LAB, ICC_LAB])
def test_lab(kind, colours):
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    soft = (PICTURE // 2 + 60).astype(np.uint8)
    lab = np.asarray(ImageCms.applyTransform(Image.fromarray(soft), to_lab)).astype(np.float64)
    light, a, b = lab[..., 0] * 100 / 255, lab[..., 1], lab[..., 2]
    a, b = (np.where(part > 127, part - 256, part) for part in (a, b))  # as Pillow has them: signed
    full = 255 if kind == "u1" else 65535
    unit, offset = (1 if kind == "u1" else 256), (128 if colours == ICC_LAB else 0)
    top = np.iinfo(kind).max + 1
    samples = [light * full / 100, ((a + offset) * unit) % top, ((b + offset) * unit) % top]
    values = np.dstack(samples).round().astype(kind)
    assert apart(decode(tiff(values, colours)), soft) <= 6


SOFT = scene(96, 64).resize((40, 24), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("packing", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_ycbcr_as_pillow_writes_it(packing):
    photo = decode(save(SOFT.convert("YCbCr"), "TIFF", compression=packing))
    assert difference(photo.image, SOFT) <= (60 if packing == "jpeg" else 3) and photo.notices == []


@pytest.mark.parametrize("shared", [(1, 1), (2, 1), (2, 2), (4, 4)])
@pytest.mark.parametrize("layout", [{}, {"rows": 8}, {"packing": 5}])
def test_ycbcr_whose_pixels_share_their_colours(shared, layout):
    across, down = shared
    small = SOFT.resize((40 // across, 24 // down), Image.Resampling.BOX)
    y = np.asarray(SOFT.convert("YCbCr"))[..., 0]
    differences = np.asarray(small.convert("YCbCr"))[..., 1:]
    units = (
        y.reshape(24 // down, down, 40 // across, across).transpose(0, 2, 1, 3).reshape(24 // down, 40 // across, -1)
    )
    lines = np.concatenate([units, differences], axis=2).reshape(24 // down, -1, 1)
    given = dict(layout)
    if "rows" in given:
        given["rows"] //= down
    data = tiff(lines, GREY, more=((530, 3, list(shared)),), **given)
    for tag, was, now in (
        (256, lines.shape[1], 40),
        (257, lines.shape[0], 24),
        (262, GREY, 6),
        (277, 1, 3),
        (278, given.get("rows") or lines.shape[0], layout.get("rows") or 24),
    ):
        old = struct.pack("<HHIH", tag, 3, 1, was)
        assert data.count(old) == 1
        data = data.replace(old, struct.pack("<HHIH", tag, 3, 1, now))
    colours = small.resize(SOFT.size, Image.Resampling.NEAREST).convert("YCbCr")
    wanted = Image.merge("YCbCr", [Image.fromarray(y), *colours.split()[1:]]).convert("RGB")
    photo = decode(data)
    assert difference(photo.image, wanted) <= 3 and photo.notices == []


def test_integers_and_floats_of_free_scale_are_neither_black_nor_white():
    bright = decode(tiff(PICTURE.astype(np.float32) * 40))
    assert 150 < np.asarray(bright.image).max() <= 255
    assert np.corrcoef(np.asarray(bright.image).ravel(), PICTURE.ravel())[0, 1] > 0.999
    holes = scaled(PICTURE, "f4")
    holes[0, 0] = np.nan
    assert decode(tiff(holes)).image.getpixel((0, 0)) == (0, 0, 0)


def test_12_bits():
    values = (PICTURE.astype(np.uint32) * 4095 // 255).reshape(HEIGHT, -1)
    bits = (values[..., None] >> np.arange(11, -1, -1) & 1).astype(np.uint8).reshape(HEIGHT, -1)
    packed = np.packbits(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))), axis=1)
    data = tiff(packed[..., None], GREY)
    for tag, was, now in ((256, packed.shape[1], WIDTH), (258, 8, 12), (262, GREY, RGB), (277, 1, 3)):
        old = struct.pack("<HHIH", tag, 3, 1, was)
        assert data.count(old) == 1
        data = data.replace(old, struct.pack("<HHIH", tag, 3, 1, now))
    assert apart(decode(data), PICTURE) <= 1


def test_profile_resolution_and_orientation():
    given = profile()
    more = ((274, 3, [6]), (34675, 7, list(given)), (296, 3, [3]))
    photo = decode(tiff(scaled(PICTURE, "f4"), more=more))
    assert photo.size == (HEIGHT, WIDTH)
    assert difference(photo.image, Image.fromarray(PICTURE).transpose(Image.Transpose.ROTATE_270)) <= 1


@pytest.mark.parametrize("subfile", [1, 4], ids=["preview", "mask"])
def test_a_preview_or_mask_before_the_photo_is_skipped(subfile):
    small = tiff(PICTURE[:5, :5], more=((254, 4, [subfile]),))
    photo = tiff(PICTURE)
    # The second file's page behind the first one's, with its places moved.
    base = len(small) + len(small) % 2
    moved = bytearray(photo)
    start = struct.unpack_from("<I", photo, 4)[0]
    (entries,) = struct.unpack_from("<H", photo, start)
    for index in range(entries):
        tag, kind, count, value = struct.unpack_from("<HHII", photo, start + 2 + 12 * index)
        if tag == 273 or count * {3: 2, 4: 4}[kind] > 4:
            struct.pack_into("<I", moved, start + 2 + 12 * index + 8, value + base)
    joined = bytearray(small.ljust(base, b"\0") + moved)
    first = struct.unpack_from("<I", small, 4)[0]
    struct.pack_into("<I", joined, first + 2 + 12 * struct.unpack_from("<H", small, first)[0], start + base)
    assert apart(decode(bytes(joined)), PICTURE) == 0


RAW = {
    "DNG": tiff(PICTURE, more=((50706, 1, [1, 4, 0, 0]),)),
    "colour filter array": tiff(PICTURE[..., :1], 32803),
    "linear raw": tiff(PICTURE, 34892),
    "Canon CR2": tiff(PICTURE)[:8] + b"CR\2\0" + tiff(PICTURE)[12:],
}


@pytest.mark.parametrize("data", RAW.values(), ids=RAW)
def test_a_raw_file_is_not_opened_as_its_preview(data):
    with pytest.raises(NotAnImageError, match="raw file of a camera") as caught:
        decode(data)
    assert caught.value.reason == "raw"


RARE = {
    "32-bit floating-point LAB": tiff(scaled(PICTURE, "f4"), LAB),
    "16-bit YCbCr": tiff(scaled(PICTURE, "u2"), 6),
    "64-bit RGB": tiff(PICTURE.astype(np.uint64)),
    "8-bit rare": tiff(PICTURE, 32845),
    "8-bit RGB, compressed as JPEG XL": tiff(PICTURE, packing=50002),
    "8-bit RGB, compressed as number 777": tiff(PICTURE, packing=777),
}


@pytest.mark.parametrize("kind", RARE)
def test_a_kind_that_cannot_be_read_is_named(kind):
    with pytest.raises(NotAnImageError) as caught:
        decode(RARE[kind])
    assert kind in str(caught.value) and "8-bit RGB" in str(caught.value) and "damaged" not in str(caught.value)
    assert (caught.value.reason, caught.value.kind) == ("kind", f"TIFF, {kind}")


def test_a_tiff_that_ends_early_is_filled_up_with_a_notice():
    whole = save(scene(64, 64), "TIFF")  # its description comes first
    photo = decode(whole[: len(whole) * 9 // 10])
    assert (photo.size, photo.notices) == ((64, 64), ["incomplete"])
    with pytest.raises(TruncatedImageError, match="ends early"):
        decode(whole[: len(whole) // 3])


def test_the_size_is_checked_before_anything_is_decoded():
    data = tiff(scaled(PICTURE, "f4")).replace(
        struct.pack("<HHIH", 256, 3, 1, WIDTH), struct.pack("<HHIH", 256, 3, 1, 65000)
    )
    data = data.replace(struct.pack("<HHIH", 257, 3, 1, HEIGHT), struct.pack("<HHIH", 257, 3, 1, 65000))
    with pytest.raises(ImageTooLargeError):
        decode(data)
