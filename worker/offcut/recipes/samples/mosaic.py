"""The subject in front of its photo in coarse squares, so that nothing of the place can be recognised."""

from PIL import Image

from offcut.recipes import Info

SQUARES = 24  # along the longer side


def finish(cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    square = max(1, round(max(original.size) / SQUARES))
    coarse = max(1, original.width // square), max(1, original.height // square)
    squares = original.resize(coarse, Image.Resampling.BOX).resize(original.size, Image.Resampling.NEAREST)
    subject = cutout.copy()
    subject.putalpha(info.mask)
    return Image.alpha_composite(info.placed(squares), subject)
