"""What responses with a picture say of it."""

from typing import Any

import js
from pyodide.ffi import to_js

from offcut.pipeline import Provenance, Result


def file_result(result: Result) -> dict[str, Any]:
    """A finished picture: `result_metadata` with ``"blob"`` and its file ``"extension"``."""
    blob = js.Blob.new(to_js([to_js(result.data)]), type=result.format.mime)
    metadata = result_metadata(result, result.width, result.height, result.seconds)
    return metadata | {"blob": blob, "extension": result.format.extension}


def result_metadata(
    provenance: Provenance | Result, width: int, height: int, seconds: dict[str, float]
) -> dict[str, Any]:
    """Return what made a picture, and how.

    ``{"width", "height", "model", "title", "backend", "threads", "notices", "seconds"}``.
    """
    return {
        "width": width,
        "height": height,
        "model": provenance.model,
        "title": provenance.title,
        "backend": provenance.backend,
        "threads": provenance.threads,
        "notices": list(provenance.notices),
        "seconds": seconds,
    }
