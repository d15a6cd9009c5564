"""AVIFs get a colour profile and a resolution after they were encoded without."""

import pytest
from PIL import Image

from offcut.codecs import FORMATS, decode, encode
from offcut.codecs.avif_boxes import with_metadata
from offcut.codecs.encode import resolution_exif
from tests.unit.offcut.samples import noise, profile, reopen, scene

AVIF = FORMATS["avif"]


def cutout() -> Image.Image:
    """A picture with an alpha."""
    picture = noise(48, 32)
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


@pytest.mark.parametrize("picture", [scene(), cutout()], ids=["opaque", "with alpha"])
@pytest.mark.parametrize("icc", [None, profile()], ids=["sRGB", "profile"])
@pytest.mark.parametrize("dpi", [None, (300, 150)], ids=["no resolution", "resolution"])
def test_the_file_holds_what_pillow_itself_would_have_written(picture, icc, dpi):
    block = resolution_exif(dpi) if dpi else None
    made = with_metadata(encode(picture, AVIF), icc, block)
    wanted = reopen(encode(picture, AVIF, icc_profile=icc, dpi=dpi))
    found = reopen(made)
    assert found.mode == wanted.mode and found.tobytes() == wanted.tobytes()
    assert found.info.get("icc_profile") == wanted.info.get("icc_profile") == icc
    assert dict(found.getexif()) == dict(wanted.getexif())
    assert decode(made).dpi == (pytest.approx(dpi, abs=0.02) if dpi else None)


def test_a_file_that_is_laid_out_in_another_way_is_not_spoiled():
    data = encode(cutout(), AVIF)
    place = data.index(b"iloc") + 4
    with pytest.raises(ValueError, match="not known here"):
        with_metadata(data[:place] + b"\1" + data[place + 1 :], profile(), None)
