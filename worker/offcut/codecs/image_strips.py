"""Going through a picture in strips, so that what is made of it is never in memory as a whole besides the result."""

from collections.abc import Iterator

from PIL import Image


def strips(image: Image.Image, rows: int) -> Iterator[tuple[int, Image.Image]]:
    """Yield the top row and a copy of each strip of a picture; the last strip may have fewer than `rows` rows."""
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))
