"""The methods of foreground estimation that are compared."""

from collections.abc import Callable

import numpy as np

from bench.foreground.blur_fusion import BlurFusion
from offcut.alpha import soft_tiles
from offcut.foreground.cache import TILE, Solver, write_colours
from offcut.foreground.multilevel import MultiLevel

Method = Callable[[np.ndarray, np.ndarray], Solver]
"""Takes the photo, uint8 ``(h, w, 3)``, and its alpha, uint8 ``(h, w)``."""

METHODS: dict[str, Method] = {"blurfusion": BlurFusion, "multilevel": MultiLevel}


def estimate(rgb: np.ndarray, alpha: np.ndarray, method: Method, *, tile: int = TILE) -> np.ndarray:
    """Estimate the foreground colours with any method, as `offcut.foreground.estimate` does with the product's."""
    result = rgb.copy()
    solver = method(rgb, alpha)
    for box, soft in soft_tiles(alpha, tile):
        write_colours(solver(box), soft, result[box.slices])
    return result
