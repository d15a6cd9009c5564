"""The pictures that the views are made of: handles of bitmaps and canvases, as fine as the screen needs them."""

from core.bitmaps import has_bitmap
from core.dom import document


class ImageLayer:
    """One rectangle of the photo, in photo pixels, with its own number of shown pixels for each of the photo's.

    `photo` and `mask` are always there; the mask is white with the alpha as its opacity. `cutout` (the subject's own
    colours) is made when it is wanted, and None until then.
    """

    def __init__(self, answer, x, y, width, height):
        """Take the bitmaps `photo` and `alpha` of an answer."""
        self.x, self.y, self.width, self.height = x, y, width, height
        self.photo, self.cutout = answer.photo, None
        self.mask = document.createElement("canvas")
        self.mask.width, self.mask.height = answer.alpha.width, answer.alpha.height
        self.scale = answer.alpha.width / width
        self._mask = self.mask.getContext("2d")
        self.replace(answer.alpha)
        self.cutout = getattr(answer, "cutout", None)
        self.is_low_resolution = self.cutout is not None
        """Whether the cutout is that of a first look, less fine than another will be."""

    def patch(self, answer):
        """Put a part of the alpha in place: `x`, `y` in pixels of the sheet and its bitmap. Gives its box in photo pixels."""
        bitmap = answer.alpha
        x, y, width, height = answer.x, answer.y, bitmap.width, bitmap.height
        self._mask.clearRect(x, y, width, height)
        self._mask.drawImage(bitmap, x, y)
        bitmap.close()
        self.keep(None)
        s = self.scale
        return self.x + x / s, self.y + y / s, self.x + (x + width) / s, self.y + (y + height) / s

    def replace(self, bitmap):
        """Put a whole other alpha in place; one that is smaller than the sheet is enlarged."""
        across, down = self.mask.width, self.mask.height
        self._mask.clearRect(0, 0, across, down)
        self._mask.drawImage(bitmap, 0, 0, across, down)
        bitmap.close()
        self.keep(None)

    def keep(self, cutout):
        """Hold a cutout that was asked for, or none."""
        if self.cutout:
            self.cutout.close()
        self.cutout, self.is_low_resolution = cutout, False

    def covers(self, x, y, width, height):
        """Whether all of that rectangle lies in the sheet."""
        right, bottom = self.x + self.width, self.y + self.height
        return self.x < x + 0.5 and self.y < y + 0.5 and x + width < right + 0.5 and y + height < bottom + 0.5

    def close(self):
        """Give its memory back."""
        self.photo.close()
        self.keep(None)
        self.mask.width = self.mask.height = 0


class Layers:
    """`whole` is the photo's sheet while one is open, `detail` one of the part that is looked at closely, or None;
    `composed` (with background, shadow and placement) is made when it is wanted, and None until then."""

    def __init__(self):
        self.width, self.height = 1, 1
        self.whole = self.detail = self.composed = None

    def open(self, answer):
        """Take the bitmaps of another photo: the answer of `open_photo`."""
        self.forget("whole", "detail", "composed")
        self.width, self.height = answer.width, answer.height
        self.whole = ImageLayer(answer, 0, 0, answer.width, answer.height)

    def finish(self, answer):
        """Take the bitmaps of a photo that was only looked at: the answer of `finish_photo`. The cutout stays until there is
        a finer one."""
        look, self.whole = self.whole, ImageLayer(answer, 0, 0, self.width, self.height)
        self.whole.cutout, look.cutout = look.cutout, None
        self.whole.is_low_resolution = True
        look.close()

    def look_closely(self, answer):
        """Take the bitmaps of a part: the answer of `render_detail`."""
        self.forget("detail")
        if has_bitmap(answer):
            self.detail = ImageLayer(answer, answer.x, answer.y, answer.width, answer.height)

    def patch(self, answer):
        """Put a changed part of the alpha in place: the answer of `apply_operation`. Gives its box in photo pixels."""
        self.forget("composed")
        if self.detail:
            if hasattr(answer, "detail") and has_bitmap(answer.detail):
                self.detail.patch(answer.detail)
            self.detail.keep(None)
        return self.whole.patch(answer)

    def replace_mask(self, bitmap):
        """Put a whole other alpha in place."""
        self.forget("detail", "composed")
        self.whole.replace(bitmap)

    def forget_colours(self):
        """The subject's own colours are wanted no more, or others."""
        for sheet in (self.whole, self.detail):
            if sheet:
                sheet.keep(None)

    def keep_composed(self, bitmap):
        """Hold a composition that was asked for."""
        self.forget("composed")
        self.composed = bitmap

    def forget(self, *names):
        """Give memory back."""
        for name in names:
            held = getattr(self, name)
            if held:
                held.close()
            setattr(self, name, None)
