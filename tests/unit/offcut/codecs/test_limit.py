"""Files of at most so many bytes."""

import io

import numpy as np
import pytest
from PIL import Image

from offcut.codecs.encode import FORMATS, encode, encode_within
from offcut.codecs.png_writer import strips_of
from offcut.errors import OptionError


def picture(mode: str = "RGB") -> Image.Image:
    """A picture with as much detail as a photo."""
    noise = np.random.default_rng(3).integers(0, 60, (200, 300, len(mode)))
    slope = np.linspace(0, 190, 300)[None, :, None]
    return Image.fromarray((noise + slope).astype(np.uint8), mode)


@pytest.mark.parametrize(("format", "mode"), [("jpeg", "RGB"), ("webp", "RGBA"), ("jpeg", "RGBA"), ("avif", "RGBA")])
def test_the_quality_is_the_best_that_fits(format, mode):
    target, image = FORMATS[format], picture(mode)
    sizes = {quality: len(encode(image, target, quality=quality)) for quality in (30, 31, 90)}
    found = encode_within(image, target, sizes[30], quality=90)
    assert len(found) <= sizes[30] < sizes[90]
    assert len(found) >= 0.9 * sizes[30]
    assert Image.open(io.BytesIO(found)).size == image.size


def test_a_file_that_fits_is_the_very_same():
    image, target = picture(), FORMATS["jpeg"]
    whole = encode(image, target, quality=80, dpi=(300, 300))
    assert encode_within(image, target, len(whole), quality=80, dpi=(300, 300)) == whole
    assert encode_within(strips_of(image), target, len(whole), quality=80, dpi=(300, 300)) == whole


def test_what_cannot_be_is_refused_with_a_way_out():
    with pytest.raises(OptionError, match="lowest quality this JPEG file has more than 1 kB"):
        encode_within(picture(), FORMATS["jpeg"], 1000)
    with pytest.raises(OptionError, match="Save it as WebP or JPEG"):
        encode_within(picture(), FORMATS["png"], 20_000)
