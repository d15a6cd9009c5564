"""The kinds of operations on an alpha: what each is called, how it is checked, what it changes.

An operation is a plain dict with a `kind`, as docs/design.md lists them. A new kind is one entry in `KINDS`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from offcut import matting
from offcut.assist import box_selection, point_selection, trimap
from offcut.editing import regions
from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.masks import brush
from offcut.pipeline import Engine
from offcut.progress import StageTimer
from offcut.validation import check_choice, check_fields, check_number, check_numbers

Operation = dict[str, Any]
_FARTHEST = 1e6

Change = tuple[Box, np.ndarray]
"""A part of the alpha and what it becomes, uint8 of the box's size."""


@dataclass(frozen=True)
class View:
    """What an operation may look at."""

    rgb: np.ndarray
    """The photo, uint8 ``(h, w, 3)``."""

    alpha: np.ndarray
    """As it is now, uint8 ``(h, w)``."""

    network: Callable[[], np.ndarray]
    """Makes the network's alpha (`Document.network_alpha`), uint8 ``(h, w)``."""

    found: Change | None = None
    """What a network found for this operation, where the kind needs one."""


@dataclass(frozen=True)
class Kind:
    """One kind of operation."""

    fields: tuple[str, ...]
    """Its keys beside `kind`."""

    change: Callable[[View, Operation], Change | None]
    """Finds what it changes. Raises OptionError for values that make no sense."""

    find: Callable[[Engine, View, Operation, StageTimer], Awaitable[Change]] | None = None
    """Asks a network what `View.found` shall be, for kinds that need one."""


def kind_of(operation: Any) -> Kind:
    """The kind of an operation, whose keys are then known. Raises OptionError."""
    if not isinstance(operation, dict):
        raise OptionError("An operation must be an object with a 'kind'.")
    kind = KINDS[check_choice("operation's kind", operation.get("kind"), KINDS)]
    check_fields(f"operation {operation['kind']!r}", operation, ("kind", *kind.fields))
    return kind


def _stroke(view: View, operation: Operation) -> Change | None:
    stroke = brush.read(operation)
    box = brush.reach(stroke, *view.alpha.shape)
    return box and (box, brush.paint(view.alpha, stroke, box, operation["mode"]))


def _smart(view: View, operation: Operation) -> Change | None:
    """The edge found anew inside the painted area, by what lies around it (`offcut.assist.trimap`)."""
    stroke = brush.polyline(operation)
    box = brush.reach(stroke, *view.alpha.shape)
    if box is None:
        return None
    # Far more than the matting looks at around what is painted, and far less than a large photo.
    wide = box.grown(max(box.bottom - box.top, box.right - box.left) // 2 + 64).within(*view.alpha.shape)
    alpha = view.alpha[wide.slices]
    painted = np.zeros(alpha.shape, np.uint8)
    for square, share in brush.coverage(stroke, box):
        painted[square.inside(wide).slices] = 255 if share is None else share * 255
    return wide, trimap.refine(view.rgb[wide.slices], alpha, trimap.from_stroke(alpha, painted))


async def _another_network(engine: Engine, view: View, operation: Operation, clock: StageTimer) -> Change:
    model = operation.get("model")
    if not model or not isinstance(model, str):
        raise OptionError("The operation 'network' needs a 'model'.")
    clock.enter("infer")
    image = Image.fromarray(view.rgb)
    found = matting.matte(await engine.alpha(image, model, clock.progress), image, 1.0)
    return _whole(view, np.asarray(found))


async def _inside_box(engine: Engine, view: View, operation: Operation, clock: StageTimer) -> Change:
    """The subject looked for again in a box that was drawn around all of it (`offcut.assist.box_selection`)."""
    sides = check_numbers("box", operation.get("box"), _FARTHEST)
    if len(sides) != 4:
        raise OptionError("A box is four numbers: left, top, right, bottom.")
    left, right = sorted((round(sides[0]), round(sides[2])))
    top, bottom = sorted((round(sides[1]), round(sides[3])))
    clock.enter("infer")

    async def look(image: Image.Image) -> np.ndarray:
        return await engine.alpha(image, None, clock.progress)

    return _whole(
        view, await box_selection.again(look, view.rgb, view.alpha, (left, top, right, bottom), outside="clear")
    )


def _point(view: View, operation: Operation) -> Change:
    """What belongs with the clicked place kept or removed (`offcut.assist.point_selection`)."""
    keep = check_choice("point's mode", operation.get("mode"), ("keep", "remove")) == "keep"
    height, width = view.alpha.shape
    x = int(min(check_number("point's x", operation.get("x"), 0, width), width - 1))
    y = int(min(check_number("point's y", operation.get("y"), 0, height), height - 1))
    return _whole(view, point_selection.apply(view.rgb, view.alpha, x, y, keep))


def _whole(view: View, after: np.ndarray) -> Change:
    height, width = view.alpha.shape
    return Box(0, height, 0, width), after


def _as_found(view: View, operation: Operation) -> Change | None:
    return view.found


def _start_over(view: View, operation: Operation) -> Change:
    return _whole(view, view.network())


KINDS: dict[str, Kind] = {
    "region": Kind(("mode", "x", "y", "tolerance"), lambda view, given: regions.click(view.rgb, view.alpha, given)),
    "specks": Kind(("pixels",), lambda view, given: regions.without_specks(view.alpha, given)),
    "holes": Kind(("pixels",), lambda view, given: regions.without_holes(view.alpha, given)),
    "stroke": Kind(brush.FIELDS, _stroke),
    "point": Kind(("mode", "x", "y"), _point),
    "smart": Kind(("size", "points"), _smart),
    "box": Kind(("box",), _as_found, _inside_box),
    "finer": Kind(("model",), _as_found),
    "network": Kind(("model",), _as_found, _another_network),
    "start_over": Kind((), _start_over),
}
