"""What a person may choose for one cutout."""

from dataclasses import dataclass, fields
from typing import Any, Literal

from offcut.codecs.encode import Format, format_named
from offcut.compositing import parse_colour
from offcut.errors import OptionError
from offcut.validation import check_choice, check_flag, check_number

BACKENDS = ("auto", "webgpu", "wasm")


@dataclass(frozen=True)
class Options:
    """All of it, checked where it is made with `read`."""

    model: str | None = None
    """Id in the catalogue; None for the default."""

    format: str = "png"
    """Key of `codecs.FORMATS`."""

    quality: int = 90
    """1 to 100, for lossy formats."""

    background: str | None = None
    """A CSS colour to put the subject on; None keeps it transparent."""

    refine: float = 1.0
    """How far uncertain edges follow the photo: 0 not at all, 1 fully (`offcut.matting`)."""

    foreground: bool = True
    """Whether soft edges get the subject's own colours instead of the photo's, which still hold the old background."""

    output: Literal["cutout", "mask"] = "cutout"
    """``"mask"`` gives the alpha alone as a grey picture."""

    backend: Literal["auto", "webgpu", "wasm"] = "auto"
    """Where the network runs: on the graphics processor where that is as right and faster, or what a person wants. In
    vain on CPython, which has one runtime."""

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Options":
        """Check options that came from outside. Raises OptionError with the name of the one that is wrong."""
        known = {entry.name for entry in fields(cls)}
        for name in given:
            if name not in known:
                raise OptionError(f"The option {name!r} is not known. Use any of: {', '.join(sorted(known))}.")
        options = cls(**{name: value for name, value in given.items() if value is not None})
        format_named(options.format)
        if options.background is not None:
            parse_colour(options.background)
        if options.output not in ("cutout", "mask"):
            raise OptionError(f"The output {options.output!r} is not known. Use 'cutout' or 'mask'.")
        check_choice("backend", options.backend, BACKENDS)
        check_number("quality", options.quality, 1, 100)
        check_number("refine", options.refine, 0, 1)
        check_flag("foreground", options.foreground)
        return options

    @property
    def target(self) -> Format:
        """The format to write. Raises OptionError where it cannot hold what is asked for."""
        target = format_named(self.format)
        if self.output == "cutout" and self.background is None and not target.transparent:
            raise OptionError(
                f"{target.extension.upper()} cannot be transparent. Choose PNG or WebP, or give a background colour."
            )
        return target
