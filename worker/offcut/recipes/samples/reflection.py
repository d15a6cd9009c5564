"""The subject on a shining floor that mirrors it."""

import numpy as np
from PIL import Image, ImageChops

from offcut.recipes import Info

LENGTH = 0.35  # of the subject's height
OPACITY = 0.4  # at the feet; from there it fades


def finish(cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    if info.box is None:
        return cutout
    left, top, right, bottom = info.box
    length = max(1, round(LENGTH * (bottom - top)))
    subject = cutout.crop(info.box)
    subject.putalpha(info.mask.crop(info.box))

    mirrored = subject.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, right - left, length))
    fade = (np.linspace(OPACITY, 0, length) * 255).astype(np.uint8)
    fading = Image.fromarray(np.repeat(fade[:, None], right - left, axis=1))
    mirrored.putalpha(ImageChops.multiply(mirrored.getchannel("A"), fading))

    picture = Image.new("RGBA", (cutout.width, max(cutout.height, bottom + length)))
    picture.paste(cutout, (0, 0))
    picture.alpha_composite(mirrored, (left, bottom))
    return picture
