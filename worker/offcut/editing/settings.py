"""The settings besides the mask: edges, background, shadow, border, placement, canvas, recipe. None changes the alpha.

Settings are one object that is always given whole; what it does not name has its default, and the defaults leave the
network's cutout as it is. Each field is declared with its default and its check.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from offcut.compositing import parse_colour
from offcut.errors import OptionError
from offcut.masks.edges import Edges
from offcut.protocol.recipes import MAX_BYTES
from offcut.protocol.settings import (
    BACKGROUND_KIND,
    BACKGROUNDS,
    BORDER_COLOUR,
    BORDER_WIDTH,
    CANVAS_FITS,
    FITS,
    GROUPS,
    HEAD,
    MAX_BLUR,
    MAX_BORDER,
    MAX_DPI,
    MAX_SIDE,
    PLACEMENT,
    TEXTURES,
)
from offcut.recipes import Recipe
from offcut.validation import check_fields, checked, choice, flag, number, present, read_fields


def _colour(name: str, value: Any) -> None:
    parse_colour(value)


def _aspect(name: str, value: Any) -> None:
    aspect_of(value)


@dataclass(frozen=True)
class Background:
    """What is drawn behind the subject. Which fields count depends on the kind."""

    kind: str = checked(BACKGROUND_KIND, choice(BACKGROUNDS))
    colour: str = checked("#ffffff", _colour)
    start: str = checked("#ffffff", _colour, key="from")
    """CSS colour where a gradient begins; `from` outside of Python."""

    end: str = checked("#000000", _colour, key="to")
    """CSS colour where a gradient ends; `to` outside of Python."""

    angle: float = checked(180, number(-360, 360))
    """Direction of a gradient in degrees as in CSS: 0 up, 90 to the right."""

    texture: str = checked(TEXTURES[0], choice(TEXTURES))
    """Which texture; its colour is `colour`."""

    image: int = checked(0, number(0, 1e9))
    """The number of the image, as the document counts them; 0 for the last one."""

    fit: str = checked(FITS[0], choice(FITS))
    x: float = checked(0.5, number(0, 1))
    y: float = checked(0.5, number(0, 1))
    """Position of an image as CSS's background-position: 0 left or top, 1 right or bottom."""

    strength: float = checked(0.5, number(0, 1))
    """Of the blur."""

    depth: bool = checked(False, flag)
    """Whether the blur is stronger farther from the subject's feet, as of a camera; only where the photo shows them."""

    @property
    def is_of_photo(self) -> bool:
        """Whether the photo itself is behind the subject: sharp or blurred."""
        return self.kind in ("original", "blur")


@dataclass(frozen=True)
class Drop:
    """A shadow on a wall behind the subject."""

    direction: float = checked(45, number(-360, 360))
    """Where it falls, in degrees: 0 to the right, 90 down."""

    distance: float = checked(40, number(0, MAX_SIDE))
    """In pixels."""

    blur: float = checked(30, number(0, MAX_BLUR))
    """Standard deviation in pixels."""

    opacity: float = checked(0.4, number(0, 1))


@dataclass(frozen=True)
class Contact:
    """A shadow on the ground where the subject stands."""

    blur: float = checked(20, number(0, MAX_BLUR))
    """Standard deviation in pixels."""

    opacity: float = checked(0.5, number(0, 1))


@dataclass(frozen=True)
class Border:
    """A band of one colour around the subject, as stickers have."""

    width: float = checked(BORDER_WIDTH, number(0.001, MAX_BORDER))
    """As a part of the longer side of the rectangle around the subject, before that is placed."""

    colour: str = checked(BORDER_COLOUR, _colour)


@dataclass(frozen=True)
class Placement:
    """How the subject lies on the canvas: turned and scaled about the photo's centre, then moved."""

    x: float = checked(PLACEMENT["x"], number(-MAX_SIDE, MAX_SIDE))
    y: float = checked(PLACEMENT["y"], number(-MAX_SIDE, MAX_SIDE))
    """Pixels to the right and down."""

    scale: float = checked(PLACEMENT["scale"], number(0.01, 20))
    rotate: float = checked(PLACEMENT["rotate"], number(-360, 360))
    """Degrees, clockwise."""

    @property
    def is_default(self) -> bool:
        """Whether the subject lies where the photo has it."""
        return self == Placement()


