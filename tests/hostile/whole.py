"""A sound file of every format and kind that Offcut reads: what the damage is done to."""

from __future__ import annotations

import functools
import io
import struct
import zlib

import numpy as np
from PIL import Image, features

from tests.unit.offcut.samples import exif, noise, png, png_chunk, png_interlaced, profile, save, scene


def tiff(
    values: np.ndarray,
    colours: int = 2,
    *,
    order: str = "<",
    is_big: bool = False,
    packing: int = 1,
    pages: int = 1,
    more: tuple[tuple[int, int, tuple[int, ...]], ...] = (),
) -> bytes:
    """A TIFF of one strip a page, uncompressed (1) or deflated (8). `more` are tags as (tag, type, values); they
    replace those of the same number.

    Args:
        values: samples, ``(h, w, samples)``.
        colours: PhotometricInterpretation.
    """
    height, width, samples = values.shape
    kind = values.dtype.newbyteorder(order)
    strip = np.ascontiguousarray(values.astype(kind)).tobytes()
    strip = zlib.compress(strip) if packing == 8 else strip
    offset, head, count, inline = ("Q", "Q", "Q", 8) if is_big else ("I", "H", "I", 4)
    size = {3: "H", 4: "I", 16: "Q", 1: "B", 5: "II", 7: "B"}
    out = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if is_big else 42)
    out += struct.pack(order + "HHQ", 8, 0, 16) if is_big else struct.pack(order + "I", 8)
    for page in range(pages):
        tags = {
            256: (4, (width,)),
            257: (4, (height,)),
            258: (3, (kind.itemsize * 8,) * samples),
            259: (3, (packing,)),
            262: (3, (colours,)),
            273: (16 if is_big else 4, (0,)),
            277: (3, (samples,)),
            278: (4, (height,)),
            279: (4, (len(strip),)),
            339: (3, ({"u": 1, "i": 2, "f": 3}[kind.kind],) * samples),
        } | {tag: (form, given) for tag, form, given in more}
        body_at = len(out) + struct.calcsize("=" + head) + len(tags) * (4 + 2 * inline) + inline
        entries, body = b"", b""
        places = []
        for tag, (form, given) in sorted(tags.items()):
            data = struct.pack(order + size[form][0] * len(given), *given)
            number = len(data) // struct.calcsize("=" + size[form])
            entries += struct.pack(order + "HH" + count, tag, form, number)
            if len(data) > inline:
                entries += struct.pack(order + offset, body_at + len(body))
                body += data + bytes(len(data) % 2)
            else:
                places.append((tag, len(entries)))
                entries += data.ljust(inline, b"\0")
        for tag, at in places:
            if tag == 273 and not any(given[0] == 273 for given in more):
                place = struct.pack(order + offset, body_at + len(body))
                entries = entries[:at] + place + entries[at + inline :]
        following = body_at + len(body) + len(strip) + len(strip) % 2 if page + 1 < pages else 0
        out += struct.pack(order + head, len(tags)) + entries + struct.pack(order + offset, following)
        out += body + strip + bytes(len(strip) % 2)
    return out


def bmp(width: int, height: int, body: bytes, bits: int = 24, packing: int = 0, colours: bytes = b"") -> bytes:
    """A BMP with any header and any body."""
    start = 54 + len(colours)
    return (
        b"BM"
        + struct.pack("<IHHI", start + len(body), 0, 0, start)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(body), 0, 0, len(colours) // 4, 0)
        + colours
        + body
    )


def old_bmp(width: int, height: int, body: bytes) -> bytes:
    """A BMP with the header of OS/2 1."""
    return b"BM" + struct.pack("<IHHIIHHHH", 26 + len(body), 0, 0, 26, 12, width, height, 1, 24) + body


def gif_interlaced() -> bytes:
    """A GIF with its rows in four passes."""
    return save(noise().quantize(16), "GIF", interlace=1)


def _premultiplied(depth: type) -> bytes:
    full = np.iinfo(depth).max
    values = np.random.default_rng(5).integers(0, full, (12, 16, 4)).astype(depth)
    values[..., :3] = np.minimum(values[..., :3], values[..., 3:])
    return tiff(values, more=((338, 3, (1,)),))


