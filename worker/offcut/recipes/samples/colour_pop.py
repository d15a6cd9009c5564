"""The subject in colour, in front of its photo in grey."""

from PIL import Image, ImageEnhance

from offcut.recipes import Info

BRIGHTNESS = 0.9  # of the grey photo, 1 as it is


def finish(cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    grey = ImageEnhance.Brightness(original.convert("L").convert("RGB")).enhance(BRIGHTNESS)
    behind = info.placed(grey)
    subject = cutout.copy()
    subject.putalpha(info.mask)
    return Image.alpha_composite(behind, subject)
