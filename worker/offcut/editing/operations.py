"""The operations on an alpha: each kind is a class that checks, prepares and applies one operation.

An operation arrives as a plain dict with a `kind`, from the page or from saved work, and `read_operation` makes an
object of it. A new kind is a class and an entry in `KINDS`; its step is named by `offcut.protocol.steps`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from PIL import Image

from offcut.alpha import Change
from offcut.assist import box_selection, point_selection, trimap
from offcut.codecs import transparency
from offcut.colour.spaces import ColourSpace
from offcut.editing.alternatives import FoundAlphas
from offcut.errors import OptionError
from offcut.geometry import MAX_COORDINATE, Box
from offcut.masks import brush, regions
from offcut.progress import Progress, StageTimer
from offcut.protocol.steps import step_name
from offcut.validation import check_choice, check_fields, check_number, check_numbers


@dataclass(frozen=True)
class View:
    """What an operation is applied to."""

    rgb: np.ndarray
    """The photo, uint8 ``(h, w, 3)``."""

    alpha: np.ndarray
    """The current alpha, uint8 ``(h, w)``; not to be written to."""

    network_alpha: Callable[[], np.ndarray]
    """Makes the network's alpha (`Document.network_alpha`), uint8 ``(h, w)``."""

    alternatives: FoundAlphas
    """What other networks found."""

    space: ColourSpace | None = None
    """The colour space of `rgb`; None for sRGB."""

    source_alpha: np.ndarray | None = None
    """The file's own transparency, uint8 ``(h, w)``; None where it is opaque."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.alpha.shape
        return width, height

    def seen(self) -> Image.Image:
        """Return the photo as a network is to see it (`codecs.transparency`), mode RGB."""
        own = None if self.source_alpha is None else Image.fromarray(self.source_alpha)
        return transparency.seen(Image.fromarray(self.rgb), own)


class Network(Protocol):
    """What runs a network on a picture: `pipeline.Engine`."""

    async def alpha(
        self, image: Image.Image, id: str | None, progress: Progress, space: ColourSpace | None
    ) -> np.ndarray:
        """Return the coarse alpha, float32 ``(h, w)``, 0 to 1, of a picture of mode RGB in that colour space."""
        ...


class Operation(ABC):
    """One operation on an alpha. It is checked when it is created, then prepared, then applied."""

    fields: ClassVar[tuple[str, ...]] = ()
    """Its keys besides `kind`."""

    def __init__(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        """Check an operation.

        Args:
            given: as it came, with a `kind` and the keys in `fields`.
            size: width and height of the photo.

        Raises:
            OptionError: a value makes no sense.
        """
        self.given = given
        self.check(given, size)

    @property
    def step(self) -> str:
        """The name of the step in the history, a key of the language files such as ``"step.erase"``."""
        return step_name(self.given)

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:  # noqa: B027 (some kinds have no fields)
        """Read the values of `fields`. Raises OptionError for those that make no sense."""

    async def prepare(self, network: Network, view: View, clock: StageTimer) -> None:  # noqa: B027 (most kinds need none)
        """Run a network, for the kinds that need one. Raises any OffcutError."""

    @abstractmethod
    def apply(self, view: View) -> Change | None:
        """Return the part of the alpha that changes and its new values; None where nothing does."""


def read_operation(given: Any, size: tuple[int, int]) -> Operation:
    """Check an operation that came from outside.

    Args:
        given: a dict with a `kind`.
        size: width and height of the photo.

    Raises:
        OptionError: the kind or a value makes no sense.
    """
    if not isinstance(given, dict):
        raise OptionError("An operation must be an object with a 'kind'.")
    kind = check_choice("operation's kind", given.get("kind"), KINDS)
    check_fields(f"operation {kind!r}", given, ("kind", *KINDS[kind].fields))
    return KINDS[kind](given, size)


class Stroke(Operation):
    """A brush stroke that restores or erases."""

    fields = brush.FIELDS

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        self._stroke = brush.read(given)
        self._mode = given["mode"]

    def apply(self, view: View) -> Change | None:
        box = brush.reach(self._stroke, *view.alpha.shape)
        return box and (box, brush.paint(view.alpha, self._stroke, box, self._mode))


class SmartStroke(Operation):
    """The edge estimated again inside a painted area, from the photo around it (`offcut.assist.trimap`)."""

    fields = ("size", "points")

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        self._stroke = brush.polyline(given)

    def apply(self, view: View) -> Change | None:
        box = brush.reach(self._stroke, *view.alpha.shape)
        if box is None:
            return None
        # Far more than the matting reads around the painted area, and far less than a large photo.
        wide = box.grown(max(box.size) // 2 + 64).within(*view.alpha.shape)
        alpha = view.alpha[wide.slices]
        painted = np.zeros(alpha.shape, np.uint8)
        for square, coverage in brush.coverage(self._stroke, box):
            painted[square.inside(wide).slices] = 255 if coverage is None else coverage * 255
        return wide, trimap.refine(view.rgb[wide.slices], alpha, trimap.from_stroke(alpha, painted))


class _At(Operation):
    """An operation at a clicked pixel that keeps or removes."""

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        kind = given["kind"]
        self._keep = check_choice(f"{kind}'s mode", given.get("mode"), ("keep", "remove")) == "keep"
        self._x, self._y = (
            int(min(check_number(f"{kind}'s {name}", given.get(name), 0, side), side - 1))
            for name, side in zip(("x", "y"), size, strict=True)
        )


class Region(_At):
    """The connected region of a similar colour around a click."""

    fields = ("mode", "x", "y", "tolerance")

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        super().check(given, size)
        self._tolerance = check_number("region's tolerance", given.get("tolerance", 0.1), 0, 1)

    def apply(self, view: View) -> Change | None:
        return regions.click(view.rgb, view.alpha, self._x, self._y, keep=self._keep, tolerance=self._tolerance)


class Point(_At):
    """What belongs with the clicked place (`offcut.assist.point_selection`)."""

    fields = ("mode", "x", "y")

    def apply(self, view: View) -> Change:
        return _whole(point_selection.apply(view.rgb, view.alpha, self._x, self._y, self._keep))


class Specks(Operation):
    """Visible islands smaller than a number of pixels removed."""

    fields = ("pixels",)

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        self._pixels = check_number("size of specks", given.get("pixels"), 1, regions.MAX_AREA)

    def apply(self, view: View) -> Change | None:
        return regions.without_specks(view.alpha, self._pixels)


class Holes(Operation):
    """Holes smaller than a number of pixels filled."""

    fields = ("pixels",)

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        self._pixels = check_number("size of holes", given.get("pixels"), 1, regions.MAX_AREA)

    def apply(self, view: View) -> Change | None:
        return regions.without_holes(view.alpha, self._pixels)


class _FromNetwork(Operation):
    """An operation whose result is a whole alpha from a network."""

    def __init__(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        super().__init__(given, size)
        self.alpha: np.ndarray | None = None
        """What the network found, uint8 ``(h, w)``."""

    def apply(self, view: View) -> Change | None:
        return None if self.alpha is None else _whole(self.alpha)


class BoxSelection(_FromNetwork):
    """The network run again on a box that was drawn around the subject (`offcut.assist.box_selection`)."""

    fields = ("box",)

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        sides = check_numbers("box", given.get("box"), MAX_COORDINATE)
        if len(sides) != 4:
            raise OptionError("A box is four numbers: left, top, right, bottom.")
        left, right = sorted((round(sides[0]), round(sides[2])))
        top, bottom = sorted((round(sides[1]), round(sides[3])))
        self._box = Box(top, bottom, left, right)

    async def prepare(self, network: Network, view: View, clock: StageTimer) -> None:
        clock.enter("infer")

        async def infer(image: Image.Image) -> np.ndarray:
            return await network.alpha(image, None, clock.progress, view.space)

        self.alpha = await box_selection.select(infer, np.asarray(view.seen()), self._box)


class AnotherNetwork(_FromNetwork):
    """Another network's alpha in place of the current one."""

    fields = ("model",)

    def check(self, given: dict[str, Any], size: tuple[int, int]) -> None:
        model = given.get("model")
        if not model or not isinstance(model, str):
            raise OptionError("The operation 'network' needs a 'model'.")
        self._model = model

    async def prepare(self, network: Network, view: View, clock: StageTimer) -> None:
        if self._model not in view.alternatives:
            clock.enter("infer")
            coarse = await network.alpha(view.seen(), self._model, clock.progress, view.space)
            view.alternatives.keep(self._model, coarse)
        clock.enter("compose")
        self.alpha = view.alternatives.alpha(self._model, view.seen)


class Underlying(AnotherNetwork):
    """Another network's alpha, found before, under everything that was done since (`rebase.put_under`)."""

    async def prepare(self, network: Network, view: View, clock: StageTimer) -> None:
        clock.enter("compose")
        self.alpha = view.alternatives.alpha(self._model, view.seen)


class StartOver(Operation):
    """The network's own alpha in place of the current one."""

    def apply(self, view: View) -> Change:
        return _whole(view.network_alpha())


def _whole(alpha: np.ndarray) -> Change:
    height, width = alpha.shape
    return Box.of_size(width, height), alpha


KINDS: dict[str, type[Operation]] = {
    "region": Region,
    "specks": Specks,
    "holes": Holes,
    "stroke": Stroke,
    "point": Point,
    "smart": SmartStroke,
    "box": BoxSelection,
    "finer": Underlying,
    "chosen": Underlying,
    "network": AnotherNetwork,
    "start_over": StartOver,
}
