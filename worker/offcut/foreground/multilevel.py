"""Multi-level estimation, after Germer, Uelwer, Conrad and Harmeling 2020 ("Fast Multi-Level Foreground Estimation").

As in the paper, F and B are solved for together, on a pyramid from a very small picture up to the full one: each level
starts from the colours of the level below, and a few iterations move every pixel to the average of its neighbours and
from there to the photo's colour. A level has every second pixel of the next, as in the paper: averaged pixels are no
longer a mixture of one F and one B, which doubled the error in thin hair. Two things differ:

- All pixels of an iteration move at once (Jacobi) instead of one after another (Gauss-Seidel), so that whole arrays
  move.
- A neighbour's weight is its α squared for F and its (1 − α) squared for B, as in a least-squares fit of one colour to
  αF. The paper's weight grows with the difference in α between the two pixels, which carries colours to and fro: eight
  iterations of it leave more error than two of these.

A pixel's result depends on the photo within a few pixels at each level, never on the tile: the photo is continued with
its outermost pixels, and a tile is given a margin of one pixel for each iteration. docs/decisions has what was measured
(0045).
"""

import numpy as np

from offcut.arrays import AlphaU8, Floats, PixelsU8, RgbU8
from offcut.geometry import Box

SMALL_ITERATIONS = 10
SMALL_SIDE = 32
"""Iterations of levels of at most `SMALL_SIDE` pixels a side: more, as in the paper, as they cost little."""

ITERATIONS = ((2**22, 0), (2**20, 2), (0, 4))
"""Iterations of larger levels: of the first entry whose number of pixels the level exceeds.

The largest levels cost most and gain least: none at 12 MP costs 0.1 of 255 in the boundary band of hair, and nothing on
blur.
"""

COARSE_PIXELS = 2**16
"""The largest level of at most this many pixels is solved once for all tiles; larger levels are solved tile by tile."""

MIN_WEIGHT = np.float32(1e-4)
"""Least weight of a neighbour, so that colours cross areas in which α is 0 (for F) or 1 (for B)."""

REGULARIZATION = np.float32(0.02)
"""Weight of the neighbours' colours against the photo's.

0.1 gains 0.3 % where alpha is wrong and loses 3 % where it is right.
"""


class MultiLevel:
    """Estimates F of one photo, box by box (`cache.Solver`)."""

    def __init__(self, rgb: RgbU8, alpha: AlphaU8) -> None:
        """Solve the small levels of a photo.

        Args:
            rgb: uint8 ``(h, w, 3)``.
            alpha: uint8 ``(h, w)``.
        """
        self._rgb, self._alpha = rgb, alpha
        self._levels = (max(alpha.shape) - 1).bit_length()
        self._coarse_level = 1
        height, width = self._shape(1)
        while height * width > COARSE_PIXELS:
            self._coarse_level += 1
            height, width = self._shape(self._coarse_level)
        step = 1 << self._coarse_level
        self._start = _initial_colours(rgb[::step, ::step], alpha[::step, ::step])
        # Larger levels need no larger margin: each adds its iterations, which are fewer than these, and asks for half
        # of that.
        self._coarse_box = Box(0, height, 0, width).grown(SMALL_ITERATIONS)
        self._coarse = self._solve(self._coarse_level, self._coarse_box)

    def __call__(self, box: Box) -> PixelsU8:
        """Estimate F in a box of the photo: uint8 ``(3, h, w)``."""
        foreground: Floats = self._colours(0, box)[0]
        return (foreground + np.float32(0.5)).astype(np.uint8)

    def _shape(self, level: int) -> tuple[int, int]:
        """Height and width of a level, which has every 2^level-th pixel."""
        height, width = self._alpha.shape
        return ((height - 1) >> level) + 1, ((width - 1) >> level) + 1

    def _colours(self, level: int, box: Box) -> Floats:
        """F and B in a box of a level, float32 ``(2, 3, h, w)``, 0 to 255."""
        if level != self._coarse_level:
            return self._solve(level, box)
        return self._coarse[(..., *box.inside(self._coarse_box).slices)]

    def _solve(self, level: int, box: Box) -> Floats:
        """Solve a box of a level from the level below: F and B, float32 ``(2, 3, h, w)``, 0 to 255."""
        iterations = _iterations(*self._shape(level))
        wide = box.grown(iterations)
        half = wide.halved()
        if level >= self._levels:  # one pixel is left
            below = np.broadcast_to(self._start, (2, 3, *half.shape))
        else:
            below = self._colours(level + 1, half)
        return _jacobi(
            self._pixels(self._rgb, level, wide),
            self._pixels(self._alpha, level, wide),
            _enlarged(below, half, wide),
            iterations,
        )

    def _pixels(self, values: PixelsU8, level: int, box: Box) -> PixelsU8:
        """A box of a level of the photo or its alpha, continued beyond the border with the outermost pixels."""
        inside = box.within(*self._shape(level))
        part = values[:: 1 << level, :: 1 << level][inside.slices]
        if inside == box:
            return part
        rows = (inside.top - box.top, box.bottom - inside.bottom)
        columns = (inside.left - box.left, box.right - inside.right)
        return np.pad(part, [rows, columns] + [(0, 0)] * (values.ndim - 2), "edge")


