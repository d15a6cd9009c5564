"""Convert any mode and bit depth that Pillow reads to 8-bit RGB and alpha."""

import numpy as np
from PIL import Image

from offcut.arrays import AnyArray

_WITH_ALPHA = ("RGBA", "LA", "PA", "RGBa")


def to_rgb(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return a picture as mode RGB, and its alpha as mode L; None instead of an alpha that is opaque throughout."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _deep_grey(image)
    if image.mode == "La":
        image = image.convert("LA")
    if image.has_transparency_data:
        try:
            rgba = image if image.mode == "RGBA" else image.convert("RGBA")
            return rgba.convert("RGB"), opaque_to_none(rgba.getchannel("A"))
        except (ValueError, TypeError):  # a program's note of a transparent colour that this mode cannot have
            if image.mode in _WITH_ALPHA:
                raise
            image = image.copy()
            del image.info["transparency"]
    return image.convert("RGB") if image.mode != "RGB" else image, None


def opaque_to_none(alpha: Image.Image) -> Image.Image | None:
    """Return the alpha, mode L, or None where it is 255 throughout."""
    return None if alpha.getextrema()[0] == 255 else alpha


def _deep_grey(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Convert grey of more than 8 bits as `to_rgb` does. Pillow's conversion clips at 255 instead of scaling."""
    values = np.asarray(image)
    white = _white(values, image.mode)
    scaled = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=white, neginf=0.0) * np.float32(255.0 / white)
    grey = Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8), "L").convert("RGB")
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return grey, None
    return grey, opaque_to_none(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8), "L"))


def _white(values: AnyArray, mode: str) -> float:
    """The value of white: 65535 in 16-bit files; in 32-bit files, which do not define it, by the brightest value."""
    if mode.startswith("I;16"):
        return 65535.0
    finite = values[np.isfinite(values)]
    brightest = float(finite.max()) if finite.size else 1.0
    # Floats from 0 to 1 with highlights above it, or the range of the fewest bits, at least 8, that hold the brightest
    # value.
    if mode == "F" and brightest <= 2.0:
        return 1.0
    return float(2 ** max(8, int(np.ceil(np.log2(max(brightest, 1.0) + 1.0)))) - 1)
