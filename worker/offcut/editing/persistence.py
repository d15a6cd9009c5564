"""Saving a document as named parts of bytes, and restoring it: so that a reload goes on where the work was.

Parts never change once they are written, and the list of them is one more part, written last: whenever the page is
closed, everything that the list names is complete. The photo itself is saved as its original file.
"""

import json
import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from offcut.alternatives.kept_alpha import KeptAlpha
from offcut.codecs import Photo
from offcut.editing.document import Document
from offcut.editing.history import TILE, Change, Step, Tiles
from offcut.editing.settings import Background, Settings
from offcut.errors import OffcutError, WorkDamagedError
from offcut.geometry import Box
from offcut.pipeline import Provenance

FORMAT = 2

_READABLE = (1, 2)
"""In 1 no step has changed settings, and no background image has a number."""

_ALTERNATIVE = "alternative-"
"""What the name of a part begins with that is another network's alpha; the network's id follows."""

_LENGTH = struct.Struct("<I")

_MALFORMED = (
    *(AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError),
    *(struct.error, zlib.error, OffcutError),
)
"""What taking apart something else than was saved may raise."""


def parts_of(document: Document) -> dict[str, Callable[[], bytes]]:
    """Return what makes each part of a document, by name, except its photo and background image.

    A name stands for one content.
    """
    history = document.history
    parts: dict[str, Callable[[], bytes]] = {"alpha": lambda: document.packed_network_alpha}
    if history.dropped:
        forgotten = dict(history.forgotten)  # as it is now: it may be packed when more steps were dropped
        parts[f"dropped-{history.dropped}"] = lambda: _tiles_packed({}, forgotten)
    for model, kept in document.alternatives.kept.items():
        parts[_ALTERNATIVE + model] = kept.to_bytes
    return parts | {f"step-{step.serial}": lambda step=step: _step_packed(step) for step in history.steps}


def manifest_of(document: Document) -> dict[str, Any]:
    """Return everything else of a document, ready for JSON."""
    provenance = asdict(replace(document.provenance, icc_profile=None, dpi=None, notices=()))
    return {
        "format": FORMAT,
        "size": list(document.size),
        "origin": {name: provenance[name] for name in ("model", "title", "backend", "threads")},
        "steps": [step.serial for step in document.history.steps],
        "position": document.history.position,
        "dropped": document.history.dropped,
        "settings": document.settled.plain(),
        "alternatives": list(document.alternatives.kept),
    }


def image_of(manifest: Mapping[str, Any], numbers: Collection[int]) -> int:
    """Return the number of the background image that the settings of a manifest use, 0 for none.

    Args:
        manifest: from `manifest_of`.
        numbers: of the images that were saved.

    Raises:
        WorkDamagedError: it makes no sense.
    """
    try:
        background = Settings.read(manifest["settings"]).background
    except _MALFORMED as error:
        raise _damaged() from error
    if background.kind != "image" or not numbers:
        return 0
    number = background.image or max(numbers)
    return number if number in numbers else 0


