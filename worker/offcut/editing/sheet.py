"""A sheet for printing: one picture as often as it has room on a paper, with cut marks."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from offcut.codecs.encode import FORMATS, OPAQUE_COLOUR, Format, encode
from offcut.compositing import over_colour
from offcut.errors import OptionError
from offcut.protocol.sheets import DPI, GAP, PAPERS, SHEET_TYPES, arrange, millimetres, pixels
from offcut.validation import check_choice

_TYPES: dict[str, Format] = {
    "pdf": replace(FORMATS["jpeg"], title="PDF", mime="application/pdf", extension="pdf"),
    "png": FORMATS["png"],
}
_QUALITY = 95
"""Of the JPEG data in a PDF."""

_APART, _LONGEST = 0.5, 5
"""How far a mark is from the nearest picture, and how long it is at most, in millimetres."""

_INK = (0, 0, 0)


def file_type(name: str) -> Format:
    """Return the file type of a sheet, one of `SHEET_TYPES`. Raises OptionError for any other."""
    return _TYPES[check_choice("file type of a sheet", name, SHEET_TYPES)]


def make_sheet(picture: Image.Image, dpi: float | None, paper: str) -> Image.Image:
    """Put a picture on a paper as often as it has room.

    Args:
        picture: mode RGB, RGBA or L, in sRGB. What is transparent becomes white.
        dpi: its resolution in pixels per inch, which says how large it is printed.
        paper: one of `PAPERS`.

    Returns:
        Mode RGB, with `DPI` pixels per inch. The pictures are as large as their resolution says, to half a pixel; one
        of the sheet's resolution keeps its pixels.

    Raises:
        OptionError: the paper is not known, the picture has no resolution, or it has no room on the paper.
    """
    check_choice("paper", paper, PAPERS)
    if not dpi:
        raise OptionError("A sheet needs a size in millimetres. Choose an ID document, or give pixels per inch.")
    width, height = (millimetres(side, dpi) for side in picture.size)
    plan = arrange(paper, width, height)
    if not plan.count:
        raise OptionError(f"A picture of {width:.0f} × {height:.0f} mm has no room on this paper. Choose a larger one.")
    size = pixels(width), pixels(height)
    one = picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)
    one = over_colour(one, OPAQUE_COLOUR) if one.mode == "RGBA" else one.convert("RGB")
    sheet = Image.new("RGB", (pixels(plan.width), pixels(plan.height)), OPAQUE_COLOUR)
    lefts = _places(sheet.width, size[0], plan.columns)
    tops = _places(sheet.height, size[1], plan.rows)
    for top in tops:
        for left in lefts:
            sheet.paste(one, (left, top))
    _draw_marks(sheet, lefts, tops, size)
    return sheet


def write_sheet(sheet: Image.Image, kind: str) -> bytes:
    """Return a sheet as a file that states its size: `kind` is one of `SHEET_TYPES`. Raises OptionError."""
    if file_type(kind).title == "PNG":
        return encode(sheet, _TYPES["png"], dpi=(DPI, DPI))
    file = io.BytesIO()
    # Without the time, so that the same sheet is the same file.
    sheet.save(file, "PDF", resolution=DPI, quality=_QUALITY, subsampling=0, creationDate=None, modDate=None)
    return file.getvalue()


def _places(room: int, side: int, count: int) -> list[int]:
    """Return where pictures of that side begin, which lie in the middle of a sheet with gaps between them."""
    gap = pixels(GAP)
    first = (room - count * side - (count - 1) * gap) // 2
    return [first + at * (side + gap) for at in range(count)]


def _draw_marks(sheet: Image.Image, lefts: list[int], tops: list[int], size: tuple[int, int]) -> None:
    """Draw lines at the paper's edges where the pictures' edges are: each is two pixels wide, one on each side."""
    draw, apart = ImageDraw.Draw(sheet), pixels(_APART)
    left, right = lefts[0] - apart, lefts[-1] + size[0] + apart
    top, bottom = tops[0] - apart, tops[-1] + size[1] + apart
    across, down = (min(pixels(_LONGEST), room) for room in (left, top))
    for x in sorted({edge for start in lefts for edge in (start, start + size[0])}):
        draw.rectangle((x - 1, top - down, x, top - 1), _INK)
        draw.rectangle((x - 1, bottom, x, bottom + down - 1), _INK)
    for y in sorted({edge for start in tops for edge in (start, start + size[1])}):
        draw.rectangle((left - across, y - 1, left - 1, y), _INK)
        draw.rectangle((right, y - 1, right + across - 1, y), _INK)
