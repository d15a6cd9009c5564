"""Multi-level estimation, after Germer, Uelwer, Conrad and Harmeling 2020 ("Fast Multi-Level Foreground Estimation").

As there, F and B are solved for together, from a very small picture up to the full one: each level starts from the
colours of the level below, and then a few iterations move every pixel to the average of its neighbours and from there to
what the photo shows. Levels take every second pixel, as there: averaged pixels are no longer a mixture of one F and one
B, which doubled the error in thin hair. Two things differ:

- All pixels of a round move at once (Jacobi) instead of one after another (Gauss-Seidel), so that whole arrays move.
- A neighbour counts by how much it knows: by its α squared for F and by that of 1 − α for B, as in a least-squares fit
  of one colour to αF. The paper's weight grows with the step in α between the two, which carries colours to and fro:
  eight iterations of it leave more error than two of these.

A pixel's result depends on the photo within a few pixels at each level, never on the tile: what lies beyond the photo
is its outermost pixels repeated, and the iterations eat up the margin that a tile is given.
"""

import numpy as np

from offcut.geometry import Box

SMALL_ITERATIONS = 10
SMALL_SIDE = 32
"""As in the paper, more iterations for levels of at most this side: they cost nothing and reach far."""

ITERATIONS = ((2**22, 0), (2**20, 2), (0, 4))
"""Rounds for levels of more pixels than given. Large ones cost most and gain least: to go without at 12 MP costs .1 of 255 in the
boundary band of hair, and nothing on blur (docs/quality.md)."""

COARSE_PIXELS = 2**16
"""The largest level of at most this many pixels is solved once and kept; larger ones are solved tile by tile."""

MIN_WEIGHT = np.float32(1e-4)
"""What a neighbour counts that knows nothing, so that colours cross areas in which no pixel does."""

REGULARIZATION = np.float32(0.02)
"""How much a pixel holds on to its neighbours' colours against the photo's.

0.1 gains 0.3 % where alpha is wrong and loses 3 % where it is right.
"""


class MultiLevel:
    """F of one photo, in the boxes asked for."""

    def __init__(self, rgb: np.ndarray, alpha: np.ndarray) -> None:
        """Solve the small levels of a photo, uint8 ``(h, w, 3)``, with its alpha, uint8 ``(h, w)``."""
        self._rgb, self._alpha = rgb, alpha
        self._levels = (max(alpha.shape) - 1).bit_length()
        self._coarse_level = 1
        height, width = self._shape(1)
        while height * width > COARSE_PIXELS:
            self._coarse_level += 1
            height, width = self._shape(self._coarse_level)
        step = 1 << self._coarse_level
        self._start = _initial_colours(rgb[::step, ::step], alpha[::step, ::step])
        # No larger level asks for more beyond the photo: each adds its iterations, fewer than these, to what it is asked for and
        # asks for half.
        self._coarse_box = Box(0, height, 0, width).grown(SMALL_ITERATIONS)
        self._coarse = self._solve(self._coarse_level, self._coarse_box)

    def __call__(self, box: Box) -> np.ndarray:
        """F in a box of the photo: uint8 ``(3, h, w)``."""
        colours: np.ndarray = (self._colours(0, box)[0] + np.float32(0.5)).astype(np.uint8)
        return colours

    def _shape(self, level: int) -> tuple[int, int]:
        """Height and width of a level, which has every 2^level-th pixel."""
        height, width = self._alpha.shape
        return ((height - 1) >> level) + 1, ((width - 1) >> level) + 1

    def _colours(self, level: int, box: Box) -> np.ndarray:
        """F and B of a level in a box of it, float32 ``(2, 3, h, w)``, 0 to 255."""
        if level != self._coarse_level:
            return self._solve(level, box)
        kept = self._coarse_box
        return self._coarse[
            ..., box.top - kept.top : box.bottom - kept.top, box.left - kept.left : box.right - kept.left
        ]

    def _solve(self, level: int, box: Box) -> np.ndarray:
        iterations = _iterations(*self._shape(level))
        wide = box.grown(iterations)
        half = wide.halved()
        if level >= self._levels:  # one pixel is left
            below = np.broadcast_to(self._start, (2, 3, half.bottom - half.top, half.right - half.left))
        else:
            below = self._colours(level + 1, half)
        return _jacobi(
            self._pixels(self._rgb, level, wide),
            self._pixels(self._alpha, level, wide),
            _enlarged(below, half, wide),
            iterations,
        )

    def _pixels(self, values: np.ndarray, level: int, box: Box) -> np.ndarray:
        """The pixels of a level in a box of it; beyond the picture, its outermost ones."""
        inside = box.within(*self._shape(level))
        part = values[:: 1 << level, :: 1 << level][inside.top : inside.bottom, inside.left : inside.right]
        if inside == box:
            return part
        beyond = [
            (inside.top - box.top, box.bottom - inside.bottom),
            (inside.left - box.left, box.right - inside.right),
        ]
        return np.pad(part, beyond + [(0, 0)] * (values.ndim - 2), "edge")