def size_of(manifest: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return in which width and height the photo of a manifest was worked on; None where it does not say so."""
    try:
        width, height = manifest["size"]
    except _MALFORMED:
        return None
    return (width, height) if _are_whole([width, height]) and min(width, height) > 0 else None


def document_of(
    photo: Photo,
    manifest: Mapping[str, Any],
    parts: Mapping[str, bytes],
    background: Photo | None = None,
    number: int = 1,
    numbers: Collection[int] = (),
) -> Document:
    """Restore a document.

    Args:
        photo: decoded from the very file that the document was opened with.
        manifest: from `manifest_of`.
        parts: the bytes of the parts of `parts_of`, by name.
        background: the image for the background of that kind, where there is one: `image_of`.
        number: its number.
        numbers: of all background images that were saved.

    Raises:
        WorkDamagedError: something is missing or does not fit together.
    """
    try:
        if manifest["format"] not in _READABLE or tuple(manifest["size"]) != photo.size:
            raise ValueError("another format or photo")
        provenance = Provenance(
            **manifest["origin"], icc_profile=photo.icc_profile, dpi=photo.dpi, notices=tuple(photo.notices)
        )
        width, height = photo.size
        alpha = np.frombuffer(bytearray(_unpacked(parts["alpha"], width * height)), np.uint8).reshape(height, width)
        source_alpha = None if photo.alpha is None else np.asarray(photo.alpha)
        document = Document(photo.rgb, source_alpha, alpha, provenance)
        for model in manifest.get("alternatives", []):
            document.alternatives.kept[str(model)] = KeptAlpha.read(parts[_ALTERNATIVE + model])
        dropped = int(manifest["dropped"])
        forgotten = _tiles_read(parts[f"dropped-{dropped}"])[1] if dropped else {}
        known = {number, *numbers} if background else set(numbers)
        steps = [_step_read(parts[f"step-{serial}"], known) for serial in manifest["steps"]]
        position = int(manifest["position"])
        if not 0 <= position <= len(steps):
            raise ValueError("a position beyond the steps")
        for tiles in (forgotten, *(step.tiles for step in steps)):
            _check(tiles, height, width)
        if background:
            document.take_background(background, number)
        settings = _settings_read(manifest["settings"], {number} if background else set())
        document.restore(steps, position, dropped, forgotten, settings)
        return document
    except _MALFORMED as error:
        raise _damaged() from error


def _damaged() -> WorkDamagedError:
    return WorkDamagedError(
        "The work that was kept on this device is damaged and cannot be opened. Choose the photo again."
    )


def _settings_read(given: dict[str, Any], images: set[int]) -> Settings:
    """Read saved settings; a background image that is gone is left out."""
    settings = Settings.read(given)
    background = settings.background
    if background.kind == "image" and not (background.image in images or (images and not background.image)):
        return replace(settings, background=Background())
    return settings


def _check(tiles: Tiles, height: int, width: int) -> None:
    """Raise ValueError or zlib.error for tiles that would be found broken only when their step is undone."""
    for (row, column), packed in tiles.items():
        if not (0 <= row * TILE < height and 0 <= column * TILE < width):
            raise ValueError("a tile beyond the photo")
        size = min(TILE, height - row * TILE) * min(TILE, width - column * TILE)
        if len(_unpacked(packed, size)) != size:
            raise ValueError("a tile of another size")


def _are_whole(values: list[Any]) -> bool:
    return all(type(value) is int for value in values)


def _unpacked(packed: bytes, size: int) -> bytes:
    """Decompress what should have that size, and no more than is needed to see that it has not."""
    stream = zlib.decompressobj()
    found = stream.decompress(packed, size + 1)
    if not stream.eof:
        raise ValueError("compressed data without an end")
    return found


def _step_packed(step: Step) -> bytes:
    head = {
        "serial": step.serial,
        "name": step.name,
        "box": list(step.box),
        "operation": step.given or None,
    }
    if step.change:
        head["settings"] = [step.change.before.plain(), step.change.after.plain()]
    return _tiles_packed(head, step.tiles)


def _step_read(data: bytes, images: set[int]) -> Step:
    head, tiles = _tiles_read(data)
    if not isinstance(head["name"], str) or not _are_whole([head["serial"], *head["box"]]):
        raise ValueError("a step without a name, a number or a place")
    given = head["operation"]
    operation = zlib.compress(json.dumps(given, separators=(",", ":")).encode()) if given else b""
    before, after = (_settings_read(one, images) for one in head.get("settings", ({}, {})))
    change = Change(before, after) if "settings" in head else None
    return Step(head["serial"], head["name"], operation, Box(*head["box"]), tiles, change)


def _tiles_packed(head: dict[str, Any], tiles: Tiles) -> bytes:
    """Return the length of the head, the head as JSON, and the tiles one after the other."""
    head = head | {"tiles": [[*place, len(packed)] for place, packed in tiles.items()]}
    packed_head = json.dumps(head, separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(packed_head)), packed_head, *tiles.values()])


def _tiles_read(data: bytes) -> tuple[dict[str, Any], Tiles]:
    (length,) = _LENGTH.unpack_from(data)
    at = _LENGTH.size + length
    head = json.loads(data[_LENGTH.size : at])
    tiles: Tiles = {}
    for row, column, size in head.pop("tiles"):
        if not _are_whole([row, column, size]):
            raise ValueError("a tile without a place")
        tiles[row, column] = data[at : at + size]
        at += size
    if at != len(data):
        raise ValueError("another length than it says")
    return head, tiles
