"""All networks' cutouts of one photo."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from offcut.alternatives.agreement import DOUBTFUL, find_any_subject, lowest_agreement
from offcut.arrays import AlphaF32
from offcut.codecs.photo import Photo
from offcut.codecs.transparency import OWN_SHAPE
from offcut.inference.agreement import reduced
from offcut.options import Options
from offcut.pipeline import Engine, MattedPixels
from offcut.progress import Progress, StageTimer, no_progress

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Alternative(Generic[T_co]):
    """What one network made of a photo."""

    model: str
    """The model's id in the catalogue."""

    title: str
    """The model's name."""

    result: T_co
    """What `offcut.remove` returns for this model."""


@dataclass(frozen=True)
class Alternatives(Generic[T_co]):
    """What several networks made of one photo, in the order of the catalogue after the one that was asked for."""

    results: tuple[Alternative[T_co], ...]
    """At least one. A picture that keeps its own shape has one: no network looks at it."""

    agreement: float
    """The lowest agreement of any two networks that find any subject, 0 (nothing in common) to 1 (the same)."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the networks disagree about the photo, so that one of them has misread it."""
        return self.agreement < DOUBTFUL

    def __iter__(self) -> Iterator[Alternative[T_co]]:
        """Iterate over the results."""
        return iter(self.results)

    def __len__(self) -> int:
        """Return the number of results."""
        return len(self.results)

    def __getitem__(self, model: str) -> T_co:
        """Return what a model made of it, by the model's id. Raises KeyError."""
        for one in self.results:
            if one.model == model:
                return one.result
        raise KeyError(model)


async def find_all(
    engine: Engine,
    data: bytes | Photo,
    options: Options,
    models: Collection[str],
    make: Callable[[MattedPixels, StageTimer], T],
    progress: Progress = no_progress,
) -> Alternatives[T]:
    """Have several networks look at one photo, one after the other.

    Args:
        engine: runs them.
        data: an image file, or a photo that is decoded already.
        options: `model` names the network that comes first, and is among the results in any case.
        models: ids of the networks that may look.
        make: makes the result of a photo and its alpha; it may change the arrays.
        progress: called with the stages of each network's way.

    Raises:
        OffcutError: any of them.
    """
    first = engine.first_model(options.model)
    photo = data if isinstance(data, Photo) else await engine.decode(data, may_reduce=options.reduce)
    known = engine.catalogue.models.values()
    others = [] if OWN_SHAPE in photo.notices else [model for model in known if model.id in models]
    chosen = [first, *(model for model in others if model.id != first.id)]
    alphas: dict[str, AlphaF32] = {}
    results = []
    for model in chosen:
        clock = StageTimer(progress)
        pixels = await engine.pixels(photo, replace(options, model=model.id), clock)
        alphas[model.id] = reduced(pixels.alpha)
        clock.enter("compose")
        results.append(Alternative(model.id, model.title, make(pixels, clock)))
        del pixels
    agreement = lowest_agreement(alphas[model] for model in find_any_subject(chosen))
    return Alternatives(tuple(results), agreement)
