"""What is chosen beside the mask: edges, background, shadow, placement, canvas. Nothing of it changes the alpha itself.

Settings are one object that is given whole; what it does not name has its default, and the defaults leave the
network's cutout as it is.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from offcut.compositing import parse_colour
from offcut.errors import OptionError
from offcut.protocol.settings import BACKGROUND_KIND, BACKGROUNDS, EDGES, FITS, GROUPS, MAX_SIDE, PLACEMENT
from offcut.validation import check_choice, check_fields, check_flag, check_number


@dataclass(frozen=True)
class Edges:
    """How the alpha's edges are treated on the way to the picture, in this order: grow, feather, contrast."""

    grow: float = EDGES["grow"]
    """Pixels by which the subject grows, or shrinks where below 0; -50 to 50."""

    feather: float = EDGES["feather"]
    """Standard deviation in pixels of a Gaussian blur, 0 to 50."""

    contrast: float = EDGES["contrast"]
    """0 leaves soft edges as they are, 1 makes them hard at one half."""

    decontaminate: bool = EDGES["decontaminate"]
    """Whether soft edges get the subject's own colours (`offcut.foreground`)."""


@dataclass(frozen=True)
class Background:
    """What lies behind the subject. Which fields count depends on the kind."""

    kind: str = BACKGROUND_KIND
    colour: str = "#ffffff"
    start: str = "#ffffff"
    """CSS colour where a gradient begins; `from` outside of Python."""

    end: str = "#000000"
    """CSS colour where it ends; `to` outside of Python."""

    angle: float = 180
    """Where it leads, in degrees as in CSS: 0 up, 90 to the right."""

    fit: str = FITS[0]
    x: float = 0.5
    y: float = 0.5
    """Position of an image as CSS's background-position: 0 left or top, 1 right or bottom."""

    strength: float = 0.5
    """Of the blur, 0 to 1."""


@dataclass(frozen=True)
class Drop:
    """A shadow on a wall behind the subject."""

    direction: float = 45
    """Where it falls, in degrees: 0 to the right, 90 down."""

    distance: float = 40
    blur: float = 30
    """Standard deviation in pixels."""

    opacity: float = 0.4


@dataclass(frozen=True)
class Contact:
    """A shadow on the ground where the subject stands."""

    blur: float = 20
    opacity: float = 0.5


@dataclass(frozen=True)
class Placement:
    """How the subject lies on the canvas: turned and scaled about the photo's centre, then moved."""

    x: float = PLACEMENT["x"]
    y: float = PLACEMENT["y"]
    """Pixels to the right and down."""

    scale: float = PLACEMENT["scale"]
    rotate: float = PLACEMENT["rotate"]
    """Degrees, clockwise."""

    @property
    def is_default(self) -> bool:
        """Whether the subject lies where the photo has it."""
        return self == Placement()


@dataclass(frozen=True)
class Canvas:
    """The size of the finished picture; without any of these, the photo's."""

    width: int | None = None
    height: int | None = None
    crop: bool = False
    """Whether it is cut to the subject."""

    margin: float = 0
    """Around a cropped subject, as a part of its longer side."""

    aspect: str | None = None
    """Such as ``"4:5"``: the smallest canvas of that shape around the photo, or around the cropped subject."""


@dataclass(frozen=True)
class Settings:
    """All of it."""

    edges: Edges = field(default_factory=Edges)
    background: Background = field(default_factory=Background)
    drop: Drop | None = None
    contact: Contact | None = None
    placement: Placement = field(default_factory=Placement)
    canvas: Canvas = field(default_factory=Canvas)

    @classmethod
    def read(cls, given: dict[str, Any] | None) -> "Settings":
        """Check settings that came from outside. Raises OptionError with the name of the one that is wrong."""
        given = _present("settings", given, GROUPS)
        shadow = _present("shadow", given.get("shadow"), ("drop", "contact"))
        return cls(
            _edges(given.get("edges")),
            _background(given.get("background")),
            _drop(shadow.get("drop")),
            _contact(shadow.get("contact")),
            _placement(given.get("placement")),
            _canvas(given.get("canvas")),
        )

    def plain(self) -> dict[str, Any]:
        """The settings as `read` takes them."""
        given = asdict(self)
        background = given["background"]
        background["from"], background["to"] = background.pop("start"), background.pop("end")
        shadow = {"drop": given.pop("drop"), "contact": given.pop("contact")}
        given["canvas"] = {name: value for name, value in given["canvas"].items() if value is not None}
        return given | {"shadow": shadow}