def _iterations(height: int, width: int) -> int:
    """Number of iterations of a level of that size."""
    if max(height, width) <= SMALL_SIDE:
        return SMALL_ITERATIONS
    return next(iterations for pixels, iterations in ITERATIONS if height * width > pixels)


def _initial_colours(rgb: RgbU8, alpha: AlphaU8) -> Floats:
    """Mean colours of the most certain subject and background of a small picture, float32 ``(2, 3, 1, 1)``.

    Summed as integers, whose sum does not depend on the order.
    """
    colours = rgb.reshape(-1, 3).astype(np.int64)
    flat = alpha.reshape(-1).astype(np.int64)
    means = [(colours * weight[:, None]).sum(0) / weight.sum() for weight in (flat**4 + 1, (255 - flat) ** 4 + 1)]
    return np.array(means, np.float32)[:, :, None, None]


def _enlarged(colours: Floats, have: Box, want: Box) -> Floats:
    """Repeat each pixel of a box twice in each direction, and cut out a box of the level of twice the size.

    `np.repeat` would take more time than all iterations together.

    Args:
        colours: float32 ``(…, h, w)`` of `have`.
        have: in pixels of the smaller level.
        want: in pixels of the larger level.
    """
    tall = colours.take(np.arange(want.top, want.bottom) // 2 - have.top, axis=-2)
    result = np.empty((*tall.shape[:-1], want.width), np.float32)
    for first in range(2):
        columns = result[..., first::2]
        start = (want.left + first) // 2 - have.left
        columns[...] = tall[..., start : start + columns.shape[-1]]
    return result


def _jacobi(rgb: RgbU8, alpha: AlphaU8, colours: Floats, iterations: int) -> Floats:
    """Iterate F and B. Each iteration loses one pixel on each side.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        colours: F and B to start from, float32 ``(2, 3, h, w)``; overwritten.
        iterations: how many; with 0 the colours are only projected to those that mix to the photo.

    Returns:
        F and B, float32 ``(2, 3, h - 2 · iterations, w - 2 · iterations)``, 0 to 255.
    """
    photo = np.ascontiguousarray(rgb.transpose(2, 0, 1), np.float32)
    mix = np.empty((2, 1, *alpha.shape), np.float32)
    np.multiply(alpha, np.float32(1 / 255), out=mix[0, 0])
    np.subtract(np.float32(1), mix[0, 0], out=mix[1, 0])
    # The minimum of Σ (αF + (1 − α)B − I)² + regularization · ((F − F̄)² + (B − B̄)²) lies along (α, 1 − α) from (F̄,
    # B̄).
    gain = mix / (mix[0] * mix[0] + mix[1] * mix[1] + REGULARIZATION)
    buffer = np.empty_like(colours)
    _project(photo, mix, gain, colours, buffer)
    if not iterations:
        return colours
    weight = mix * mix + MIN_WEIGHT
    scale = np.float32(1) / _neighbour_sum(weight, np.ones_like(weight))
    for _ in range(iterations):
        np.multiply(colours, weight, out=buffer)
        _neighbour_sum(buffer, colours)
        colours *= scale
        _project(photo, mix, gain, colours, buffer)
    return colours[..., iterations:-iterations, iterations:-iterations]


def _neighbour_sum(values: Floats, total: Floats) -> Floats:
    """Write the sum of each pixel's four neighbours into `total`, float32 ``(…, h, w)``, and return it.

    All rows and planes are added as one line, which is twice as fast as row by row. The sums of the outermost pixels
    are therefore wrong, and each iteration spreads that by one more pixel.
    """
    width, line, sums = values.shape[-1], values.reshape(-1), total.reshape(-1)
    inner = sums[width:-width]
    np.add(line[: -2 * width], line[2 * width :], out=inner)
    inner += line[width - 1 : -width - 1]
    inner += line[width + 1 : line.size - width + 1]
    return total


def _project(photo: Floats, mix: Floats, gain: Floats, colours: Floats, buffer: Floats) -> None:
    """Move F and B, in place and as little as possible, to where they mix to the photo's colour.

    Args:
        photo: float32 ``(3, h, w)``.
        mix: α and 1 − α, float32 ``(2, 1, h, w)``.
        gain: how far F and B move for each unit that their mixture lacks, float32 ``(2, 1, h, w)``.
        colours: F and B, float32 ``(2, 3, h, w)``, 0 to 255; overwritten.
        buffer: of the shape of `colours`; overwritten.
    """
    mixed = np.multiply(colours, mix, out=buffer)
    missing = photo - mixed[0]
    missing -= mixed[1]
    colours += np.multiply(gain, missing, out=buffer)
    np.clip(colours, np.float32(0), np.float32(255), out=colours)