@functools.cache
def kinds() -> dict[str, bytes]:
    """The files by name, ``"FORMAT, what is special"``. All are of 16 × 12 noise but for those that are scenes."""
    picture, random = noise(), np.random.default_rng(1)
    frames = [noise(seed=seed) for seed in range(4)]
    clear = noise(channels=4)
    deep = random.integers(0, 65536, (12, 16, 4)).astype(np.uint16)
    grey = picture.convert("L")
    floats = random.random((12, 16, 3))
    row = b"\0" + bytes(range(48))
    found = {
        "JPEG": save(picture, "JPEG", exif=exif(6), icc_profile=profile(), dpi=(300, 300)),
        "JPEG, progressive": save(picture, "JPEG", progressive=True),
        "JPEG, grey": save(grey, "JPEG"),
        "JPEG, CMYK": save(picture.convert("CMYK"), "JPEG", icc_profile=profile(b"CMYK")),
        "JPEG, restart markers": save(noise(64, 48), "JPEG", restart_marker_rows=1, subsampling=2),
        "JPEG, of a phone": save(picture, "MPO", append_images=[noise(8, 6, seed=1)]),
        "PNG": save(picture, "PNG", exif=exif(6), icc_profile=profile(), dpi=(300, 300)),
        "PNG, alpha": save(clear, "PNG"),
        "PNG, grey": save(grey, "PNG"),
        "PNG, 1 bit": save(picture.convert("1"), "PNG"),
        "PNG, grey and alpha": save(clear.convert("LA"), "PNG"),
        "PNG, palette": save(picture.quantize(16), "PNG", transparency=bytes(range(16))),
        "PNG, transparent colour": png(16, 4, row * 4, extra=png_chunk(b"tRNS", bytes(6))),
        "PNG, 16-bit": png(16, 12, _rows(deep[..., :3].astype(">u2")), depth=16),
        "PNG, 16-bit grey": png(16, 12, _rows(deep[..., :1].astype(">u2")), depth=16, colour=0),
        "PNG, 16-bit alpha": png(16, 12, _rows(deep.astype(">u2")), depth=16, colour=6),
        "PNG, interlaced": png_interlaced(picture),
        "PNG, animated": save(frames[0], "PNG", append_images=frames[1:]),
        "PNG, gamma": png(
            16, 4, row * 4, extra=png_chunk(b"gAMA", struct.pack(">I", 100_000)) + png_chunk(b"cHRM", bytes(range(32)))
        ),
        "PNG, code points": png(16, 4, row * 4, extra=png_chunk(b"cICP", bytes((12, 13, 0, 1)))),
        "GIF": save(picture, "GIF"),
        "GIF, interlaced": gif_interlaced(),
        "GIF, transparent": save(clear.convert("RGB").quantize(8), "GIF", transparency=3, comment=b"three"),
        "GIF, animated": save(frames[0], "GIF", append_images=frames[1:], transparency=3),
        "WebP": save(picture, "WEBP", exif=exif(6), icc_profile=profile()),
        "WebP, lossless": save(picture, "WEBP", lossless=True),
        "WebP, alpha": save(clear, "WEBP"),
        "WebP, lossless alpha": save(clear, "WEBP", lossless=True),
        "WebP, animated": save(frames[0], "WEBP", append_images=frames[1:], lossless=True),
        "TIFF": save(picture, "TIFF", icc_profile=profile(), dpi=(300, 300)),
        "TIFF, LZW": save(picture, "TIFF", compression="tiff_lzw"),
        "TIFF, deflate": save(picture, "TIFF", compression="tiff_adobe_deflate"),
        "TIFF, JPEG": save(picture, "TIFF", compression="jpeg"),
        "TIFF, PackBits": save(picture, "TIFF", compression="packbits"),
        "TIFF, fax": save(picture.convert("1"), "TIFF", compression="group4"),
        "TIFF, old fax": save(picture.convert("1"), "TIFF", compression="group3"),
        "TIFF, palette": save(picture.quantize(16), "TIFF"),
        "TIFF, CMYK": save(picture.convert("CMYK"), "TIFF", icc_profile=profile(b"CMYK")),
        "TIFF, LAB": tiff(random.integers(0, 255, (12, 16, 3)).astype(np.uint8), 8),
        "TIFF, alpha": tiff(random.integers(0, 255, (12, 16, 4)).astype(np.uint8), more=((338, 3, (2,)),)),
        "TIFF, premultiplied": _premultiplied(np.uint8),
        "TIFF, premultiplied 16-bit": _premultiplied(np.uint16),
        "TIFF, 16-bit": tiff(deep[..., :3]),
        "TIFF, 16-bit big-endian deflated": tiff(deep[..., :3], order=">", packing=8, more=((317, 3, (2,)),)),
        "TIFF, 16-bit grey": tiff(deep[..., :1], 1),
        "TIFF, floats": tiff(floats.astype(np.float32), packing=8),
        "TIFF, long floats": tiff(floats),
        "TIFF, predicted floats": tiff(floats.astype(np.float32), packing=8, more=((317, 3, (3,)),)),
        "TIFF, BigTIFF": tiff(deep[..., :3], is_big=True),
        "TIFF, several pages": save(picture, "TIFF", append_images=[noise(seed=1), noise(seed=2)]),
        "TIFF, several deep pages": tiff(deep[..., :3], pages=3),
        "BMP": save(picture, "BMP"),
        "BMP, palette": save(picture.quantize(16), "BMP"),
        "BMP, 1 bit": save(picture.convert("1"), "BMP"),
        "BMP, alpha": save(clear, "BMP"),
        "BMP, from above": bmp(16, -12, bytes(range(48)) * 12),
        "BMP, run lengths": bmp(16, 12, (b"\x10\x01\0\0" * 12) + b"\0\1", 8, 1, bytes(range(64))),
        "BMP, of OS/2": old_bmp(16, 12, bytes(range(48)) * 12),
    }
    if features.check("avif"):  # not in Pyodide's Pillow
        found |= {
            "AVIF": save(scene(64, 48), "AVIF", quality=60, speed=9, icc_profile=profile()),
            "AVIF, alpha": save(clear.resize((32, 24)), "AVIF", quality=60, speed=9),
            "AVIF, animated": save(scene(64, 48), "AVIF", append_images=[noise(64, 48)], speed=9),
        }
    return found


def _rows(values: np.ndarray) -> bytes:
    """The filtered rows of a PNG."""
    return b"".join(b"\0" + row.tobytes() for row in values)


def good() -> tuple[bytes, bytes]:
    """A photo that must be right after every harm, and its pixels."""
    picture = scene()
    return save(picture, "PNG"), picture.tobytes()


def opened(data: bytes) -> Image.Image:
    """The picture as Pillow has it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
