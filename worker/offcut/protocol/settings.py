"""The settings of a photo: their groups, kinds and defaults. The defaults leave the network's cutout as it is."""

GROUPS = ("edges", "background", "shadow", "border", "placement", "canvas", "recipe")

EDGES = {"grow": 0, "feather": 0, "contrast": 0, "decontaminate": True, "traces": 0.03}
"""Defaults of the edges."""

BACKGROUNDS = {
    "transparent": (),
    "colour": ("colour",),
    "gradient": ("from", "to", "angle"),
    "texture": ("texture", "colour"),
    "image": ("fit", "x", "y"),
    "blur": ("strength", "depth"),
    "original": (),
}
"""The kinds of backgrounds, and the fields that count for each."""

BACKGROUND_KIND = "transparent"
"""The default."""

TEXTURES = ("studio", "paper", "linen", "concrete", "silk", "lights")
"""Textures of one colour that are made by formula."""

FITS = ("cover", "contain")
"""How a background image may fit the canvas."""

DROP_SHADOW = ("direction", "distance", "blur", "opacity")
CONTACT_SHADOW = ("blur", "opacity")
"""Fields of the two shadows; there is none by default."""

BORDER = ("width", "colour")
"""Fields of the border around the subject; there is none by default."""

BORDER_WIDTH = 0.02
BORDER_COLOUR = "#ffffff"
"""What they are where a border does not name them."""

MAX_BORDER = 0.2
"""Largest width of the border, as a part of the subject's longer side."""

PLACEMENT = {"x": 0, "y": 0, "scale": 1, "rotate": 0}
"""Defaults of the placement."""

CANVAS_FITS = ("none", "subject", "photo", "head")
"""What a canvas of given size or shape may be fitted to. Work that was saved before there was a choice has the first.
"""

HEAD = {"head_top": 0.1, "head_height": 0.7}
"""Where a canvas that is fitted to the head has the crown and, below it, the chin: parts of the canvas's height."""

ENLARGED = 1.2
"""A picture with more than so many pixels for each of the photo's, from one edge to the other, is not sharp."""

MAX_DPI = 1200
"""Highest resolution of a canvas, in pixels per inch."""

MAX_SIDE = 20_000
"""Longest side of a canvas, and the farthest that anything is moved, in pixels."""

MAX_BLUR = 2000
"""Largest standard deviation of a shadow's blur, in pixels."""

MAX_TRACES = 0.5
"""Largest alpha, 0 to 1, up to which faint traces are removed."""

MAX_EDGE = 200
"""Largest number of pixels by which edges are grown, shrunk or feathered."""
