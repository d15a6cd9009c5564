"""Draws a view: a few canvas calls that combine photo, mask and strokes. The ground behind it is the stage's own style."""

from editor.camera import aim

REMOVED = "rgb(220 38 38)"
SMART = "rgb(46 144 250)"
GHOST = 0.22
"""Opacity of what is removed, while a brush could bring it back."""


class Painter:
    """`view` is one of `VIEWS`; `strokes` are those that the mask does not hold yet, oldest first."""

    def __init__(self, canvas, camera, layers):
        self.view = "cutout"
        self.split = 0.5
        self.strokes = []
        self.is_ghostly = False  # whether the removed part is seen faintly, to paint it back
        self.is_calm = True  # nothing moves: worth the better, slower smoothing
        self._canvas, self._camera, self._layers = canvas, camera, layers
        self._context = canvas.getContext("2d")
        self._views = {
            "cutout": self._cutout, "white": self._cutout, "black": self._cutout, "composed": self._composed,
            "compare": self._compare, "mask": self._mask_alone, "removed": self._removed, "original": self._photo_alone,
        }

    def paint(self, box=None):
        """Draw the view, or only what lies in a box of photo pixels."""
        if not self._layers.photo:
            return
        context, camera = self._context, self._camera
        context.save()
        aim(context, camera, box)
        context.imageSmoothingEnabled = not camera.is_sharp
        context.imageSmoothingQuality = "high" if self.is_calm else "low"
        self._views[self.view](context)
        self._smart(context)
        context.restore()

    def _draw(self, context, picture, mode="source-over"):
        context.globalCompositeOperation = mode
        context.drawImage(picture, 0, 0, self._layers.width, self._layers.height)

    def _mask(self, context):
        """The mask with the strokes that are not in it yet."""
        layers, camera = self._layers, self._camera
        self._draw(context, layers.mask)
        for stroke in self.strokes:
            if stroke.mode == "smart":
                continue
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            context.globalAlpha = stroke.opacity
            context.globalCompositeOperation = "source-over" if stroke.mode == "restore" else "destination-out"
            context.drawImage(stroke.layer, 0, 0)
            context.restore()

    def _cutout(self, context):
        layers = self._layers
        if layers.cutout and not self.strokes:
            self._draw(context, layers.cutout)
        else:
            self._mask(context)
            self._draw(context, layers.photo, "source-in")
        self._detail(context)
        if self.is_ghostly and self.view == "cutout":
            context.globalAlpha = GHOST
            self._draw(context, layers.photo, "destination-over")
            context.globalAlpha = 1

    def _detail(self, context):
        """True pixels over the display's, for photos that are shown smaller than they are."""
        detail = self._layers.detail
        if not detail or self.strokes:
            return
        context.save()
        context.beginPath()
        context.rect(detail.x, detail.y, detail.width, detail.height)
        context.clip()
        context.imageSmoothingEnabled = not self._camera.is_sharp
        place = detail.x, detail.y, detail.width, detail.height
        if self.view == "original":
            context.drawImage(detail.photo, *place)
        else:
            context.globalCompositeOperation = "copy"
            context.drawImage(detail.alpha, *place)
            context.globalCompositeOperation = "source-in"
            context.drawImage(detail.photo, *place)
        context.restore()

    def _photo_alone(self, context):
        self._draw(context, self._layers.photo)
        self._detail(context)

    def _mask_alone(self, context):
        self._mask(context)
        context.globalCompositeOperation = "destination-over"
        context.fillStyle = "#000"
        context.fillRect(0, 0, self._layers.width, self._layers.height)

    def _removed(self, context):
        self._mask(context)
        context.globalCompositeOperation = "source-out"
        context.fillStyle = REMOVED
        context.globalAlpha = 0.62
        context.fillRect(0, 0, self._layers.width, self._layers.height)
        context.globalAlpha = 1
        self._draw(context, self._layers.photo, "destination-over")

    def _compare(self, context):
        self._cutout(context)
        camera = self._camera
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.beginPath()
        context.rect(0, 0, round(camera.across * self.split), camera.down)
        context.clip()
        context.setTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top)
        self._draw(context, self._layers.photo)
        context.restore()
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.fillStyle = "#fff"
        context.globalCompositeOperation = "source-over"
        context.shadowColor, context.shadowBlur = "rgb(0 0 0 / .8)", 3
        context.fillRect(round(camera.across * self.split) - 1, 0, 2, camera.down)
        context.restore()

    def _composed(self, context):
        picture, layers = self._layers.composed, self._layers
        if not picture:
            self._cutout(context)
            return
        # A canvas of another shape is shown around the photo's middle, as large as it fits there.
        fit = min(layers.width / picture.width, layers.height / picture.height)
        across, down = picture.width * fit, picture.height * fit
        context.globalCompositeOperation = "source-over"
        context.drawImage(picture, (layers.width - across) / 2, (layers.height - down) / 2, across, down)

    def _smart(self, context):
        """Where the edge is to be looked for: a tint, as it changes the mask only once the worker has found it."""
        for stroke in self.strokes:
            if stroke.mode != "smart":
                continue
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            context.globalAlpha = 0.45
            context.globalCompositeOperation = "source-over"
            context.drawImage(stroke.layer, 0, 0)
            context.restore()


def tint(layer):
    """Make what is drawn on a layer blue instead of white: the smart brush's own colour."""
    context = layer.getContext("2d")
    context.strokeStyle = context.fillStyle = SMART
