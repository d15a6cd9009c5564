"""One stroke of a brush, as canvas calls: the person sees it at once, the worker computes it exactly afterwards."""

import math

from editor.camera import prepare
from editor.geometry import overlaps, union
from offcut.protocol.brush import clamp_pressure, ring_radii

TINTS = {"smart": "rgb(46 144 250)", "restore": "rgb(46 144 250)", "erase": "rgb(220 38 38)"}
"""What each brush paints with where its effect is seen only once the worker knows it."""

PIECE = 24
"""Points in one piece of the path. A frame draws only the pieces that overlap what changed."""


def ring_weights(count):
    """Return what each ring adds where rings are summed up, so that after ring k the coverage is k of `count`.

    In whole steps of the canvas's 8 bits: parts of a step would be rounded off ring by ring.
    """
    return [(round(255 * (ring + 1) / count) - round(255 * ring / count)) / 255 for ring in range(count)]


class Stroke:
    """Points in photo pixels, and the canvas (as large as the view) that the stroke is drawn on."""

    def __init__(self, mode, size, softness, opacity, canvas, make_path, is_tint=False):
        """`make_path()` returns an empty `Path2D`. `is_tint`: the view shows its effect only later."""
        self.mode, self.size, self.softness, self.opacity = mode, size, softness, opacity
        self.canvas = canvas
        self.is_tint = is_tint or mode == "smart"
        self._make_path = make_path
        self.points = []  # x, y, pressure, and so on
        self._pieces = []  # [path, box, points in it] where the width is constant
        self._segments = []  # (x0, y0, x1, y1, mean pressure, box) where it varies
        self._varies = False
        radii = ring_radii(size / 2, softness)
        self._rings = list(zip(radii, ring_weights(len(radii))))
        self._context = canvas.getContext("2d")

    def add(self, x, y, pressure=1.0):
        """Continue to a point. Returns the box that changes by it in photo pixels, None if nothing does."""
        pressure = clamp_pressure(pressure)
        if pressure != 1.0:
            self._varies = True
        last = self.points[-3:] or [x, y, pressure]
        if self.points and last[0] == x and last[1] == y:
            return None
        self.points += [x, y, pressure]
        x0, y0, radius = last[0], last[1], self.size / 2 + 1
        box = min(x0, x) - radius, min(y0, y) - radius, max(x0, x) + radius, max(y0, y) + radius
        self._segments.append((x0, y0, x, y, (last[2] + pressure) / 2, box))
        if not self._pieces or self._pieces[-1][2] >= PIECE:
            path = self._make_path()
            path.moveTo(x0, y0)
            if len(self.points) == 3:
                path.lineTo(x + 0.01, y)  # a line of no length would not be drawn
            self._pieces.append([path, None, 0])
        piece = self._pieces[-1]
        piece[0].lineTo(x, y)
        piece[1] = union(piece[1], box)
        piece[2] += 1
        return box

    def straighten(self, x, y):
        """Make the stroke one straight line from its first point to this one. Returns the box that changes."""
        before = self.box
        first = self.points[:3]
        self.points, self._pieces, self._segments = [], [], []
        self.add(*first)
        self.add(x, y, first[2])
        return union(before, self.box)

    @property
    def box(self):
        """The box around the whole stroke, in photo pixels."""
        box = None
        for piece in self._pieces:
            box = union(box, piece[1])
        return box

    def operation(self):
        """Return the stroke as the worker understands it."""
        if self.mode == "smart":
            return {"kind": "smart", "size": self.size, "points": self.points}
        return {
            "kind": "stroke",
            "mode": self.mode,
            "size": self.size,
            "softness": self.softness,
            "opacity": self.opacity,
            "points": self.points,
        }

    def draw(self, camera, box=None):
        """Draw the stroke on its canvas, or only what of it lies in a box of photo pixels."""
        context = self._context
        context.save()
        prepare(context, camera, box)
        # Each time, for a canvas that was resized has forgotten it.
        context.strokeStyle = context.fillStyle = TINTS[self.mode] if self.is_tint else "#fff"
        context.lineCap = context.lineJoin = "round"
        context.globalCompositeOperation = "lighter"  # rings are summed up
        if self._varies:
            self._draw_varying(context, box)
        else:
            path = self._make_path()
            for piece in self._pieces:
                if box is None or overlaps(piece[1], box):
                    path.addPath(piece[0])
            for radius, weight in self._rings:
                context.lineWidth = 2 * radius
                context.globalAlpha = weight
                context.stroke(path)
        context.restore()

    def _draw_varying(self, context, box):
        # Each segment is a capsule of its own width; filled as one path they are one shape and nothing adds up.
        near = [segment for segment in self._segments if box is None or overlaps(segment[5], box)]
        quarter = math.pi / 2
        for radius, weight in self._rings:
            context.beginPath()
            for x0, y0, x1, y1, pressure, _ in near:
                turn = math.atan2(y1 - y0, x1 - x0)
                context.moveTo(x1 + math.sin(turn) * radius * pressure, y1 - math.cos(turn) * radius * pressure)
                context.arc(x1, y1, radius * pressure, turn - quarter, turn + quarter)
                context.arc(x0, y0, radius * pressure, turn + quarter, turn + 3 * quarter)
                context.closePath()
            context.globalAlpha = weight
            context.fill()
