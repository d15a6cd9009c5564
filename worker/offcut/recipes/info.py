"""What a recipe is told about the picture that it finishes."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageColor

from offcut.colour.profiles import space_of
from offcut.colour.spaces import convert_colour

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, as Pillow has them."""


def _no_report(done: float, total: float) -> None:
    pass


@dataclass(frozen=True)
class Info:
    """The third argument of a recipe's ``finish``."""

    mask: Image.Image
    """How much of each pixel of the cutout the subject covers: mode ``"L"``, as large as the cutout."""

    photo_box: Box
    """Where the photo lies in the cutout; parts of it may lie beyond the cutout's edges."""

    scale: float = 1.0
    """Pixels of the cutout for each of the photo's: 1 unless a canvas or a preview has another size."""

    name: str = ""
    """Name of the photo's file, such as ``"cat.jpg"``; empty where it has none."""

    model: str = ""
    """Id of the model that found the subject."""

    icc_profile: bytes | None = None
    """Colour profile of cutout and original, and of what is saved; None for sRGB."""

    report: Callable[[float, float], object] = _no_report
    """Called by `progress`."""

    @property
    def box(self) -> Box | None:
        """The smallest box of the cutout with all of the subject; None where nothing is visible."""
        return self.mask.getbbox()

    def colour(self, text: str) -> tuple[int, int, int]:
        """Return a CSS colour, such as ``"#ff8800"``, as red, green and blue of these pictures, 0 to 255.

        Raises:
            ValueError: it is no colour.
        """
        red, green, blue = ImageColor.getrgb(text)[:3]
        return convert_colour((red, green, blue), None, space_of(self.icc_profile))

    def placed(self, photo: Image.Image) -> Image.Image:
        """Return a picture of the photo's shape as it lies in the cutout, transparent beyond it: mode ``"RGBA"``."""
        left, top, right, bottom = self.photo_box
        size = max(1, right - left), max(1, bottom - top)
        if photo.size != size:
            photo = photo.resize(size, Image.Resampling.BOX if size < photo.size else Image.Resampling.BICUBIC)
        result = Image.new("RGBA", self.mask.size)
        result.paste(photo.convert("RGBA"), (left, top))
        return result

    def progress(self, done: float, total: float = 1) -> None:
        """Report how much is done, for recipes that take long."""
        self.report(done, total)
