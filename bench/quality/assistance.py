"""`quality --assist`: measure what help from a person gains. Clicks, boxes and strokes are simulated.

The truth places the click, the box and the stroke, as a person who sees the photo would; the engine does not
receive it.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bench.quality import agreement, candidates, intervals, machine, metrics, ours_native, photos
from bench.quality.photos import Photo
from bench.quality.regions import largest_component
from offcut import matting  # after ours_native, which makes the engine importable
from offcut.assist import box_selection, point_selection, trimap
from offcut.errors import HelpError
from offcut.geometry import Box, bounding_box
from tools.fetching.fetch import fetch
from tools.files import write_file
from tools.paths import shown
from tools.progress import show_progress

MISREAD = 0.9
"""A subject with a lower IoU counts as misread."""

BRUSH = 0.01
"""Radius of the brush that paints over soft edges, of the diagonal."""

RunNetwork = Callable[[Image.Image], Awaitable[np.ndarray]]


@dataclass(frozen=True)
class Plain:
    """A network's result without help."""

    photo: Photo
    coarse: np.ndarray
    alpha: np.ndarray
    """uint8, refined."""

    @property
    def overlap(self) -> float:
        """IoU with the truth."""
        return overlap(self.alpha, self.photo)


@dataclass(frozen=True)
class Gain:
    """One kind of help: a figure of each photo without and with help."""

    network: str
    help: str
    figure: str
    better: str
    photos: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


def assistance(folder: Path, out: Path, *, limit: int | None = None, models: Sequence[str] | None = None) -> int:
    """Measure every kind of help on the photos in `folder` with each model. Write a table and the figures to `out`."""
    found = photos.find(folder, limit)
    chosen = candidates.ours(models, ())
    with tempfile.TemporaryDirectory(prefix="offcut-assistance-") as build_dir:
        fetch()
        candidates.prepare(chosen, (candidates.NATIVE,), (), Path(build_dir))
        gains = asyncio.run(_all(found, [one.model for one in chosen], Path(build_dir) / "models"))
    about = machine.described() | {"load after": machine.load()}
    text = markdown(gains, about)
    write_file(out / "assistance.md", text.encode())
    write_file(
        out / "assistance.json",
        (
            json.dumps({"about": about, "gains": [vars(gain) for gain in gains]}, ensure_ascii=False, indent=1) + "\n"
        ).encode(),
    )
    print(f"{text}\nAlso in {shown(out.resolve())}/, with every photo's figures.", flush=True)
    return 0


async def _all(found: list[Photo], models: list[str], folder: Path) -> list[Gain]:
    gains: list[Gain] = []
    plain: dict[str, list[Plain]] = {}
    for model in models:
        done: list[Plain] = []
        plain[model] = done

        def state(model: str = model, done: list[Plain] = done) -> str:
            return f"{model}: {len(done)} of {len(found)} photos"

        with show_progress(state):
            async with ours_native.opened(model, {}, folder) as ours:
                for photo in found:
                    done.append(await without_help(photo, ours.coarse_alpha))  # noqa: PERF401 - progress counts them
                gains += await helped(model, done, ours.coarse_alpha)
    for one in models:
        gains += [gain for other in models if other != one for gain in together(one, plain[one], other, plain[other])]
    return gains


async def without_help(photo: Photo, run_network: RunNetwork) -> Plain:
    """Return the result of one photo without help."""
    image = Image.fromarray(photo.colours())
    coarse = await run_network(image)
    return Plain(photo, coarse, np.asarray(matting.matte(coarse, image, 1.0)))


async def helped(network: str, plain: Sequence[Plain], run_network: RunNetwork) -> list[Gain]:
    """Points and boxes where the subject was misread, strokes over the soft edges of true alphas where it was not."""
    misread = [each for each in plain if each.overlap < MISREAD]
    read = [each for each in plain if each.photo.kind == "matte" and each.overlap >= MISREAD]
    pointed = [with_point(each) for each in misread]
    boxed = [await with_box(each, run_network) for each in misread]
    emptied = [cleared(each) for each in misread]
    gains = [
        _overlaps(network, name, misread, results)
        for name, results in (
            ("keep or remove at one point", pointed),
            ("box, network run again", boxed),
            ("box, only cleared outside", emptied),
        )
    ]
    painted = [with_stroke(each) for each in read]
    for figure, of in (("MAE under the brush", _mae), ("gradient error", _gradient)):
        gains.append(
            Gain(
                network,
                "soft edge painted over",
                figure,
                "lower",
                tuple(each.photo.key for each in read),
                tuple(of(each.alpha, each) for each in read),
                tuple(of(result, each) for result, each in zip(painted, read, strict=True)),
            )
        )
    return [gain for gain in gains if gain.photos]


