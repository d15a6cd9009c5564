"""What a network found in a photo as a file, so that the photo gets another look later without a network."""

import json
import struct
import zlib

from offcut.alternatives.kept_alpha import KeptAlpha
from offcut.models.catalogue import Catalogue
from offcut.pipeline import Found


def to_bytes(found: Found) -> bytes:
    """Return it for `read`: a line of JSON, then the coarse alpha, some 100 kB."""
    head = {
        "model": found.model.id,
        "backend": found.backend,
        "threads": found.threads,
        "notices": list(found.notices),
    }
    return json.dumps(head).encode() + b"\n" + KeptAlpha.of(found.coarse).to_bytes()


def read(data: bytes, catalogue: Catalogue) -> Found | None:
    """Read what `to_bytes` returned; None where it is damaged, or of a model that the catalogue no longer has."""
    line, _, alpha = data.partition(b"\n")
    try:
        head = json.loads(line)
        model = catalogue.models[head["model"]]
        coarse = KeptAlpha.read(alpha).coarse
        return Found(model, coarse, str(head["backend"]), int(head["threads"]), tuple(map(str, head["notices"])))
    except (ValueError, KeyError, TypeError, struct.error, zlib.error):
        return None