def _iterations(height: int, width: int) -> int:
    """How many iterations a level of that size has."""
    if max(height, width) <= SMALL_SIDE:
        return SMALL_ITERATIONS
    return next(iterations for pixels, iterations in ITERATIONS if height * width > pixels)


def _initial_colours(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Means of what is most surely subject and background in a small picture, float32 ``(2, 3, 1, 1)``.

    Counted in integers, whose sum is the same in every order.
    """
    colours = rgb.reshape(-1, 3).astype(np.int64)
    known = alpha.reshape(-1).astype(np.int64)
    means = [(colours * weight[:, None]).sum(0) / weight.sum() for weight in (known**4 + 1, (255 - known) ** 4 + 1)]
    return np.array(means, np.float32)[:, :, None, None]


def _enlarged(colours: np.ndarray, have: Box, want: Box) -> np.ndarray:
    """Colours ``(…, h, w)`` of a box, each pixel four times, in a box of the picture of twice the size.

    Not by `repeat`, which takes more time than all iterations together.
    """
    tall = colours.take(np.arange(want.top, want.bottom) // 2 - have.top, axis=-2)
    result = np.empty((*tall.shape[:-1], want.right - want.left), np.float32)
    for first in range(2):
        columns = result[..., first::2]
        start = (want.left + first) // 2 - have.left
        columns[...] = tall[..., start : start + columns.shape[-1]]
    return result


def _jacobi(rgb: np.ndarray, alpha: np.ndarray, colours: np.ndarray, iterations: int) -> np.ndarray:
    """Move F and B for some iterations, each of which loses one pixel on each side.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        colours: F and B to start from, float32 ``(2, 3, h, w)``; overwritten.
        iterations: how many; without one they only come to mix to what the photo shows.

    Returns:
        F and B, float32 ``(2, 3, h - 2 · iterations, w - 2 · iterations)``, 0 to 255.
    """
    photo = np.ascontiguousarray(rgb.transpose(2, 0, 1), np.float32)
    mix = np.empty((2, 1, *alpha.shape), np.float32)
    np.multiply(alpha, np.float32(1 / 255), out=mix[0, 0])
    np.subtract(np.float32(1), mix[0, 0], out=mix[1, 0])
    # The least of Σ (αF + (1 − α)B − I)² + regularization · ((F − F̄)² + (B − B̄)²) lies along (α, 1 − α) from (F̄, B̄).
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


def _neighbour_sum(values: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Put the sum of each pixel's four neighbours into `total`.

    All rows and planes are added as one line, which is twice as fast as row by row. So what the outermost pixels get is
    no sum of neighbours, and in each round that uses it one more pixel from the sides on is wrong.
    """
    width, line, sums = values.shape[-1], values.reshape(-1), total.reshape(-1)
    inner = sums[width:-width]
    np.add(line[: -2 * width], line[2 * width :], out=inner)
    inner += line[width - 1 : -width - 1]
    inner += line[width + 1 : line.size - width + 1]
    return total


def _project(photo: np.ndarray, mix: np.ndarray, gain: np.ndarray, colours: np.ndarray, buffer: np.ndarray) -> None:
    """Move F and B, as little as it takes, to where they mix to the photo's colour. `buffer` is overwritten."""
    mixed = np.multiply(colours, mix, out=buffer)
    missing = photo - mixed[0]
    missing -= mixed[1]
    colours += np.multiply(gain, missing, out=buffer)
    np.clip(colours, np.float32(0), np.float32(255), out=colours)
