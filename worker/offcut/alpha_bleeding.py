"""Colours under alpha 0, for programs that scale a picture without weighting its colours by alpha.

Such programs (game engines, mip-maps, slides) mix the colours of transparent pixels into the edge: black ones become a
dark rim. So the subject's colours go on for a few pixels where alpha is 0 ("alpha bleeding"). Only colours of the
finished picture are used, never those of the photo under it: nothing of a removed background comes back.
"""

import numpy as np
from PIL import Image

from offcut.arrays import Mask, RgbaU8
from offcut.codecs.png_writer import StripImage, strips_of

BLOCK = 4
"""Side in pixels of the squares that get one colour. It reaches at least this far beyond the subject, and at most
twice as far: enough for a picture that is reduced to a quarter.
"""


def bled(picture: Image.Image | StripImage) -> Image.Image | StripImage:
    """Let the colours of a picture go on under alpha 0; beyond that, the colour under alpha 0 is black.

    Args:
        picture: of any mode; one without alpha is returned as it is.

    Returns:
        The same picture to the eye. What a pixel becomes does not depend on the strips.
    """
    if picture.mode != "RGBA":
        return picture
    strips = picture if isinstance(picture, StripImage) else strips_of(picture)
    height = strips.size[1]

    def rows(top: int, bottom: int) -> RgbaU8:
        first = max(0, (top // BLOCK - 1) * BLOCK)
        last = min(height, (-(-bottom // BLOCK) + 1) * BLOCK)
        return bleed(strips.rows(first, last))[top - first : bottom - first]

    return StripImage(strips.size, strips.mode, rows)


def bleed(pixels: RgbaU8) -> RgbaU8:
    """Let the colours of a picture go on under alpha 0.

    Each pixel with alpha 0 gets the mean of the visible pixels in its square of `BLOCK` pixels and the eight around it,
    weighted by alpha squared: the colours of nearly transparent pixels are the least certain.

    Args:
        pixels: uint8 ``(h, w, 4)``; not changed.

    Returns:
        A new array, or the same one where nothing is transparent.
    """
    height, width = pixels.shape[:2]
    clear = np.ones((-height % BLOCK + height, -width % BLOCK + width), bool)  # what completes squares is not visible
    np.equal(pixels[..., 3], 0, out=clear[:height, :width])
    visible, holes = _visible_and_holes(clear)
    if not holes.any():
        return pixels
    if not visible.any():
        return np.zeros_like(pixels)
    result = np.empty((*clear.shape, 4), np.uint8)
    result[:height, :width] = pixels
    np.copyto(result.view(np.uint32)[..., 0], 0, where=clear)
    sources = np.nonzero(visible & _around(holes))
    targets = np.nonzero(holes & _around(visible))
    # A view of the squares: row and column of the square, row and column in it, channel.
    squares = result.reshape(visible.shape[0], BLOCK, visible.shape[1], BLOCK, 4).swapaxes(1, 2)
    sums = np.zeros((*visible.shape, 4), np.float32)
    sums[sources] = _weighted_sums(squares[sources])
    colours = _colours(sums, targets)
    chosen = squares[targets]
    squares[targets] = np.where(chosen[..., 3:] == 0, colours[:, None, None], chosen)
    return result[:height, :width]


def _visible_and_holes(clear: Mask) -> tuple[Mask, Mask]:
    """Whether any pixel of each square is visible, and whether any is not: bool ``(h / BLOCK, w / BLOCK)``."""
    rows = clear.view(f"u{BLOCK}").reshape(-1, BLOCK, clear.shape[1] // BLOCK)  # as many bytes as a square has columns
    some, every = rows[:, 0].copy(), rows[:, 0].copy()
    for row in range(1, BLOCK):
        some |= rows[:, row]
        every &= rows[:, row]
    return every != np.ones(BLOCK, bool).view(f"u{BLOCK}"), some != 0


def _around(mask: Mask) -> Mask:
    """Set each square that is set itself or has one of the eight around it set."""
    wide = mask.copy()
    wide[:, 1:] |= mask[:, :-1]
    wide[:, :-1] |= mask[:, 1:]
    found = wide.copy()
    found[1:] |= wide[:-1]
    found[:-1] |= wide[1:]
    return found


def _weighted_sums(squares: RgbaU8) -> np.ndarray:
    """Colours times alpha squared, and alpha squared, summed over each square: float32 ``(n, 4)``.

    Args:
        squares: uint8 ``(n, BLOCK, BLOCK, 4)``.
    """
    values = squares.reshape(len(squares), BLOCK * BLOCK, 4).astype(np.float32)
    weights = values[..., 3:] ** 2
    values[..., 3] = 1
    summed: np.ndarray = (values * weights).sum(1)
    return summed


def _colours(sums: np.ndarray, targets: tuple[np.ndarray, ...]) -> np.ndarray:
    """The mean colour around each chosen square, and alpha 0: uint8 ``(n, 4)``."""
    padded = np.pad(sums, ((1, 1), (1, 1), (0, 0)))
    row, column = targets
    total = sum(padded[row + down, column + right] for down in range(3) for right in range(3))
    colours = np.zeros((len(row), 4), np.uint8)
    colours[:, :3] = total[:, :3] / total[:, 3:] + np.float32(0.5)
    return colours
