"""The colour guided filter, on the uncertain band of an alpha.

He, Sun and Tang, "Guided Image Filtering" (TPAMI 2013) with a colour guide: within each window alpha is modelled as a
linear function of the photo's colours. He and Sun, "Fast Guided Filter" (2015): the coefficients are smooth, so they
are computed on a smaller picture and enlarged. docs/measurements has what it gains.
"""

from collections.abc import Callable
from math import ceil

import numpy as np
from PIL import Image

from offcut.alpha import FAINT, OPAQUE
from offcut.arrays import AlphaU8, AnyArray, Floats, PixelsU8, RgbU8
from offcut.geometry import Box, chosen_tiles, tiles
from offcut.matting.box_filter import box_mean, window_sums, window_weights

RADIUS = 0.007
"""Half the window's side, as a part of the photo's longer side."""

SMALL_RADIUS = 0.005
"""The same for photos whose longer side is at most `SMALL` pixels, where an edge is a larger part of the picture."""

SMALL = 500

EPSILON = 1e-4
"""Regularisation on colours in 0..1: smaller variances count as flat."""

LEVELS = (0.15, 0.85)
"""Levels: filtered values below the first become 0, above the second 1; otherwise flat regions would keep a haze."""

WORKING_SIDE = 1024
"""Longer side, in pixels, of the copy on which coefficients are computed: as fine as the finest network's output."""

_TILE = 192
"""Side of the tiles, in pixels: their arrays stay in a CPU's cache."""

_CERTAIN = (FAINT, OPAQUE)  # fainter and denser alphas are no edge


def refine(alpha: Image.Image, image: Image.Image, strength: float = 1.0) -> Image.Image:
    """Return `alpha` with its uncertain edges following the photo (`Refinement.whole`)."""
    return Refinement(
        lambda size: alpha if size == alpha.size else alpha.resize(size, Image.Resampling.BOX), image, strength
    ).whole()


class Refinement:
    """The filter for one photo. Its coefficients are computed once and serve the full size and a small copy."""

    def __init__(self, alpha_at: Callable[[tuple[int, int]], Image.Image], image: Image.Image, strength: float) -> None:
        """Compute the coefficients.

        Args:
            alpha_at: returns the alpha, mode L, at a width and height. The photo's size is asked for by `whole` alone.
            image: the photo, mode RGB.
            strength: 0 (alpha unchanged) to 1 (the filter's result).
        """
        self._alpha_at, self._image, self._strength = alpha_at, image, strength
        width, height = image.size
        longer = max(width, height)
        radius = max(2.0, longer * (SMALL_RADIUS if longer <= SMALL else RADIUS))
        scale = min(1.0, WORKING_SIDE / longer)
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        self._guide = image if small == image.size else image.resize(small, Image.Resampling.BOX)
        self._coarse = alpha_at(small)
        reach = max(1, round(radius * scale))
        self._coefficients: list[Image.Image] | None = None
        if strength > 0:
            self._band = _band(self._coarse, reach)
            if np.asarray(self._band).any():
                self._coefficients = linear_map(
                    np.asarray(self._guide), np.asarray(self._coarse), reach, np.asarray(self._band)
                )

    def whole(self) -> Image.Image:
        """Return the refined alpha at the photo's size, mode L.

        Pixels farther than the filter's radius from every uncertain one are unchanged.
        """
        return self._applied(self._alpha_at(self._image.size), self._image)

    def small(self) -> tuple[Image.Image, Image.Image]:
        """Return a small copy of the photo, mode RGB, and its refined alpha, mode L.

        The longer side has at most `WORKING_SIDE` pixels.
        """
        return self._guide, self._applied(self._coarse, self._guide)

    def _applied(self, alpha: Image.Image, image: Image.Image) -> Image.Image:
        """Refine an alpha, mode L, along a copy of the photo of its size."""
        if self._coefficients is None:
            return alpha
        return _apply(alpha, image, self._band, self._coefficients, self._strength)


