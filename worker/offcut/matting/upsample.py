"""A coarse alpha at the photo's size."""

import numpy as np
from PIL import Image

_ROWS = 256


def upsample(coarse: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """Enlarge a coarse alpha to the photo's size with a bicubic kernel (Keys 1981, a = -0.5, as Pillow has it).

    Bicubic follows curved outlines better than bilinear: 1 to 6 % lower error on binary masks (docs/quality.md).

    Args:
        coarse: float array ``(height, width)``, 0 to 1.
        size: width and height of the photo.

    Returns:
        A picture of mode ``"L"``, 0 (background) to 255 (subject).
    """
    # Enlarged as floats: rounding to 8 bits first would show as steps in wide soft edges. In strips, because a photo of
    # floats would be the largest thing in memory; the kernel sees beyond a strip, so it shows no seam.
    source = Image.fromarray(np.asarray(coarse, np.float32) * np.float32(255) + np.float32(0.5), "F")
    width, height = size
    result = Image.new("L", size)
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        box = (0, top * source.height / height, source.width, min(bottom * source.height / height, source.height))
        strip = source.resize((width, bottom - top), Image.Resampling.BICUBIC, box)
        result.paste(strip.convert("L"), (0, top))  # clips, and drops what comes after the point
    return result
