"""HEIC photos on CPython: read by pillow-heif where that is installed (the extra `heic`), as Pillow has no decoder."""

import io

from PIL import Image

from offcut.codecs.decode import decode
from offcut.codecs.downscale import within
from offcut.codecs.metadata import finished
from offcut.codecs.photo import Photo
from offcut.codecs.refusals import damaged
from offcut.codecs.stated_colours import heif_profile
from offcut.errors import NotAnImageError, OffcutError, OutOfMemoryError
from offcut.memory_budget import WHOLE, Budget

_HEIC = "heic"  # the refusal's reason


async def decode_natively(data: bytes, budget: Budget = WHOLE) -> Photo:
    """Decode like `offcut.codecs.decode`, HEIC too.

    Raises:
        OffcutError: as `offcut.codecs.decode`; for a HEIC without pillow-heif it says how to install that.
    """
    try:
        return decode(data, budget)
    except NotAnImageError as error:
        if error.reason != _HEIC:
            raise
        return within(_decode_heic(data, budget), budget)


def _decode_heic(data: bytes, budget: Budget) -> Photo:
    try:
        import pillow_heif
    except ModuleNotFoundError as error:
        raise NotAnImageError(
            "This is a HEIC photo, and what reads those is not installed. Run `pip install 'offcut[heic]'`, "
            "or save the photo as JPEG.",
            _HEIC,
        ) from error
    try:
        file = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        budget.plan(file.size)
        picture: Image.Image = file.to_pillow()  # upright: libheif turns it, and EXIF's orientation does not count
        has_alpha = picture.mode in ("RGBA", "RGBa", "LA")
        picture = picture.convert("RGBA" if has_alpha else "RGB")
        picture.info = {"icc_profile": profile} if (profile := heif_profile(data)) else {}
        return finished(picture, data, None, None)
    except OffcutError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError("This device has not enough memory to open this photo.") from error
    except Exception as error:  # whatever libheif says of what is in the file
        raise damaged("HEIC") from error
