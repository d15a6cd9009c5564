"""The options of one cutout."""

from dataclasses import dataclass, fields
from typing import Any, Literal

from offcut.codecs.encode import Format, format_named
from offcut.compositing import parse_colour
from offcut.errors import OptionError
from offcut.protocol.settings import BORDER_COLOUR, EDGES, MAX_BORDER, MAX_TRACES
from offcut.validation import checked, choice, flag, number

BACKENDS = ("auto", "webgpu", "wasm")
OUTPUTS = ("cutout", "mask")


def _anything(name: str, value: Any) -> None:
    """Check nothing: the engine's catalogue knows its models."""


def _format(name: str, value: Any) -> None:
    format_named(value)


def _colour(name: str, value: Any) -> None:
    parse_colour(value)


@dataclass(frozen=True)
class Options:
    """What to make of a photo. `Options.read` checks values that come from outside."""

    model: str | None = checked(None, _anything)
    """Id in the catalogue; None for the default, ``"auto"`` for those that suit the photo."""

    format: str = checked("png", _format)
    """Key of `codecs.FORMATS`."""

    quality: int = checked(90, number(1, 100))
    """1 to 100, for lossy formats."""

    background: str | None = checked(None, _colour)
    """A CSS colour to put the subject on; None keeps it transparent, in JPEG white."""

    refine: float = checked(1.0, number(0, 1))
    """How far uncertain edges follow the photo: 0 not at all, 1 fully (`offcut.matting`)."""

    foreground: bool = checked(True, flag)
    """Whether soft edges get estimated foreground colours instead of the photo's, which contain the old background."""

    output: Literal["cutout", "mask"] = checked("cutout", choice(OUTPUTS))
    """``"mask"`` for the alpha alone as a grey picture."""

    backend: Literal["auto", "webgpu", "wasm"] = checked("auto", choice(BACKENDS))
    """Where the network runs: ``"auto"`` for the GPU where it is as accurate and faster. Ignored on CPython."""

    traces: float = checked(EDGES["traces"], number(0, MAX_TRACES))
    """Up to which alpha, 0 to 1, pixels far from the subject are removed; 0 keeps them all."""

    border: float = checked(0.0, number(0, MAX_BORDER))
    """Width of a border around the subject, as a part of the longer side of the rectangle around it; 0 for none."""

    border_colour: str = checked(BORDER_COLOUR, _colour)
    """A CSS colour."""

    max_bytes: int | None = checked(None, number(1000, 1e9))
    """Largest size of the file; the quality is lowered as far as that takes. None for any size."""

    reduce: bool = checked(True, flag)
    """Whether a photo that this device has no memory for is made smaller (`offcut.memory_budget`), with the notice
    ``"reduced"``; it is refused otherwise."""

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Options":
        """Check options that came from outside.

        Args:
            given: by name; None leaves the default.

        Raises:
            OptionError: names the option that is wrong.
        """
        if not isinstance(given, dict):
            raise OptionError("The options must be an object with named values.")
        known = {entry.name: entry for entry in fields(cls)}
        values = {}
        for name, value in given.items():
            if name not in known:
                raise OptionError(f"The option {name!r} is not known. Use any of: {', '.join(sorted(known))}.")
            if value is not None:
                known[name].metadata["check"](name, value)
                values[name] = value
        return cls(**values)

    @property
    def target(self) -> Format:
        """The format to write."""
        return format_named(self.format)
