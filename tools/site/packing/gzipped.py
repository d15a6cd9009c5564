"""Smaller forms of large files, for hosts that send every file as it is. `sw.js` asks for them and unpacks them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path, PurePosixPath

from tools.files import hash_bytes, write_file
from tools.paths import cache_folder

SUFFIX = ".packed"
"""Suffix of a packed file. Not `.gz`, which some hosts unpack themselves and some do not."""

KINDS = (".wasm", ".js", ".mjs")
"""Whose media types `sw.js` knows."""

MIN_SAVING = 100_000
"""Bytes that packing must save: below, one file more is not worth it."""


def gzipped(files: dict[str, bytes], cache: Path | None = None) -> dict[str, bytes]:
    """Return the packed forms (RFC 1952) of the files that become much smaller, by their paths with `SUFFIX`."""
    packed = {}
    for path, data in files.items():
        if len(data) > MIN_SAVING and PurePosixPath(path).suffix in KINDS:
            small = _gzipped(data, cache or cache_folder())
            if len(data) - len(small) >= MIN_SAVING:
                packed[path + SUFFIX] = small
    return packed


def _gzipped(data: bytes, cache: Path) -> bytes:
    cached = cache / "gzipped" / hash_bytes(data)
    try:
        small = cached.read_bytes()
        if gzip.decompress(small) == data:
            return small
    except (OSError, EOFError, zlib.error):
        pass
    small = gzip.compress(data, 9, mtime=0)
    write_file(cached, small)
    return small
