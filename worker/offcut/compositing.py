"""Colours, alpha and background put together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageColor

from offcut.codecs.png_writer import StripImage
from offcut.errors import OptionError
from offcut.geometry import Box


def combine_alpha(own: Image.Image | None, found: Image.Image) -> Image.Image:
    """The photo's own transparency times the alpha that was found (both mode L, same size).

    Multiplication is what stacking two masks means (Porter and Duff 1984, the "in" operator): what was transparent
    stays so.
    """
    return found if own is None else ImageChops.multiply(own, found)


def cut_out(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """An RGBA picture of `image` (RGB) under `alpha` (L).

    Every pixel that stays at all visible keeps the colour it has in `image`. Where alpha is zero the colour is made black, so that
    the removed background is truly gone from the file instead of only hidden in it.
    """
    result = image.copy()
    result.putalpha(alpha)
    result.paste((0, 0, 0, 0), mask=alpha.point([255] + [0] * 255, "1"))
    return result


def parse_colour(text: str) -> tuple[int, int, int]:
    """Read a CSS colour such as ``"#fff"``, ``"white"`` or ``"rgb(255, 0, 0)"``. Raises OptionError."""
    try:
        return ImageColor.getrgb(text)[:3]
    except (ValueError, AttributeError, TypeError):
        raise OptionError(f"The background {text!r} is not a colour. Write it like '#ffffff' or 'white'.") from None


def over_colour(cutout: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """An RGB picture of `cutout` (RGBA) over a plain colour (the "over" operator, on the encoded values as browsers do)."""
    result = Image.new("RGB", cutout.size, colour)
    result.paste(cutout, mask=cutout.getchannel("A"))
    return result


@dataclass(frozen=True)
class Cutout:
    """A photo's cutout at full size, composed part by part so that it need not be in memory as a whole.

    Both `Engine.remove` and the editor compose with it.
    """

    alpha: np.ndarray
    """How much of each pixel the subject covers, uint8 ``(h, w)``, without the file's own transparency."""

    source_alpha: np.ndarray | None
    """The file's own transparency, uint8 ``(h, w)``; None where the file is opaque."""

    colours: Callable[[Box], np.ndarray]
    """Returns a box of the subject's colours, uint8 ``(h, w, 3)``: the photo's or the estimated foreground."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.alpha.shape
        return width, height

    def visible(self, box: Box) -> np.ndarray:
        """Return how much of each pixel is visible: alpha times the file's own transparency, uint8 ``(h, w)``."""
        alpha = self.alpha[box.slices]
        if self.source_alpha is None:
            return alpha
        return np.asarray(combine_alpha(Image.fromarray(self.source_alpha[box.slices]), Image.fromarray(alpha)))

    def part(self, box: Box) -> np.ndarray:
        """Return a box of the cutout, uint8 ``(h, w, 4)``; black where nothing is visible (`cut_out`)."""
        return np.asarray(self._picture(box))

    def strips(self) -> StripImage:
        """Return the cutout as an RGBA image that is composed while it is written."""
        return StripImage(self.size, "RGBA", lambda top, bottom: self.part(self._rows(top, bottom)))

    def strips_over(self, colour: tuple[int, int, int]) -> StripImage:
        """Return the cutout over a plain colour as an RGB image that is composed while it is written."""
        return StripImage(
            self.size,
            "RGB",
            lambda top, bottom: np.asarray(over_colour(self._picture(self._rows(top, bottom)), colour)),
        )

    def mask_strips(self) -> StripImage:
        """Return what is visible as a grey image (mode L) that is composed while it is written."""
        return StripImage(self.size, "L", lambda top, bottom: self.visible(self._rows(top, bottom)))

    def _rows(self, top: int, bottom: int) -> Box:
        return Box(top, bottom, 0, self.alpha.shape[1])

    def _picture(self, box: Box) -> Image.Image:
        return cut_out(Image.fromarray(self.colours(box)), Image.fromarray(self.visible(box)))
