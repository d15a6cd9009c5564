"""A detector, such as that of faces, in a folder of its own, for a machine whose models are fetched one by one."""

from __future__ import annotations

import json
from pathlib import Path

from tools.files import hash_bytes
from tools.models import chunks, tflite
from tools.models.catalogue import Entry


def files(entry: Entry, sources: Path) -> dict[str, bytes]:
    """Return what such a folder holds, by path: `catalogue.json`, which has no model, and the pieces in `chunks/`.

    Args:
        entry: of `Catalogue.detectors`.
        sources: the folder that its source lies below.
    """
    data = tflite.to_onnx((sources / entry.source).read_bytes())
    pieces = list(chunks.split(data))
    shown = entry.shown() | {
        "bytes": len(data),
        "sha256": hash_bytes(data),
        "chunks": [{"sha256": sha256, "bytes": len(piece)} for sha256, piece in pieces],
    }
    listed = {"format": 1, "default": "", "models": {}, "detectors": {entry.id: shown}}
    text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    return {f"chunks/{sha256}.bin": piece for sha256, piece in pieces} | {"catalogue.json": text.encode()}
