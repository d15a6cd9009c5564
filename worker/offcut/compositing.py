"""Colours, alpha and background put together."""

from PIL import Image, ImageChops, ImageColor

from offcut.errors import OptionError


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