def _band(alpha: Image.Image, reach: int) -> Image.Image:
    """Return the band around uncertain pixels: 255 within reach of one, 0 beyond, and a ramp between (mode L).

    There are no hard thresholds: they would leave a seam, and at different places on machines that differ by one level.
    """
    low, high = _CERTAIN
    whole = np.asarray(alpha)
    values = whole.astype(np.float32)
    # A hard outline is an edge too: a neighbourhood that has both subject and background is uncertain.
    steps = _extreme_of_neighbours(whole, np.maximum) - _extreme_of_neighbours(whole, np.minimum)
    soft = np.minimum(_soft_threshold(values, low), _soft_threshold(255 - values, 255 - high))
    seeds = np.maximum(soft, _soft_threshold(steps.astype(np.float32), 25))
    # A line of seeds counts fully from three pixels inside of the window on.
    near = box_mean(seeds, reach + 1) * np.float32((2 * reach + 3) / 3)
    return Image.fromarray((np.minimum(near, 1) * 255 + np.float32(0.5)).astype(np.uint8), "L")


def _extreme_of_neighbours(values: AlphaU8, choice: np.ufunc) -> AlphaU8:
    """The maximum or minimum (`choice`) of each pixel and its eight neighbours, uint8 ``(h, w)``.

    Pillow's filters sort, which takes twenty times as long.
    """
    wide = np.pad(values, 1, "edge")
    tall = choice(choice(wide[:, :-2], wide[:, 1:-1]), wide[:, 2:])
    return np.asarray(choice(choice(tall[:-2], tall[1:-1]), tall[2:]))


def _soft_threshold(values: Floats, limit: float) -> Floats:
    """0 where values are clearly below the limit, 1 where clearly above, and a ramp between; float32 ``(h, w)``."""
    return np.asarray(np.clip((values - np.float32(limit)) * np.float32(1 / 6) + np.float32(0.5), 0, 1))


def linear_map(guide: RgbU8, alpha: AlphaU8, radius: int, where: AnyArray | None = None) -> list[Image.Image]:
    """Compute the filter's linear map: alpha = a · colour + b, for colours and alpha from 0 to 255.

    Args:
        guide: uint8 ``(h, w, 3)``.
        alpha: uint8 ``(h, w)``.
        radius: half the window's side in pixels, at least 1.
        where: ``(h, w)``, not 0 where the map is needed, which may save most of the work; None for everywhere. The map
            is then right in these pixels and their neighbours, which enlarging it reads as well; elsewhere it may be 0.

    Returns:
        Four pictures of mode F and the guide's size: the three slopes, then the offset.
    """
    maps = [np.zeros(alpha.shape, np.float32) for _ in range(4)]
    everywhere = np.broadcast_to(np.True_, alpha.shape)
    # Tile by tile, with exactly the same result: some thirty arrays of the whole size would be the most memory that a
    # photo takes at any time, and those of a tile stay in a CPU's cache.
    for needed, _ in chosen_tiles(everywhere if where is None else where, _TILE, lambda part: part > 0):
        box = needed.grown(1).within(*alpha.shape)
        for whole, part in zip(maps, _linear_maps(guide, alpha, radius, box), strict=True):
            whole[box.slices] = part
    return [Image.fromarray(part, "F") for part in maps]


def _linear_maps(guide: RgbU8, alpha: AlphaU8, radius: int, box: Box) -> list[Floats]:
    """`linear_map` in one box: four float32 arrays of its shape."""
    wide, near = box.grown(2 * radius), box.grown(radius)  # windows of windows reach twice as far
    row = wide.width
    colours = [_line(guide[..., channel], wide) for channel in range(3)]
    target = _line(alpha, wide)
    # 0 beyond the picture, so that nothing there counts in the second windows.
    weights = window_weights(Box(near.top, near.bottom + 1, near.left, near.left + row), radius, alpha.shape)
    weights = weights.reshape(-1)[: -2 * radius]

    def mean_of(values: Floats) -> Floats:
        sums = window_sums(values, row, radius)
        sums *= weights
        return sums

    means = [mean_of(colour) for colour in colours]
    target_mean = mean_of(target)
    covariances = [mean_of(colour * target) - mean * target_mean for colour, mean in zip(colours, means, strict=True)]
    variances = {}
    for first in range(3):
        for second in range(first, 3):
            product = mean_of(colours[first] * colours[second]) - means[first] * means[second]
            variances[first, second] = product + np.float32(EPSILON) if first == second else product
    slopes = _solve(variances, covariances)
    offset = target_mean - sum(slope * mean for slope, mean in zip(slopes, means, strict=True))
    height, width = box.shape
    last_weights = window_weights(box, radius, alpha.shape)
    *slopes, offset = (
        window_sums(part, row, radius)[: height * row].reshape(height, row)[:, :width] * last_weights
        for part in (*slopes, offset)
    )
    # So far for values from -0.5 to 0.5, which lose fewer digits in sums of products.
    return [*slopes, (offset - sum(slopes) * np.float32(0.5) + np.float32(0.5)) * np.float32(255)]