def together(one: str, own: Sequence[Plain], other: str, others: Sequence[Plain]) -> list[Gain]:
    """Measure combined networks where the first one misread the subject."""
    pairs = [(each, second) for each, second in zip(own, others, strict=True) if each.overlap < MISREAD]
    gains = []
    for mode in agreement.MODES:
        results = []
        for each, second in pairs:
            place = click(each.alpha, each.photo.truth())[:2] if mode == "point" else None
            try:
                results.append(agreement.combine(each.alpha, second.alpha, mode, place))
            except HelpError:  # both agree at the point: nothing to choose from
                results.append(each.alpha)
        gains.append(_overlaps(f"{one} and {other}", f"combined: {mode}", [each for each, _ in pairs], results))
    return [gain for gain in gains if gain.photos]


def click(alpha: np.ndarray, truth: np.ndarray) -> tuple[int, int, bool]:
    """Return where a person would click: x and y of the middle of the largest wrong region, and whether it is subject.

    Args:
        alpha: uint8 ``(height, width)``.
        truth: float ``(height, width)``, 0 to 1, somewhere on the other side of a half than alpha.
    """
    wrong = largest_component((alpha > 127) != (truth > 0.5))
    # The picture's border bounds the region too: a person does not click there.
    depth = _distance(np.pad(wrong, 1))[1:-1, 1:-1]
    y, x = np.unravel_index(depth.argmax(), depth.shape)
    return int(x), int(y), bool(truth[y, x] > 0.5)


def with_point(plain: Plain) -> np.ndarray:
    """Return the alpha after one click."""
    x, y, keep = click(plain.alpha, plain.photo.truth())
    return point_selection.apply(plain.photo.colours(), plain.alpha, x, y, keep)


async def with_box(plain: Plain, run_network: RunNetwork) -> np.ndarray:
    """Return the alpha after a box around the subject, with the network run again in it."""
    return await box_selection.select(run_network, plain.photo.colours(), _box(plain.photo))


def cleared(plain: Plain) -> np.ndarray:
    """Return the alpha cleared outside of the same box, without running the network."""
    box = _box(plain.photo)
    result = np.zeros_like(plain.alpha)
    result[box.slices] = plain.alpha[box.slices]
    return result


def with_stroke(plain: Plain) -> np.ndarray:
    """Return the alpha after a smart brush over every soft edge of the truth."""
    marked = trimap.from_stroke(plain.alpha, stroke(plain.photo.truth()))
    return trimap.refine(plain.photo.colours(), plain.alpha, marked)


def stroke(truth: np.ndarray) -> np.ndarray:
    """Return the mask of pixels within the brush's radius of a soft one."""
    soft = (truth > metrics.TOLERANCE) & (truth < 1 - metrics.TOLERANCE)
    return _distance(~soft) <= BRUSH * np.hypot(*truth.shape)


def overlap(alpha: np.ndarray, photo: Photo) -> float:
    """IoU of a uint8 alpha with the photo's truth."""
    return metrics.overlap(alpha / 255, photo.truth())


def markdown(gains: Sequence[Gain], about: dict[str, str]) -> str:
    """Return the table as Markdown."""
    lines = [
        "# Help from the person",
        "",
        *(f"- {key}: {value}" for key, value in about.items()),
        "",
        f"Means; the gain with its {intervals.LEVEL * 100:.0f} % interval, photo by photo.",
        "",
        "| network | help | photos | figure | without | with | gain |",
        "|---|---|---|---|---|---|---|",
    ]
    for gain in gains:
        sign = 1 if gain.better == "higher" else -1
        pairs = zip(gain.before, gain.after, strict=True)
        change = intervals.mean([sign * (after - before) for before, after in pairs])
        lines.append(
            f"| {gain.network} | {gain.help} | {len(gain.photos)} | {gain.figure} | {np.mean(gain.before):.3f} "
            f"| {np.mean(gain.after):.3f} | {change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f}) |"
        )
    return "\n".join(lines).replace("-0.", "−0.").replace("(-", "(−").replace("to -", "to −") + "\n"


def _overlaps(network: str, name: str, plain: Sequence[Plain], results: Sequence[np.ndarray]) -> Gain:
    return Gain(
        network,
        name,
        "IoU",
        "higher",
        tuple(each.photo.key for each in plain),
        tuple(each.overlap for each in plain),
        tuple(overlap(result, each.photo) for result, each in zip(results, plain, strict=True)),
    )


def _distance(mask: np.ndarray) -> np.ndarray:
    """How far each pixel of a mask is from the nearest outside of it."""
    from scipy import ndimage  # where it is used: only the command `quality` installs it

    return ndimage.distance_transform_edt(mask)


def _box(photo: Photo) -> Box:
    box = bounding_box(photo.truth() > 0.5)
    assert box is not None
    return box


def _mae(alpha: np.ndarray, plain: Plain) -> float:
    truth = plain.photo.truth()
    return float(np.abs(alpha / 255 - truth)[stroke(truth)].mean())


def _gradient(alpha: np.ndarray, plain: Plain) -> float:
    return metrics.gradient_error(alpha / 255, plain.photo.truth())
