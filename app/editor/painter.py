"""Draws a view: a few canvas calls that combine photo, mask and strokes. The ground behind it is the stage's own style."""

import math

from editor.camera import aim

REMOVED = "rgb(220 38 38)"
FRAME = "rgb(128 128 128 / .7)"
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
            "cutout": self._cutout,
            "white": self._cutout,
            "black": self._cutout,
            "composed": self._composed,
            "compare": self._compare,
            "mask": self._mask_alone,
            "removed": self._removed,
            "original": self._photo_alone,
        }

    def paint(self, box=None):
        """Draw the view, or only what lies in a box of photo pixels."""
        layers, context, camera = self._layers, self._context, self._camera
        if not layers.whole:
            return
        context.save()
        aim(context, camera, box)
        context.imageSmoothingQuality = "high" if self.is_calm else "low"
        detail = layers.detail if self.view != "composed" and camera.scale > layers.whole.scale else None
        if not (detail and detail.covers(*camera.seen())):
            self._sheet(context, layers.whole)
        if detail:
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            x0, y0 = camera.canvas(detail.x, detail.y)
            x1, y1 = camera.canvas(detail.x + detail.width, detail.y + detail.height)
            x0, y0 = math.ceil(x0), math.ceil(y0)  # whole pixels, or the edge would be half of each sheet
            self._clip(context, (x0, y0, math.floor(x1) - x0, math.floor(y1) - y0))
            context.setTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top)
            self._sheet(context, detail)
            context.restore()
        if self.view == "compare":
            self._divider(context)
        self._smart(context)
        context.restore()

    def _clip(self, context, place):
        """Draw nowhere else from now on, on cleared ground."""
        context.beginPath()
        context.rect(*place)
        context.clip()
        context.clearRect(*place)

    def _sheet(self, context, sheet):
        context.imageSmoothingEnabled = not self._camera.is_sharp or sheet.scale < 1
        context.globalCompositeOperation, context.globalAlpha = "source-over", 1
        self._views[self.view](context, sheet)

    def _draw(self, context, sheet, picture, mode="source-over"):
        context.globalCompositeOperation = mode
        context.drawImage(picture, sheet.x, sheet.y, sheet.width, sheet.height)

    def _mask(self, context, sheet):
        """The mask with the strokes that are not in it yet."""
        self._draw(context, sheet, sheet.mask)
        for stroke in self.strokes:
            if stroke.mode == "smart":
                continue
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            context.globalAlpha = stroke.opacity
            context.globalCompositeOperation = "source-over" if stroke.mode == "restore" else "destination-out"
            context.drawImage(stroke.layer, 0, 0)
            context.restore()

    def _cutout(self, context, sheet):
        if sheet.cutout and not self.strokes:
            self._draw(context, sheet, sheet.cutout)
        else:
            self._mask(context, sheet)
            self._draw(context, sheet, sheet.photo, "source-in")
        if self.is_ghostly and self.view == "cutout":
            context.globalAlpha = GHOST
            self._draw(context, sheet, sheet.photo, "destination-over")
            context.globalAlpha = 1

    def _photo_alone(self, context, sheet):
        self._draw(context, sheet, sheet.photo)

    def _mask_alone(self, context, sheet):
        self._mask(context, sheet)
        context.globalCompositeOperation = "destination-over"
        context.fillStyle = "#000"
        context.fillRect(sheet.x, sheet.y, sheet.width, sheet.height)

    def _removed(self, context, sheet):
        self._mask(context, sheet)
        context.globalCompositeOperation = "source-out"
        context.fillStyle = REMOVED
        context.globalAlpha = 0.62
        context.fillRect(sheet.x, sheet.y, sheet.width, sheet.height)
        context.globalAlpha = 1
        self._draw(context, sheet, sheet.photo, "destination-over")

    def _compare(self, context, sheet):
        self._cutout(context, sheet)
        camera = self._camera
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.beginPath()
        context.rect(0, 0, round(camera.across * self.split), camera.down)
        context.clip()
        context.setTransform(camera.scale, 0, 0, camera.scale, camera.left, camera.top)
        self._draw(context, sheet, sheet.photo)
        context.restore()

    def _divider(self, context):
        camera = self._camera
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.fillStyle = "#fff"
        context.globalCompositeOperation = "source-over"
        context.shadowColor, context.shadowBlur = "rgb(0 0 0 / .8)", 3
        context.fillRect(round(camera.across * self.split) - 1, 0, 2, camera.down)
        context.restore()

    def _composed(self, context, sheet):
        picture, layers = self._layers.composed, self._layers
        if not picture:
            self._cutout(context, sheet)
            return
        # A canvas of another shape is shown around the photo's middle, as large as it fits there.
        fit = min(layers.width / picture.width, layers.height / picture.height)
        across, down = picture.width * fit, picture.height * fit
        left, top = (layers.width - across) / 2, (layers.height - down) / 2
        context.drawImage(picture, left, top, across, down)
        # Just outside of it, so that one sees how far a transparent canvas reaches.
        thin = self._camera.density / self._camera.scale
        context.lineWidth, context.strokeStyle = thin, FRAME
        context.strokeRect(left - thin / 2, top - thin / 2, across + thin, down + thin)

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
