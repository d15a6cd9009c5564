"""The pictures that the views are made of: handles of bitmaps and one canvas, at display resolution."""

from dom import document


class Layers:
    """`photo` and `mask` are always there while a photo is open; the mask is white with the alpha as its opacity.

    `cutout` (the subject's own colours), `composed` (with background, shadow and placement) and `detail` (true pixels of a
    part, for photos shown smaller than they are) are made when they are wanted, and None until then.
    """

    def __init__(self):
        self.width, self.height, self.scale = 1, 1, 1.0
        self.photo = self.cutout = self.composed = self.detail = None
        self.mask = document.createElement("canvas")
        self._mask = self.mask.getContext("2d")

    def open(self, answer):
        """Take the bitmaps of another photo: the answer of `edit_open`."""
        self.forget("photo", "cutout", "composed", "detail")
        self.width, self.height, self.scale = answer.width, answer.height, answer.scale
        self.photo = answer.photo
        self.mask.width, self.mask.height = answer.alpha.width, answer.alpha.height
        self._mask.drawImage(answer.alpha, 0, 0)
        answer.alpha.close()

    def patch(self, answer):
        """Put a part of the alpha in place: `x`, `y` in display pixels and its bitmap. Gives its box in photo pixels."""
        bitmap = answer.alpha
        x, y, width, height = answer.x, answer.y, bitmap.width, bitmap.height
        self._mask.clearRect(x, y, width, height)
        self._mask.drawImage(bitmap, x, y)
        bitmap.close()
        self.forget("cutout", "composed", "detail")
        s = self.scale
        return x / s, y / s, (x + width) / s, (y + height) / s

    def replace_mask(self, bitmap):
        """Put a whole other alpha in place; one that is smaller than the display's is enlarged."""
        across, down = self.mask.width, self.mask.height
        self._mask.clearRect(0, 0, across, down)
        self._mask.drawImage(bitmap, 0, 0, across, down)
        bitmap.close()
        self.forget("cutout", "composed", "detail")

    def keep(self, name, bitmap):
        """Hold a bitmap that was asked for."""
        self.forget(name)
        setattr(self, name, bitmap)

    def forget(self, *names):
        """Give bitmaps' memory back."""
        for name in names:
            held = getattr(self, name)
            if name == "detail" and held:
                held.photo.close()
                held.alpha.close()
            elif held:
                held.close()
            setattr(self, name, None)


def has_bitmap(answer):
    """Whether an answer brings a part of the alpha: the worker's None is `undefined` here, which is neither None nor false."""
    return hasattr(answer.alpha, "width")
