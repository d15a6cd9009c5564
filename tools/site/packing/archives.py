"""Zip archives that come out the same from the same contents."""

from __future__ import annotations

import io
import zipfile


def unpack(data: bytes) -> dict[str, bytes]:
    """Return an archive's files by path."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def pack(files: dict[str, bytes]) -> bytes:
    """Return an archive of these files: sorted, without dates, deflated."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return result.getvalue()
