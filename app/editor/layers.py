"""The pictures that the views are made of: handles of bitmaps and canvases, as fine as the screen needs them."""

from core.bitmaps import has_bitmap


class ImageLayer:
    """One rectangle of the photo, in photo pixels, with its own number of shown pixels for each of the photo's.

    `photo` and `mask` are always there; the mask is white with the alpha as its opacity. `cutout` (the subject's own
    colours) is made when it is wanted, and None until then.
    """

    def __init__(self, response, make_canvas, x, y, width, height):
        """Take the bitmaps `photo` and `alpha` of a response, and `cutout` if it has one."""
        self.x, self.y, self.width, self.height = x, y, width, height
        self.photo, self.cutout = response.photo, None
        self.mask = make_canvas()
        self.mask.width, self.mask.height = response.alpha.width, response.alpha.height
        self.scale = response.alpha.width / width
        self._mask = self.mask.getContext("2d")
        self.replace(response.alpha)
        self.cutout = getattr(response, "cutout", None)
        self.is_low_resolution = self.cutout is not None
        """Whether the cutout is that of a preview; another will be finer."""

    def patch(self, response):
        """Replace a part of the alpha: its bitmap, and its `x`, `y` in pixels of the layer.

        Returns its box in photo pixels.
        """
        bitmap = response.alpha
        x, y, width, height = response.x, response.y, bitmap.width, bitmap.height
        self._mask.clearRect(x, y, width, height)
        self._mask.drawImage(bitmap, x, y)
        bitmap.close()
        self.set_cutout(None)
        s = self.scale
        return self.x + x / s, self.y + y / s, self.x + (x + width) / s, self.y + (y + height) / s

    def replace(self, bitmap):
        """Replace the whole alpha; one that is smaller than the layer is enlarged."""
        width, height = self.mask.width, self.mask.height
        self._mask.clearRect(0, 0, width, height)
        self._mask.drawImage(bitmap, 0, 0, width, height)
        bitmap.close()
        self.set_cutout(None)

    def set_cutout(self, cutout):
        """Hold a cutout that was requested, or none."""
        if self.cutout:
            self.cutout.close()
        self.cutout, self.is_low_resolution = cutout, False

    def covers(self, x, y, width, height):
        """Return whether all of that rectangle lies in the layer."""
        right, bottom = self.x + self.width, self.y + self.height
        return self.x < x + 0.5 and self.y < y + 0.5 and x + width < right + 0.5 and y + height < bottom + 0.5

    def close(self):
        """Free its memory."""
        self.photo.close()
        self.set_cutout(None)
        self.mask.width = self.mask.height = 0


class Composition:
    """The picture as it is to be saved, but for its size: with background, shadow and placement."""

    def __init__(self, response):
        """Take the response of `render_composition`."""
        self.picture = response.picture
        window, placement = response.window, response.placement
        self.area = window.left, window.top, window.width, window.height
        """Which part of the plane it shows: left, top, width, height."""

        self.placement = placement.x, placement.y, placement.scale, placement.rotate
        """Of the subject, as `Placement` takes it."""

        self.is_current = True
        """Whether it shows the photo's mask and settings as they are now."""

    def close(self):
        """Free its memory."""
        self.picture.close()


class Layers:
    """`whole` is the photo's layer while one is open, `detail` one of a part that is zoomed in on, or None;
    `composed` is the `Composition`, made when it is wanted, and None until then."""

    def __init__(self, make_canvas):
        """`make_canvas()` returns a new canvas element."""
        self._make_canvas = make_canvas
        self.width, self.height = 1, 1
        self.whole = self.detail = self.composed = None

    @property
    def is_preview(self):
        """Whether the cutout that is shown is a preview."""
        return self.whole.is_low_resolution

    def open(self, response):
        """Take the bitmaps of another photo: the response of `open_photo`."""
        self.forget("whole", "detail", "composed")
        self.width, self.height = response.width, response.height
        self.whole = self._layer(response, 0, 0, response.width, response.height)

    def finish(self, response):
        """Take the bitmaps of a photo that was opened as a preview: the response of `finish_photo`.

        The preview's cutout stays until there is a finer one.
        """
        preview, self.whole = self.whole, self._layer(response, 0, 0, self.width, self.height)
        self.whole.cutout, preview.cutout = preview.cutout, None
        self.whole.is_low_resolution = True
        preview.close()

    def renew(self, response):
        """Take the bitmaps of the same photo once more: the response of `render_photo`."""
        self.forget("whole", "detail", "composed")
        self.whole = self._layer(response, 0, 0, self.width, self.height)

    def set_detail(self, response):
        """Take the bitmaps of a part: the response of `render_detail`."""
        self.forget("detail")
        if has_bitmap(response):
            self.detail = self._layer(response, response.x, response.y, response.width, response.height)

    def patch(self, response):
        """Replace a part of the alpha: the response of `apply_operation`. Returns its box in photo pixels."""
        self.outdate_composition()
        if self.detail:
            if hasattr(response, "detail") and has_bitmap(response.detail):
                self.detail.patch(response.detail)
            self.detail.set_cutout(None)
        return self.whole.patch(response)

    def replace_mask(self, bitmap):
        """Replace the whole alpha."""
        self.forget("detail")
        self.outdate_composition()
        self.whole.replace(bitmap)

    def forget_cutouts(self):
        """Drop the cutouts: the foreground's colours are unwanted now, or others."""
        for layer in (self.whole, self.detail):
            if layer:
                layer.set_cutout(None)

    def set_cutout(self, layer, bitmap):
        """Give a layer its cutout. If the layer was replaced meanwhile, the bitmap is not used."""
        if layer is self.whole or layer is self.detail:
            layer.set_cutout(bitmap)

    def set_composed(self, response):
        """Hold a composition that was requested: the response of `render_composition`."""
        self.forget("composed")
        self.composed = Composition(response)

    def outdate_composition(self):
        """Something has changed: the composition is shown until there is another one."""
        if self.composed:
            self.composed.is_current = False

    def forget(self, *names):
        """Drop some of `whole`, `detail` and `composed`, and free their memory."""
        for name in names:
            layer = getattr(self, name)
            if layer:
                layer.close()
            setattr(self, name, None)

    def _layer(self, response, *rectangle):
        return ImageLayer(response, self._make_canvas, *rectangle)