def _line(values: PixelsU8, box: Box) -> Floats:
    """A box of uint8 ``(h, w)`` values as one line of floats from -0.5 to 0.5, row after row; 0 beyond the picture.

    There is one row more than the box has, so that `window_sums` can be cut into whole rows.
    """
    inside = box.within(*values.shape)
    rows = np.zeros((box.height + 1, box.width), np.float32)
    place = rows[inside.inside(box).slices]
    np.multiply(values[inside.slices], np.float32(1 / 255), out=place)
    place -= np.float32(0.5)
    return rows.reshape(-1)


def evaluate(coefficients: list[Image.Image], tile: Image.Image, source: tuple[float, float, float, float]) -> Floats:
    """Evaluate a `linear_map` on a part of a photo.

    Args:
        coefficients: the four pictures that `linear_map` returned.
        tile: the part of the photo, mode RGB.
        source: left, top, right and bottom of the part, in pixels of the coefficients.

    Returns:
        The alpha, float32 ``(h, w)``, about 0 to 255 and not clipped.
    """
    maps = [np.asarray(part.resize(tile.size, Image.Resampling.BILINEAR, box=source)) for part in coefficients]
    colours = np.asarray(tile)
    value = maps[3].copy()
    term = np.empty_like(value)
    for channel in range(3):
        value += np.multiply(maps[channel], colours[..., channel], out=term)
    return value


def _solve(matrix: dict[tuple[int, int], Floats], right: list[Floats]) -> list[Floats]:
    """Solve the symmetric 3 × 3 system of every pixel by cofactors.

    Args:
        matrix: the upper triangle by row and column, each float32 of any one shape.
        right: the right-hand side, three arrays of that shape.

    Returns:
        The solution, three arrays of that shape.
    """
    a, b, c = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    d, e, f = matrix[1, 1], matrix[1, 2], matrix[2, 2]
    co = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b]
    # The determinant is positive, as EPSILON is added to the variances; rounding could still make it negative.
    inverse = 1 / np.maximum(a * co[0] + b * co[1] + c * co[2], np.float32(EPSILON**3 / 2))
    x, y, z = right
    return [
        (co[0] * x + co[1] * y + co[2] * z) * inverse,
        (co[1] * x + co[3] * y + co[4] * z) * inverse,
        (co[2] * x + co[4] * y + co[5] * z) * inverse,
    ]


def _apply(
    alpha: Image.Image, image: Image.Image, band: Image.Image, coefficients: list[Image.Image], strength: float
) -> Image.Image:
    """Evaluate the linear map in the band, tile by tile, and mix the result with `alpha` by the band: mode L."""
    width, height = image.size
    across, down = band.width / width, band.height / height
    low, high = LEVELS
    result = alpha.copy()
    for tile in tiles(height, width, _TILE):
        box = _part_in_band(band, tile, across, down)
        if box is None:
            continue
        source = (box.left * across, box.top * down, box.right * across, box.bottom * down)
        value = evaluate(coefficients, image.crop(box.ltrb), source)
        value -= np.float32(255 * low)
        value *= np.float32(1 / (high - low))
        np.clip(value, np.float32(0), np.float32(255), out=value)
        if strength < 1:
            before = np.asarray(alpha.crop(box.ltrb), np.float32)
            value -= before
            value *= np.float32(strength)
            value += before
        value += np.float32(0.5)
        found = Image.fromarray(value.astype(np.uint8), "L")
        result.paste(found, (box.left, box.top), band.resize(found.size, Image.Resampling.BILINEAR, box=source))
    return result


def _part_in_band(band: Image.Image, tile: Box, across: float, down: float) -> Box | None:
    """The bounding box of a tile's pixels in the band, as precise as the small band allows; None where none are."""
    left, top = int(tile.left * across) - 1, int(tile.top * down) - 1  # enlarging also reads a pixel's neighbours
    part = band.crop((left, top, ceil(tile.right * across) + 1, ceil(tile.bottom * down) + 1)).getbbox()
    if part is None:
        return None
    near = Box(part[1] - 1, part[3] + 1, part[0] - 1, part[2] + 1).moved(top, left)
    return Box(
        int(near.top / down), ceil(near.bottom / down), int(near.left / across), ceil(near.right / across)
    ).within_box(tile)
