"""Photos that show a known front before a known back."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from offcut.alpha import OPAQUE


def matte(width: int, height: int, blur: float = 3) -> np.ndarray:
    """A soft disc with thin lines around it, uint8 ``(h, w)``."""
    large = Image.new("L", (2 * width, 2 * height))
    pen = ImageDraw.Draw(large)
    pen.ellipse((width // 2, height // 2, width * 3 // 2, height * 3 // 2), fill=255)
    large = large.filter(ImageFilter.GaussianBlur(blur))
    pen = ImageDraw.Draw(large)
    for end in range(0, 2 * width, 9):
        pen.line((width, height, end, height // 5), fill=230, width=3)
    return np.asarray(large.resize((width, height), Image.Resampling.BOX))


def mixed(front: np.ndarray, back: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The photo of `front` before `back`, uint8 ``(h, w, 3)``."""
    fraction = alpha[..., None] / 255
    return np.rint(front * fraction + back * (1 - fraction)).astype(np.uint8)


def opened(path, size: tuple[int, int]) -> np.ndarray:
    """A photo at that size, float64 ``(h, w, 3)``."""
    return np.asarray(Image.open(path).convert("RGB").resize(size), float)


def random_photo(shape: tuple[int, int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A photo and an alpha of random values."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (*shape, 3), np.uint8), random.integers(0, 256, shape, np.uint8)


def soft(alpha: np.ndarray) -> np.ndarray:
    """The pixels whose colours are estimated."""
    return (alpha > 0) & (alpha < OPAQUE)
