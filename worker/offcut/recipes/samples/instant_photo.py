"""The subject on a square instant photo with a white frame."""

from PIL import Image, ImageFilter

from offcut.recipes import Info

PAPER = "#e7dfd0"
FRAME = "#fbfaf6"
BORDER = 0.07  # parts of the picture's side
FOOT = 0.22


def finish(cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    left, top, right, bottom = info.box or (0, 0, *cutout.size)
    subject = cutout.crop((left, top, right, bottom))
    subject.putalpha(info.mask.crop((left, top, right, bottom)))
    side = round(1.25 * max(subject.size))
    picture = Image.new("RGBA", (side, side), (*info.colour(PAPER), 255))
    # Standing on the lower edge, with a shadow on the paper.
    place = (side - subject.width) // 2, side - subject.height
    shadow = Image.new("L", picture.size)
    shadow.paste(subject.getchannel("A"), (place[0] + side // 60, place[1] + side // 90))
    shadow = shadow.filter(ImageFilter.GaussianBlur(side / 60)).point(lambda value: 0.35 * value)
    picture.paste((0, 0, 0, 255), (0, 0), shadow)
    picture.alpha_composite(subject, place)

    border, foot = round(BORDER * side), round(FOOT * side)
    framed = Image.new("RGB", (side + 2 * border, side + border + foot), info.colour(FRAME))
    framed.paste(picture.convert("RGB"), (border, border))
    return framed
