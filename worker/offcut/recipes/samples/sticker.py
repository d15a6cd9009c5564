"""A white outline around the subject, and a soft shadow."""

from PIL import Image, ImageFilter

from offcut.recipes import Info

OUTLINE = 0.012  # all of these are parts of the longer side
SHADOW_BLUR = 0.008
SHADOW_DROP = 0.006
SHADOW_OPACITY = 0.45


def finish(cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    side = max(cutout.size)
    width = max(1, round(OUTLINE * side))
    room = 4 * width  # for a subject that touches the edge
    size = cutout.width + 2 * room, cutout.height + 2 * room

    mask = Image.new("L", size)
    mask.paste(info.mask, (room, room))
    # A blurred mask is above a small value up to less than twice the blur beyond the subject.
    outline = mask.filter(ImageFilter.GaussianBlur(0.6 * width)).point(lambda value: min(255, max(0, 16 * (value - 8))))
    info.progress(0.5)

    shadow = outline.filter(ImageFilter.GaussianBlur(SHADOW_BLUR * side)).point(lambda value: SHADOW_OPACITY * value)
    sticker = Image.new("RGBA", size)
    sticker.paste((0, 0, 0), (0, round(SHADOW_DROP * side)), shadow)
    white = Image.new("RGBA", size, (*info.colour("white"), 255))
    white.putalpha(outline)
    subject = Image.new("RGBA", size)
    subject.paste(cutout, (room, room))
    subject.putalpha(mask)
    return Image.alpha_composite(Image.alpha_composite(sticker, white), subject)