def aspect_of(text: str) -> float:
    """Width by height of an aspect such as ``"16:9"``. Raises OptionError."""
    try:
        width, height = (float(part) for part in text.split(":"))
        if 0.05 <= width / height <= 20:
            return width / height
    except (ValueError, AttributeError, ZeroDivisionError):
        pass
    raise OptionError(f"The canvas's aspect {text!r} is not a shape. Write it like '4:5', from 1:20 to 20:1.")


def _present(name: str, given: Any, known: tuple[str, ...]) -> dict[str, Any]:
    """The fields that are given and not None."""
    if given is None:
        return {}
    return {key: value for key, value in check_fields(name, given, known).items() if value is not None}


def _names(kind: type) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(kind))


def _numbers(name: str, given: dict[str, Any], limits: dict[str, tuple[float, float]]) -> dict[str, Any]:
    for key, (low, high) in limits.items():
        if key in given:
            check_number(f"{name}'s {key}", given[key], low, high)
    return given


def _edges(given: Any) -> Edges:
    given = _present("edges", given, _names(Edges))
    if "decontaminate" in given:
        check_flag("edges' decontaminate", given["decontaminate"])
    return Edges(**_numbers("edges", given, {"grow": (-50, 50), "feather": (0, 50), "contrast": (0, 1)}))


def _background(given: Any) -> Background:
    renamed = {"start": "from", "end": "to"}
    given = _present("background", given, [renamed.get(name, name) for name in _names(Background)])
    check_choice("background's kind", given.get("kind", BACKGROUND_KIND), BACKGROUNDS)
    check_choice("background's fit", given.get("fit", FITS[0]), FITS)
    for name in ("colour", "from", "to"):
        if name in given:
            parse_colour(given[name])
    _numbers("background", given, {"angle": (-360, 360), "x": (0, 1), "y": (0, 1), "strength": (0, 1)})
    back = {outside: inside for inside, outside in renamed.items()}
    return Background(**{back.get(name, name): value for name, value in given.items()})


def _drop(given: Any) -> Drop | None:
    if given is None:
        return None
    limits = {"direction": (-360, 360), "distance": (0, MAX_SIDE), "blur": (0, 500), "opacity": (0, 1)}
    return Drop(**_numbers("drop shadow", _present("drop shadow", given, _names(Drop)), limits))


def _contact(given: Any) -> Contact | None:
    if given is None:
        return None
    given = _present("contact shadow", given, _names(Contact))
    return Contact(**_numbers("contact shadow", given, {"blur": (0, 500), "opacity": (0, 1)}))


def _placement(given: Any) -> Placement:
    limits = {"x": (-MAX_SIDE, MAX_SIDE), "y": (-MAX_SIDE, MAX_SIDE), "scale": (0.01, 20), "rotate": (-360, 360)}
    return Placement(**_numbers("placement", _present("placement", given, _names(Placement)), limits))


def _canvas(given: Any) -> Canvas:
    given = _present("canvas", given, _names(Canvas))
    _numbers("canvas", given, {"width": (1, MAX_SIDE), "height": (1, MAX_SIDE), "margin": (0, 1)})
    if ("width" in given) != ("height" in given):
        raise OptionError("The canvas needs both a width and a height.")
    if "crop" in given:
        check_flag("canvas's crop", given["crop"])
    if "aspect" in given:
        aspect_of(given["aspect"])
    whole = {name: round(given[name]) for name in ("width", "height") if name in given}
    return Canvas(**(given | whole))
