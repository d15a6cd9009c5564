"""Finding a face with MediaPipe's BlazeFace (Bazarevsky et al. 2019, "Sub-millisecond Neural Face Detection").

The network looks at a square of 128 pixels and returns a guess for each of 896 places: a box, six points and a score.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from offcut.alpha import VISIBLE
from offcut.arrays import AlphaU8, Doubles, Floats, RgbU8
from offcut.colour.spaces import ColourSpace
from offcut.geometry import bounding_box
from offcut.inference import preprocess
from offcut.models.catalogue import Model

Run = Callable[[Floats], Awaitable[Floats]]
"""Runs the network (`Session.run`)."""

NAME = "face"
"""Of the network in the catalogue's detectors."""

LEAST_SCORE = 0.5
"""Below it there is no face: what MediaPipe uses."""

PIXELS = 2e6
"""About how many pixels of a photo are looked at."""

_GRIDS = ((16, 2), (8, 6))
"""Places of the guesses: cells of each grid across and down, and guesses for each cell."""

_RIGHT_EYE, _LEFT_EYE, _MOUTH = 0, 1, 3
"""Which of the six points is what."""

_AROUND = 3.0
"""Side of the square that is looked at again, in sides of the face: a face of a third of the square is found best."""

_SAME = 0.4
"""Guesses whose middles are nearer than that, in sides of the face, are of the same face."""


class Face(NamedTuple):
    """A face, in the photo's coordinates."""

    x: float
    """Middle between eyes and mouth, from left to right."""

    eyes: float
    """How far down the middle between the eyes is."""

    mouth: float
    """How far down the mouth is."""

    side: float
    """Of a square around it, from the brows to the mouth or so."""

    score: float
    """How sure the network is, 0 to 1."""


async def find(rgb: RgbU8, alpha: AlphaU8, model: Model, run: Run, space: ColourSpace | None = None) -> Face | None:
    """Find the face of the subject of a photo.

    Args:
        rgb: the photo, uint8 ``(h, w, 3)``.
        alpha: how much of each pixel the subject covers, uint8 ``(h, w)``.
        model: the network.
        run: runs it.
        space: the photo's colour space; None for sRGB.

    Returns:
        None where there is none in the subject.
    """
    step = max(1, int((rgb.shape[0] * rgb.shape[1] / PIXELS) ** 0.5))
    small = np.ascontiguousarray(rgb[::step, ::step])
    image, seen = Image.fromarray(small), alpha[::step, ::step]

    async def look(left: float, top: float, side: float) -> Face | None:
        tensor, _ = preprocess.prepare(_square(image, left, top, side, model.input_size[0]), model, space)
        return _read(await run(tensor), left, top, side)

    width, height = image.size
    side = float(max(width, height))
    face = await look((width - side) / 2, (height - side) / 2, side)
    if face is None or not _is_in(face, seen):
        top = _top_of(seen)
        face = await look(*top) if top else None
    if face is None:
        return None
    side = _AROUND * face.side
    face = await look(face.x - side / 2, (face.eyes + face.mouth) / 2 - side / 2, side) or face
    if not _is_in(face, seen):
        return None
    return Face(face.x * step, face.eyes * step, face.mouth * step, face.side * step, face.score)


def _is_in(face: Face, alpha: AlphaU8) -> bool:
    """Return whether a face belongs to the subject."""
    row, column = round((face.eyes + face.mouth) / 2), round(face.x)
    return 0 <= row < alpha.shape[0] and 0 <= column < alpha.shape[1] and bool(alpha[row, column] >= VISIBLE)


def _top_of(alpha: AlphaU8) -> tuple[float, float, float] | None:
    """Return a square around the top of the subject, where a standing person's face is: left, top and side."""
    box = bounding_box(alpha >= 256 - VISIBLE)
    if box is None:
        return None
    upper = alpha[box.top : box.top + max(1, box.height // 10)] >= 256 - VISIBLE
    columns = np.flatnonzero(upper.any(0))
    side = float(min(box.width, box.height))
    return float(columns.mean()) - side / 2, box.top - 0.2 * side, side


def _square(image: Image.Image, left: float, top: float, side: float, size: int) -> Image.Image:
    """Return a square of a picture, perhaps partly beyond it, as `size` × `size` pixels; black beyond."""
    square = Image.new("RGB", (size, size))
    box = max(left, 0.0), max(top, 0.0), min(left + side, image.width), min(top + side, image.height)
    scale = size / side
    start = round((box[0] - left) * scale), round((box[1] - top) * scale)
    stop = round((box[2] - left) * scale), round((box[3] - top) * scale)
    if start[0] < stop[0] and start[1] < stop[1]:
        shown = (stop[0] - start[0], stop[1] - start[1])
        square.paste(image.resize(shown, Image.Resampling.BILINEAR, box), start)
    return square


def _read(found: Floats, left: float, top: float, side: float) -> Face | None:
    """Read the network's output, float32 ``(1, 896, 17)``, for a square of a picture."""
    guesses, size = found[0].astype(np.float64), 8.0 * _GRIDS[0][0]
    scores = 1 / (1 + np.exp(-np.clip(guesses[:, 16], -50, 50)))
    best = int(scores.argmax())
    if scores[best] < LEAST_SCORE:
        return None
    middles = guesses[:, :2] / size + _PLACES
    sides = guesses[:, 2:4].max(1) / size
    same = (scores >= LEAST_SCORE) & (np.abs(middles - middles[best]).max(1) < _SAME * sides[best])
    weights = scores[same] / scores[same].sum()
    points = (guesses[same, 4:16].reshape(-1, 6, 2) / size + _PLACES[same, None]) * weights[:, None, None]
    points = points.sum(0) * side + (left, top)
    eyes, mouth = (points[_RIGHT_EYE] + points[_LEFT_EYE]) / 2, points[_MOUTH]
    x = float((eyes[0] + mouth[0]) / 2)
    return Face(x, float(eyes[1]), float(mouth[1]), float(sides[same] @ weights) * side, float(scores[best]))


def _places() -> Doubles:
    """Return where the guesses are, as parts of the square: x and y of each."""
    places = []
    for cells, count in _GRIDS:
        at = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(at, at), 2).reshape(-1, 2)
        places.append(np.repeat(grid, count, axis=0))
    return np.concatenate(places)


_PLACES = _places()
