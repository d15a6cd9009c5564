"""The look of a batch: what is made of every photo in it, as page and engine name it."""

LOOK = {
    "background": {"kind": "transparent"},
    "canvas": {},
    "shadow": "none",
    "border": None,
    "format": "png",
    "quality": 90,
    "max_bytes": None,
    "recipe": None,
}
"""The default. Background, border, canvas and recipe have the fields of `offcut.editing.settings`."""

SHADOWS = ("none", "drop", "contact")
"""No shadow, one on a wall, one on the ground. Their sizes go with the photo's. In place of a name there may be an
object with the fields of the settings' shadow, where distance and blur are parts of the photo's longer side."""

BACKGROUNDS = ("transparent", "colour", "gradient", "blur", "original")
"""The kinds of backgrounds that fit every photo of a batch."""