@dataclass(frozen=True)
class Canvas:
    """The size of the finished picture; without any of these, the photo's."""

    width: int | None = checked(None, number(1, MAX_SIDE))
    height: int | None = checked(None, number(1, MAX_SIDE))
    """In pixels."""

    crop: bool = checked(False, flag)
    """Whether it is cut to the subject."""

    fit: str = checked(CANVAS_FITS[0], choice(CANVAS_FITS))
    """What a canvas of given size or shape shows: ``"none"`` what lies around the photo's middle, pixel for pixel;
    ``"subject"`` the whole subject in its middle, or at the photo's edge where that cuts it; ``"photo"`` as much of the
    photo as fills it; ``"head"`` the head of a person at a given place and size, as far as the alpha shows it."""

    margin: float = checked(0, number(0, 1))
    """Around a cropped subject, as a part of its longer side; around a fitted one, of the canvas's shorter side."""

    head_top: float = checked(HEAD["head_top"], number(0, 1))
    """From the upper edge to the crown, as a part of the canvas's height."""

    head_height: float = checked(HEAD["head_height"], number(0.05, 1))
    """From the crown to the chin, as a part of the canvas's height."""

    dpi: float | None = checked(None, number(1, MAX_DPI))
    """Resolution in pixels per inch that the file states; None for the photo's."""

    aspect: str | None = checked(None, _aspect)
    """Such as ``"4:5"``: the smallest canvas of that shape around the photo, or around the cropped subject."""


@dataclass(frozen=True)
class Settings:
    """All settings of a document."""

    edges: Edges = field(default_factory=Edges)
    background: Background = field(default_factory=Background)
    drop: Drop | None = None
    contact: Contact | None = None
    border: Border | None = None
    placement: Placement = field(default_factory=Placement)
    canvas: Canvas = field(default_factory=Canvas)
    recipe: Recipe | None = None

    @classmethod
    def read(cls, given: dict[str, Any] | None) -> "Settings":
        """Check settings that came from outside. Raises OptionError with the name of the wrong one."""
        groups = present("settings", given, GROUPS)
        shadow = present("shadow", groups.get("shadow"), ("drop", "contact"))
        return cls(
            read_fields(Edges, "edges", groups.get("edges")),
            read_fields(Background, "background", groups.get("background")),
            read_fields(Drop, "drop shadow", shadow["drop"]) if "drop" in shadow else None,
            read_fields(Contact, "contact shadow", shadow["contact"]) if "contact" in shadow else None,
            None if groups.get("border") is None else read_fields(Border, "border", groups["border"]),
            read_fields(Placement, "placement", groups.get("placement")),
            _canvas(groups.get("canvas")),
            _recipe(groups.get("recipe")),
        )

    def plain(self) -> dict[str, Any]:
        """Return the settings as `read` takes them."""
        plain = asdict(self)
        for entry in fields(Background):
            plain["background"][entry.metadata["key"] or entry.name] = plain["background"].pop(entry.name)
        shadow = {"drop": plain.pop("drop"), "contact": plain.pop("contact")}
        plain["canvas"] = {name: value for name, value in plain["canvas"].items() if value is not None}
        return plain | {"shadow": shadow}


def aspect_of(text: str) -> float:
    """Return width by height of an aspect such as ``"16:9"``. Raises OptionError."""
    try:
        width, height = (float(part) for part in text.split(":"))
        if 0.05 <= width / height <= 20:
            return width / height
    except (ValueError, AttributeError, ZeroDivisionError):
        pass
    raise OptionError(f"The canvas's aspect {text!r} is not a shape. Write it like '4:5', from 1:20 to 20:1.")


def _canvas(given: Any) -> Canvas:
    canvas = read_fields(Canvas, "canvas", given)
    if (canvas.width is None) != (canvas.height is None):
        raise OptionError("The canvas needs both a width and a height.")
    if canvas.width is None or canvas.height is None:
        return canvas
    return replace(canvas, width=round(canvas.width), height=round(canvas.height))


def _recipe(given: Any) -> Recipe | None:
    """Read a recipe's name and text. Whether it is one, is found out where it runs."""
    if given is None:
        return None
    values = check_fields("recipe", given, ("name", "source"))
    name, source = values.get("name"), values.get("source")
    if not isinstance(name, str) or not isinstance(source, str) or len(source) > MAX_BYTES:
        raise OptionError(f"The recipe needs a name and a text of at most {MAX_BYTES // 1000} KB.")
    return Recipe(name, source) if source else None
