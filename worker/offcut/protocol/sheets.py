"""Sheets for printing: one picture several times on paper, to be cut out."""

PAPERS = {"10x15": (100, 150), "4x6": (101.6, 152.4), "a4": (210, 297), "letter": (215.9, 279.4)}
"""Shorter and longer side of the papers, in millimetres."""

SHEET_TYPES = ("pdf", "png")
"""File types that a sheet can have."""

DPI = 300
"""Resolution of a sheet, in pixels per inch."""

GAP = 1
"""Between two pictures, in millimetres."""

MARGIN = 3
"""Least distance of a picture from the paper's edge, in millimetres: the cut marks lie there."""

_MILLIMETRES = 25.4  # in an inch
_ROUNDED = 0.1  # of millimetres: pictures and papers have whole pixels


class Arrangement:
    """How pictures lie on a sheet: columns, rows, and width and height of the paper in millimetres."""

    def __init__(self, columns: int, rows: int, width: float, height: float) -> None:
        self.columns, self.rows = columns, rows
        self.width, self.height = width, height

    @property
    def count(self) -> int:
        """How many pictures there are; 0 where not even one has room."""
        return self.columns * self.rows


def arrange(paper: str, width: float, height: float) -> Arrangement:
    """Return how pictures of that width and height, in millimetres, lie on a paper: as many as have room, upright."""
    short, long = PAPERS[paper]
    upright, across = _filled(short, long, width, height), _filled(long, short, width, height)
    return across if across.count > upright.count else upright


def millimetres(pixels: float, dpi: float) -> float:
    """Return how long so many pixels are at a resolution in pixels per inch."""
    return pixels / dpi * _MILLIMETRES


def pixels(length: float) -> int:
    """Return how many pixels of a sheet a length in millimetres has."""
    return round(length / _MILLIMETRES * DPI)


def _filled(wide: float, high: float, width: float, height: float) -> Arrangement:
    columns, rows = (
        max(0, int((room - 2 * MARGIN + GAP + _ROUNDED) / (side + GAP)))
        for room, side in ((wide, width), (high, height))
    )
    return Arrangement(columns, rows, wide, high)
