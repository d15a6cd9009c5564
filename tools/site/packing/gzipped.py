"""Smaller forms of large files, for hosts that send every file as it is. `sw.js` asks for them and unpacks them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path, PurePosixPath

from tools.hashing import hash_bytes
from tools.paths import cache_folder
from tools.writing import write_file

SUFFIX = ".packed"
"""What follows the path of the file in that of its packed form. Not `.gz`, which some hosts unpack themselves and some do not."""

KINDS = (".wasm", ".js", ".mjs")
"""Whose media types `sw.js` knows."""

WORTH = 100_000
"""Bytes that packing must save: below, one file more is not worth it."""


def gzipped(files: dict[str, bytes], cache: Path | None = None) -> dict[str, bytes]:
    """The packed forms (RFC 1952) of those of these files that get much smaller, by their paths with `SUFFIX`."""
    made = {}
    for path, data in files.items():
        if len(data) > WORTH and PurePosixPath(path).suffix in KINDS:
            small = _gzipped(data, cache or cache_folder())
            if len(data) - len(small) >= WORTH:
                made[path + SUFFIX] = small
    return made


def _gzipped(data: bytes, cache: Path) -> bytes:
    kept = cache / "gzipped" / hash_bytes(data)
    try:
        small = kept.read_bytes()
        if gzip.decompress(small) == data:
            return small
    except (OSError, EOFError, zlib.error):
        pass
    small = gzip.compress(data, 9, mtime=0)
    write_file(kept, small)
    return small
