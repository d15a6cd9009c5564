"""Blur fusion, after Forte 2021 ("Approximate Fast Foreground Colour Estimation").

F and B are the photo's means around each pixel, weighted by α and by 1 − α. F is then corrected by the difference
between the photo's colour and their mixture. A second pass does the same with small means of the first pass's F and B.
"""

import numpy as np

from offcut.geometry import Box

RADII = (45, 3)
"""Of both passes' square windows, in pixels. The paper's windows have sides of 90 and 6."""

FRACTION = 64
"""Fractional steps of the first pass's result within one level of colour."""


class BlurFusion:
    """Estimates F of one photo, box by box."""

    def __init__(self, rgb: np.ndarray, alpha: np.ndarray) -> None:
        """Use a photo, uint8 ``(h, w, 3)``, and its alpha, uint8 ``(h, w)``."""
        self._rgb, self._alpha = rgb, alpha

    def __call__(self, box: Box) -> np.ndarray:
        """F in a box of the photo: uint8 ``(3, h, w)``."""
        height, width = self._alpha.shape
        far, near = RADII
        inner = box.grown(near).within(height, width)
        outer = inner.grown(far).within(height, width)
        photo = _part(self._rgb.transpose(2, 0, 1), Box(0, height, 0, width), outer).astype(np.uint32)
        share = np.empty((2, 1, *photo.shape[1:]), np.uint32)
        share[0] = _part(self._alpha, Box(0, height, 0, width), outer)
        share[1] = 255 - share[0]
        front, back = _means(photo, share, outer, inner, far)
        photo, share = _part(photo, outer, inner), _part(share, outer, inner)
        front = _corrected(photo, share, front, back)
        colours = (np.stack([front, back]) * np.float32(FRACTION) + np.float32(0.5)).astype(np.uint32)
        front, back = _means(colours, share, inner, box, near) / np.float32(FRACTION)
        front = _corrected(_part(photo, inner, box), _part(share, inner, box), front, back)
        return (front + np.float32(0.5)).astype(np.uint8)


def _part(values: np.ndarray, have: Box, want: Box) -> np.ndarray:
    """Return the part `want` of `values`, whose last two axes cover `have`."""
    return values[..., want.top - have.top : want.bottom - have.top, want.left - have.left : want.right - have.left]


def _means(colours: np.ndarray, share: np.ndarray, have: Box, want: Box, radius: int) -> np.ndarray:
    """Return means of F and B around each pixel of `want`, float32 ``(2, 3, h, w)``.

    Args:
        colours: uint32 ``(3, …)`` or ``(2, 3, …)`` in `have`.
        share: α and 1 − α, uint32 ``(2, 1, …)`` in `have`, 0 to 255.
    """
    weights = _sums(share, have, want, radius)
    # Where all weights are 0 the sum of colours is 0 too, and the mean is not used.
    return _sums(colours * share, have, want, radius).astype(np.float32) / np.maximum(weights, 1).astype(np.float32)


def _corrected(photo: np.ndarray, share: np.ndarray, front: np.ndarray, back: np.ndarray) -> np.ndarray:
    """F + α(I − αF − (1 − α)B), 0 to 255."""
    own, other = share.astype(np.float32) / np.float32(255)
    return np.clip(front + own * (photo - own * front - other * back), np.float32(0), np.float32(255))


def _sums(values: np.ndarray, have: Box, want: Box, radius: int) -> np.ndarray:
    """Return sums over square windows around each pixel of `want`, uint32; values beyond `have` count as 0.

    Running sums may go beyond 32 bits, but then they wrap around and their differences are still right, as no window's
    sum is above 91² · 255². So the sums are exact, and the same from wherever the running starts.
    """
    for axis, ends in (
        (-2, (have.top, have.bottom, want.top, want.bottom)),
        (-1, (have.left, have.right, want.left, want.right)),
    ):
        first, last, start, stop = ends
        running = np.zeros([length + (at == axis % values.ndim) for at, length in enumerate(values.shape)], np.uint32)
        np.cumsum(values, axis, np.uint32, out=running[_along(slice(1, None), axis)])
        places = np.arange(start, stop)
        after = np.minimum(places + radius + 1, last) - first
        before = np.maximum(places - radius, first) - first
        values = running.take(after, axis) - running.take(before, axis)
    return values


def _along(part: slice, axis: int) -> tuple:
    """An index that takes `part` of the last axis (-1) or of the one before (-2)."""
    return (..., part) if axis == -1 else (..., part, slice(None))
