"""Draws a view: a few canvas calls combine photo, mask and strokes. The ground behind it is the stage's own style."""

import math

from editor.camera import prepare

REMOVED_COLOUR = "rgb(220 38 38)"
FRAME = "rgb(128 128 128 / .7)"
REMOVED_OPACITY = 0.32
"""Opacity of what is removed, while a brush could bring it back."""


class Painter:
    """Draws on a canvas's `context`. `strokes` is the list of those that the mask does not hold yet, oldest first."""

    def __init__(self, context, camera, layers, strokes):
        self.view = "cutout"
        self.split = 0.5
        """Where the comparison is divided, as a share of the canvas's width."""

        self.shows_removed = False
        """Whether the removed part is faintly visible, to paint it back."""

        self.is_settled = True
        """Whether nothing moves: worth the better, slower smoothing."""

        self._camera, self._layers, self._strokes = camera, layers, strokes
        self._context = context
        self._views = {
            "cutout": self._draw_cutout,
            "white": self._draw_cutout,
            "black": self._draw_cutout,
            "composed": self._draw_composed,
            "compare": self._draw_comparison,
            "mask": self._draw_mask_view,
            "removed": self._draw_removed,
            "original": self._draw_photo,
        }

    def paint(self, box=None):
        """Draw the view, or only what lies in a box of photo pixels."""
        layers, context, camera = self._layers, self._context, self._camera
        if not layers.whole:
            return
        context.save()
        prepare(context, camera, box)
        context.imageSmoothingQuality = "high" if self.is_settled else "low"
        detail = layers.detail if self.view != "composed" and camera.scale > layers.whole.scale else None
        if not (detail and detail.covers(*camera.visible_part())):
            self._draw_layer(context, layers.whole)
        if detail:
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            x0, y0 = camera.to_canvas(detail.x, detail.y)
            x1, y1 = camera.to_canvas(detail.x + detail.width, detail.y + detail.height)
            x0, y0 = math.ceil(x0), math.ceil(y0)  # whole pixels, or the edge would be half of each layer
            self._clip(context, (x0, y0, math.floor(x1) - x0, math.floor(y1) - y0))
            context.setTransform(*camera.photo_matrix)
            self._draw_layer(context, detail)
            context.restore()
        if self.view == "compare":
            self._draw_divider(context)
        self._draw_tints(context)
        context.restore()

    def _clip(self, context, rectangle):
        """Draw nowhere else from now on, and clear it."""
        context.beginPath()
        context.rect(*rectangle)
        context.clip()
        context.clearRect(*rectangle)

    def _draw_layer(self, context, layer):
        context.imageSmoothingEnabled = not self._camera.is_sharp or layer.scale < 1
        context.globalCompositeOperation, context.globalAlpha = "source-over", 1
        self._views[self.view](context, layer)

    def _draw_image(self, context, layer, picture, mode="source-over"):
        context.globalCompositeOperation = mode
        context.drawImage(picture, layer.x, layer.y, layer.width, layer.height)

    def _draw_mask(self, context, layer):
        """The mask with the strokes that are not in it yet."""
        self._draw_image(context, layer, layer.mask)
        for stroke in self._strokes:
            if stroke.is_tint:
                continue
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            context.globalAlpha = stroke.opacity
            context.globalCompositeOperation = "source-over" if stroke.mode == "restore" else "destination-out"
            context.drawImage(stroke.canvas, 0, 0)
            context.restore()

    def _draw_cutout(self, context, layer):
        if layer.cutout and not self._strokes:
            self._draw_image(context, layer, layer.cutout)
        else:
            self._draw_mask(context, layer)
            self._draw_image(context, layer, layer.photo, "source-in")
        if self.shows_removed and self.view == "cutout":
            context.globalAlpha = REMOVED_OPACITY
            self._draw_image(context, layer, layer.photo, "destination-over")
            context.globalAlpha = 1

    def _draw_photo(self, context, layer):
        self._draw_image(context, layer, layer.photo)

    def _draw_mask_view(self, context, layer):
        self._draw_mask(context, layer)
        context.globalCompositeOperation = "destination-over"
        context.fillStyle = "#000"
        context.fillRect(layer.x, layer.y, layer.width, layer.height)

    def _draw_removed(self, context, layer):
        self._draw_mask(context, layer)
        context.globalCompositeOperation = "source-out"
        context.fillStyle = REMOVED_COLOUR
        context.globalAlpha = 0.62
        context.fillRect(layer.x, layer.y, layer.width, layer.height)
        context.globalAlpha = 1
        self._draw_image(context, layer, layer.photo, "destination-over")

    def _draw_comparison(self, context, layer):
        self._draw_cutout(context, layer)
        camera = self._camera
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.beginPath()
        context.rect(0, 0, round(camera.canvas_width * self.split), camera.canvas_height)
        context.clip()
        context.setTransform(*camera.photo_matrix)
        self._draw_image(context, layer, layer.photo)
        context.restore()

    def _draw_divider(self, context):
        camera = self._camera
        context.save()
        context.setTransform(1, 0, 0, 1, 0, 0)
        context.fillStyle = "#fff"
        context.globalCompositeOperation = "source-over"
        context.shadowColor, context.shadowBlur = "rgb(0 0 0 / .8)", 3
        context.fillRect(round(camera.canvas_width * self.split) - 1, 0, 2, camera.canvas_height)
        context.restore()

    def _draw_composed(self, context, layer):
        composed, camera = self._layers.composed, self._camera
        if not composed:
            self._draw_cutout(context, layer)
            return
        context.setTransform(*camera.plane_matrix)
        left, top, width, height = composed.area
        context.drawImage(composed.picture, left, top, width, height)
        # Just outside of it, so that one sees how far a transparent canvas reaches.
        thin = camera.pixel_ratio / camera.scale
        context.lineWidth, context.strokeStyle = thin, FRAME
        context.strokeRect(left - thin / 2, top - thin / 2, width + thin, height + thin)

    def _draw_tints(self, context):
        """Where there are strokes whose effect is seen only once the worker knows it: a tint."""
        for stroke in self._strokes:
            if not stroke.is_tint:
                continue
            context.save()
            context.setTransform(1, 0, 0, 1, 0, 0)
            context.globalAlpha = 0.45
            context.globalCompositeOperation = "source-over"
            context.drawImage(stroke.canvas, 0, 0)
            context.restore()
