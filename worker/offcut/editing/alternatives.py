"""What several networks found in the open photo, of which a person can choose."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil

import numpy as np
from PIL import Image

from offcut.alternatives.agreement import SAME, lowest_agreement
from offcut.alternatives.kept_alpha import KeptAlpha
from offcut.arrays import AlphaF32, AlphaU8
from offcut.geometry import Box, bounding_box
from offcut.inference.agreement import SIDE, agreement, reduced

SHOWN = 4
"""Results that are shown at once, at most."""


_VISIBLE = 0.1
"""Alpha from which on something shows in a small picture."""

_MARGIN = 4
"""Pixels of `reduced` around what the networks found that small pictures show, too."""


@dataclass(frozen=True)
class ResultPicture:
    """A small picture of what one network found."""

    model: str
    title: str
    """The network's name."""

    picture: str
    """The cutout as a PNG file in a data URL."""


@dataclass(frozen=True)
class Results:
    """What the networks that have looked at a photo found, for a person to choose from."""

    looked: list[str]
    """The ids of these networks."""

    current: str
    """The id of the one whose alpha lies under what was done."""

    agreement: float
    """The lowest agreement of any two of those that find any subject, 0 to 1."""

    is_doubtful: bool
    """Whether that is so low that one of them has misread the photo."""

    pictures: list[ResultPicture]
    """Those that differ visibly, `current` among them."""


class FoundAlphas:
    """The first network's alpha, which the document has at full size, and the coarse alphas of others."""

    def __init__(self, first: str, first_alpha: Callable[[], AlphaU8]) -> None:
        """
        Args:
            first: id of the network that the document began with.
            first_alpha: makes its alpha at full size, uint8 ``(h, w)``, as a new array.
        """
        self._first, self._first_alpha = first, first_alpha
        self.kept: dict[str, KeptAlpha] = {}
        """The other networks' by id, in the order in which they were found."""

        self._reduced: dict[str, AlphaF32] = {}

    def __contains__(self, model: str) -> bool:
        """Return whether this network's alpha is there."""
        return model == self._first or model in self.kept

    @property
    def models(self) -> list[str]:
        """The ids of the networks, in the order in which they found their alphas."""
        return [self._first, *self.kept]

    def keep(self, model: str, coarse: AlphaF32) -> None:
        """Keep a network's coarse alpha, float32 ``(h, w)``, 0 to 1, unless there is one of this network."""
        if model not in self:
            self.kept[model] = KeptAlpha.of(coarse)

    def alpha(self, model: str, image: Callable[[], Image.Image]) -> AlphaU8 | None:
        """Return a network's alpha at full size, uint8 ``(h, w)``, as a new array; None where there is none.

        `image` makes the photo as networks see it, mode RGB.
        """
        if model == self._first:
            return self._first_alpha()
        return self.kept[model].alpha(image()) if model in self.kept else None

    def reduced(self, model: str) -> AlphaF32:
        """Return a network's alpha as a small square (`agreement.reduced`). Raises KeyError where there is none."""
        if model not in self._reduced:
            self._reduced[model] = reduced(self.coarse(model))
        return self._reduced[model]

    def coarse(self, model: str) -> AlphaU8 | AlphaF32:
        """Return a network's alpha in the size in which it is at hand, ``(h, w)``, uint8 of 0 to 255 or float32 of 0
        to 1. Raises KeyError where there is none."""
        return self._first_alpha() if model == self._first else self.kept[model].coarse

    def agreement(self, models: Collection[str]) -> float:
        """Return the lowest agreement of any two of those of these networks that have looked, 0 to 1."""
        return lowest_agreement(self.reduced(model) for model in self.models if model in models)

    def visible(self, models: Collection[str], size: tuple[int, int]) -> Box:
        """Return the box around everything that any of these networks found, with a margin; the whole where nothing is.

        Args:
            models: ids of networks that have looked.
            size: width and height of the photo.
        """
        found = np.max([self.reduced(model) for model in models], axis=0) > _VISIBLE
        box = (bounding_box(found) or Box.of_size(SIDE, SIDE)).grown(_MARGIN).within(SIDE, SIDE)
        across, down = size[0] / SIDE, size[1] / SIDE
        return Box(int(box.top * down), ceil(box.bottom * down), int(box.left * across), ceil(box.right * across))

    def distinct(self, current: str) -> list[str]:
        """Return the networks whose results differ visibly, in the order in which they were found.

        At most `SHOWN`, with `current` among them; of those that look the same it stands for the others, or else the
        first does.
        """
        order = [current, *(model for model in self.models if model != current)]
        chosen: list[str] = []
        for model in order:
            if all(agreement(self.reduced(model), self.reduced(other)) < SAME for other in chosen):
                chosen.append(model)
        chosen = chosen[:SHOWN]
        return [model for model in self.models if model in chosen]
