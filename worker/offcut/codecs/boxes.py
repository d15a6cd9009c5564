"""The boxes of ISO base media files (ISO 14496-12, 4.2), of which AVIF and HEIC are made."""

import struct
from collections.abc import Iterator


def boxes_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each box of a file, or of a box that holds boxes, up to the first that is odd."""
    for start, header, size, name in _headers(data):
        if size < header or start + size > len(data):
            return
        yield name, data[start + header : start + size]


def length_of_boxes(data: bytes) -> int:
    """Return how many bytes a file has by what its boxes state."""
    end = 0
    for start, header, size, _ in _headers(data):
        if size < header:  # 0 goes on to the end, others make no sense
            return len(data)
        end = start + size
    return end


def properties_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each property of the pictures in an AVIF or HEIC (ISO/IEC 23008-12)."""
    inside = data
    for name, version in ((b"meta", 4), (b"iprp", 0), (b"ipco", 0)):  # bytes of version and flags
        inside = next((content[version:] for found, content in boxes_of(inside) if found == name), b"")
    return boxes_of(inside)


def heif_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of an AVIF or HEIC as it is seen: the largest that a property states; None without any.

    A picture of tiles has properties of the whole and of a tile (ISO 23008-12, 6.5.3 and 6.5.10).
    """
    sizes, is_sideways = [], False
    for name, content in properties_of(data):
        if name == b"ispe" and len(content) >= 12:
            sizes.append(struct.unpack_from(">4xII", content))
        if name == b"irot" and content:
            is_sideways = bool(content[0] & 1)
    if not sizes:
        return None
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return (height, width) if is_sideways else (width, height)


def _headers(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield start, length of the header, stated size and name of each box, up to the first with a size that is odd."""
    start = 0
    while start + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1 and start + 16 <= len(data):
            header, (size,) = 16, struct.unpack_from(">Q", data, start + 8)
        yield start, header, size, name
        if size < header:
            return
        start += size
