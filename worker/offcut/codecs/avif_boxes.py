"""Put a colour profile and an EXIF block into an AVIF file whose encoder writes neither.

AVIF is HEIF (ISO/IEC 23008-12): boxes of a length, a name and a content. The box ``meta`` lists the file's items (the
picture, its alpha, an EXIF block), where each lies in the file, and which properties (size, profile) each has.
"""

import struct

from offcut.codecs.boxes import boxes_of

_VERSION_0 = bytes(4)
"""What the boxes begin with that have a version and flags."""


def with_metadata(data: bytes, icc_profile: bytes | None, exif: bytes | None) -> bytes:
    """Return an AVIF file with a colour profile and an EXIF block, which it must not have yet.

    Args:
        data: the file, as libavif lays it out: boxes of version 0, places of 4 bytes.
        icc_profile: the picture's; None for none.
        exif: the block, with or without its name ``Exif`` in front; None for none.

    Raises:
        ValueError: the file is laid out in another way.
    """
    top = dict(boxes_of(data))
    old = top[b"meta"]
    parts = dict(boxes_of(old[4:]))
    picture = struct.unpack_from(">4xH", parts[b"pitm"])[0]
    if icc_profile:
        _add_profile(parts, picture, icc_profile)
    item = exif and struct.pack(">I", 0) + exif.removeprefix(b"Exif\0\0")
    places = _places_of(parts[b"iloc"])
    added = max(places) + 1
    if item:
        _add_item(parts, added, picture)
        places[added] = (0, len(item))
    grown = _meta(parts, places)
    shift = len(grown) - len(old) - 8
    places = {number: (start + shift, length) for number, (start, length) in places.items()}
    if item:
        places[added] = (len(data) + shift + 8, len(item))
    body = b"".join(_meta(parts, places) if name == b"meta" else _box(name, content) for name, content in top.items())
    return body + (_box(b"mdat", item) if item else b"")


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def _meta(parts: dict[bytes, bytes], places: dict[int, tuple[int, int]]) -> bytes:
    """Return the box ``meta`` of these parts, with these places of the items."""
    items = [struct.pack(">HHHII", number, 0, 1, *place) for number, place in places.items()]
    location = _VERSION_0 + struct.pack(">HH", 0x4400, len(items)) + b"".join(items)
    return _box(b"meta", _VERSION_0 + b"".join(_box(*part) for part in (parts | {b"iloc": location}).items()))


def _places_of(location: bytes) -> dict[int, tuple[int, int]]:
    """Return where each item lies in the file, its first byte and its length."""
    version, sizes, count = struct.unpack_from(">IHH", location)
    items = list(struct.iter_unpack(">HHHII", location[8:]))
    if (version, sizes, count) != (0, 0x4400, len(items)) or any(item[2] != 1 for item in items):
        raise ValueError("This AVIF file states the places of its parts in a way that is not known here.")
    return {number: (start, length) for number, _, _, start, length in items}


def _add_profile(parts: dict[bytes, bytes], picture: int, profile: bytes) -> None:
    """Add a property with a colour profile, and give it to the picture."""
    properties = dict(boxes_of(parts[b"iprp"]))
    listed = properties[b"ipco"]
    number = sum(1 for _ in boxes_of(listed)) + 1
    version, count = struct.unpack_from(">II", properties[b"ipma"])
    if version or number > 127:
        raise ValueError("This AVIF file states the properties of its parts in a way that is not known here.")
    given, at = properties[b"ipma"][:8], 8
    for _ in range(count):
        item, held = struct.unpack_from(">HB", properties[b"ipma"], at)
        own = properties[b"ipma"][at + 3 : at + 3 + held]
        if item == picture:
            own += bytes([number])
        given += struct.pack(">HB", item, len(own)) + own
        at += 3 + held
    properties |= {b"ipco": listed + _box(b"colr", b"prof" + profile), b"ipma": given}
    parts[b"iprp"] = b"".join(_box(*part) for part in properties.items())


def _add_item(parts: dict[bytes, bytes], id: int, picture: int) -> None:
    """Add an EXIF block to the list of items, as what describes the picture."""
    (count,) = struct.unpack_from(">4xH", parts[b"iinf"])
    entry = _box(b"infe", struct.pack(">IHH4sx", 2 << 24, id, 0, b"Exif"))
    parts[b"iinf"] = _VERSION_0 + struct.pack(">H", count + 1) + parts[b"iinf"][6:] + entry
    parts[b"iref"] = parts.get(b"iref", _VERSION_0) + _box(b"cdsc", struct.pack(">HHH", id, 1, picture))
