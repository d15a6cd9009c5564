"""Compositing: colours, alpha and a plain background put together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageColor

from offcut.arrays import AlphaU8, PixelsU8, RgbaU8, RgbU8
from offcut.codecs.png_writer import StripImage
from offcut.colour.spaces import ColourSpace, convert_colour
from offcut.errors import OptionError
from offcut.geometry import Box


def combine_alpha(source_alpha: Image.Image | None, alpha: Image.Image) -> Image.Image:
    """Multiply the alpha by the file's own: what is transparent in the file stays so (Porter and Duff 1984, "in").

    Args:
        source_alpha: the file's own transparency, mode L; None where it is opaque.
        alpha: how much of each pixel the subject covers, mode L, of the same size.

    Returns:
        Mode L.
    """
    return alpha if source_alpha is None else ImageChops.multiply(source_alpha, alpha)


def cut_out(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """Return a picture with an alpha channel.

    Pixels that are visible at all keep their colour. Where alpha is 0 the colour becomes black, so that the removed
    background is not hidden in the file.

    Args:
        image: the colours, mode RGB, or RGBA whose alpha is replaced; not changed.
        alpha: mode L, of the same size.

    Returns:
        Mode RGBA.
    """
    return Image.fromarray(_with_alpha(np.asarray(image), np.asarray(alpha)))


def _with_alpha(colours: PixelsU8, alpha: AlphaU8) -> RgbaU8:
    """`cut_out` of arrays: uint8 ``(h, w, 3 or 4)`` and ``(h, w)``."""
    result = np.empty((*alpha.shape, 4), np.uint8)
    for channel in range(3):  # numpy copies all three at once much more slowly
        result[..., channel] = colours[..., channel]
    result[..., 3] = alpha
    np.copyto(result.view(np.uint32)[..., 0], 0, where=alpha == 0)
    return result


def parse_colour(text: str) -> tuple[int, int, int]:
    """Read a CSS colour, such as ``"#fff"`` or ``"white"``, as red, green and blue, 0 to 255. Raises OptionError."""
    try:
        red, green, blue, *alpha = ImageColor.getrgb(text)
    except (ValueError, AttributeError, TypeError):
        raise OptionError(f"The background {text!r} is not a colour. Write it like '#ffffff' or 'white'.") from None
    if alpha not in ([], [255]):
        raise OptionError(f"The background {text!r} is partly transparent. Write it like '#ffffff' or 'white'.")
    return red, green, blue


def over_border(cutout: Image.Image, border: Image.Image, colour: str, space: ColourSpace | None) -> Image.Image:
    """Return a cutout in front of its border, and cut along that.

    Args:
        cutout: mode RGBA.
        border: how much of each pixel cutout and border cover together (`offcut.masks.border`), mode L.
        colour: of the border, as CSS writes it.
        space: the cutout's colour space; None for sRGB.

    Returns:
        Mode RGBA; black where nothing is visible.
    """
    behind = Image.new("RGB", cutout.size, convert_colour(parse_colour(colour), None, space))
    return cut_out(Image.alpha_composite(cut_out(behind, border), cutout), border)


def over_colour(cutout: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Return a cutout, mode RGBA, over a plain colour, as mode RGB.

    Blends the encoded values, as browsers do (Porter and Duff 1984, "over").
    """
    result = Image.new("RGB", cutout.size, colour)
    result.paste(cutout, mask=cutout.getchannel("A"))
    return result


@dataclass(frozen=True)
class Border:
    """What lies behind a cutout as its border."""

    covered: AlphaU8
    """How much of each pixel cutout and border cover together (`offcut.masks.border`), uint8 ``(h, w)``."""

    colour: str
    """As CSS writes it."""

    space: ColourSpace | None
    """That of the cutout; None for sRGB."""


@dataclass(frozen=True)
class Cutout:
    """A photo's cutout at full size, composed part by part so that it need not be in memory as a whole.

    Both `Engine.remove` and the editor compose with it.
    """

    alpha: AlphaU8
    """How much of each pixel the subject covers, uint8 ``(h, w)``, without the file's own transparency."""

    source_alpha: AlphaU8 | None
    """The file's own transparency, uint8 ``(h, w)``; None where the file is opaque."""

    colours: Callable[[Box], RgbU8]
    """Returns a box of the subject's colours, uint8 ``(h, w, 3)``: the photo's or the estimated foreground."""

    border: Border | None = None
    """Around the subject; None for none. It is no part of the mask."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.alpha.shape
        return width, height

    def visible(self, box: Box) -> AlphaU8:
        """Return how much of each pixel is visible: alpha times the file's own transparency, uint8 ``(h, w)``."""
        alpha = self.alpha[box.slices]
        if self.source_alpha is None:
            return alpha
        return np.asarray(combine_alpha(Image.fromarray(self.source_alpha[box.slices]), Image.fromarray(alpha)))

    def part(self, box: Box) -> RgbaU8:
        """Return a box of the cutout, uint8 ``(h, w, 4)``; black where nothing is visible (`cut_out`)."""
        if self.border is None:
            return _with_alpha(self.colours(box), self.visible(box))
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
        alone = cut_out(Image.fromarray(self.colours(box)), Image.fromarray(self.visible(box)))
        if self.border is None:
            return alone
        covered = Image.fromarray(np.ascontiguousarray(self.border.covered[box.slices]))
        return over_border(alone, covered, self.border.colour, self.border.space)
