"""How large a copy of a photo is shown while it is worked on."""

MAX_WIDTH = 1600
"""Pixels across: an `<img>` would hold all of the photo's pixels for long."""

MAX_HEIGHT = 4096
"""Pixels down: a photo of 100 by 65000 would otherwise be enlarged to a copy of a million rows."""


def waiting_size(width, height, screen):
    """Return width and height of the copy: of the photo's shape, never larger than the photo, a pixel at least.

    `screen` is the pixels across of the screen.
    """
    scale = min(1.0, min(MAX_WIDTH, screen) / max(1, width), MAX_HEIGHT / max(1, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
