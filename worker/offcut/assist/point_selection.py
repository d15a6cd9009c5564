"""Keep or remove at a point: what belongs with the clicked place changes sides, all else stays as it was.

On a small picture: pixels that look like the click's surroundings, and less like the rest of their side, probably belong
with it (kernel densities, Parzen 1962; features are colour, the network's opinion and, faintly, place). A random walker
(Grady, "Random Walks for Image Segmentation", TPAMI 2006) carries that along the photo's edges, and the region ends where
its answer falls most steeply. Constants were chosen on the development photos (docs/quality.md).
"""

import numpy as np
from PIL import Image

from offcut import matting
from offcut.assist import linear_system
from offcut.errors import HelpError
from offcut.matting.box_filter import box_mean

SIDE = 192
"""Longer side, in pixels, of the small picture."""

SEED = 0.02
"""Radius around the click whose pixels are its examples, of the small picture's diagonal; half of it surely belongs."""

WIDTH = 0.06
"""Standard deviation of the kernels, in the features' units: CIELAB divided by 100, alpha times `OPINION`."""

OPINION = 0.35
PLACE = 0.1
"""How much a difference in the network's alpha, and in place as a part of the diagonal, counts beside one in colour."""

LIKE = 0.3
"""How far, in the features' units, an example may be from the clicked pixel to count much."""

EDGE = 300.0
"""Grady's beta: neighbours whose features are about 0.06 apart hardly share their answer."""

TRUST = 0.05
"""How much likeness counts beside the neighbours' answers."""

MOST = {True: 0.6, False: 0.5}
"""Of its side, by what is wanted (keep, remove), the largest part that one click may change."""

SIZE = 0.08
"""How much a large region is preferred: the power of its size that its outline's steepness is multiplied by."""

SEPARATE = 0.5
"""What stands apart and is less than this part of the subject is removed as a whole."""

_LEVELS = np.arange(0.35, 0.86, 0.05)
_SAMPLES = 400
_FRINGE = (
    0.1  # certain pixels, whose alpha is nearer than this to their own side's end, may still belong with the click
)
_SOFT = 0.12  # half the width, in levels of the answer, of the new edge before it follows the photo


def apply(
    photo: np.ndarray, alpha: np.ndarray, x: int, y: int, keep: bool, opinion: np.ndarray | None = None
) -> np.ndarray:
    """Keep, or remove, what lies at a point.

    Args:
        photo: uint8 ``(height, width, 3)``.
        alpha: uint8 ``(height, width)``, the alpha so far.
        x, y: the clicked pixel, from the left and from the top.
        keep: whether it belongs to the subject; otherwise to the background.
        opinion: a network's coarse alpha, float of any ``(height, width)``, 0 to 1, which may hold traces of what
            `alpha` lost; None takes `alpha` itself.

    Returns:
        uint8 ``(height, width)``: nowhere less than `alpha` where something is kept, nowhere more where it is removed;
        255 or 0 at the click.

    Raises:
        HelpError: the point is outside the photo, or alpha has another size.
    """
    if photo.shape != (*alpha.shape, 3):
        raise HelpError("The cutout has another size than the photo. Open the photo again.")
    height, width = alpha.shape
    if not (0 <= x < width and 0 <= y < height):
        raise HelpError("The point is outside the photo. Click inside it.")
    wanted = 255 if keep else 0
    if alpha[y, x] == wanted:
        return alpha.copy()
    scale = min(1.0, SIDE / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    place = (min(small[1] - 1, int(y * small[1] / height)), min(small[0] - 1, int(x * small[0] / width)))
    image = Image.fromarray(photo)
    belief = Image.fromarray(alpha).resize(small, Image.Resampling.BOX)
    now = np.asarray(belief, np.float32) / np.float32(255)
    if opinion is None:
        said = now
    else:
        said = np.asarray(matting.upsample(opinion, small), np.float32) / np.float32(255)
    answer, level = _region(_features(image.resize(small, Image.Resampling.BOX), said), now, place, keep)
    edge = np.clip((answer - level + _SOFT) / (2 * _SOFT), 0, 1)
    region = np.asarray(matting.upsample(edge, image.size))
    changed = np.maximum(alpha, region) if keep else np.minimum(alpha, 255 - region)
    # The new edge follows the photo, as that of every cutout does.
    fine = np.asarray(matting.refine(Image.fromarray(changed), image))
    fine = np.maximum(alpha, fine) if keep else np.minimum(alpha, fine)
    result = np.where(changed != alpha, fine, alpha)
    result[y, x] = wanted
    return result


def _features(photo: Image.Image, said: np.ndarray) -> np.ndarray:
    return np.dstack([_lab(np.asarray(photo)), np.float32(OPINION) * said])


def _lab(colours: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of sRGB, divided by 100; float32."""
    light = colours.astype(np.float32) / np.float32(255)
    light = np.where(light > 0.04045, ((light + 0.055) / 1.055) ** 2.4, light / 12.92)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
    # The cube root goes on to zero: CIE's straight piece only tells shades of black apart.
    x, y, z = np.moveaxis(np.cbrt(light @ (matrix / np.array([[0.9505], [1.0], [1.089]], np.float32)).T), -1, 0)
    return np.stack([1.16 * y - 0.16, 5 * (x - y), 2 * (y - z)], -1).astype(np.float32)


def _region(features: np.ndarray, now: np.ndarray, place: tuple[int, int], keep: bool) -> tuple[np.ndarray, float]:
    """How surely each pixel belongs with the click, float32 0 to 1, and the level from which on it does."""
    height, width = now.shape
    side = 1 - now if keep else now
    if not keep:
        whole = connected(now > 0.2, place)
        if 0 < now[whole].sum() < SEPARATE * now.sum():
            return whole.astype(np.float32), 0.5
    zone, core = side > _FRINGE, side >= 0.5
    zone[place] = core[place] = True
    down, across = np.mgrid[:height, :width].astype(np.float32)
    diagonal = float(np.hypot(height, width))
    distance = np.hypot(down - place[0], across - place[1])
    near = np.dstack(
        [
            *(box_mean(each, 1) for each in np.moveaxis(features, -1, 0)),
            across * (PLACE / diagonal),
            down * (PLACE / diagonal),
        ]
    )
    alike = np.exp(((near - near[place]) ** 2).sum(-1) / (-2 * LIKE**2))
    sure = core & (distance <= max(1.0, SEED / 2 * diagonal)) & (alike > 0.5)
    sure[place] = True
    examples = np.where(core & (distance <= max(1.0, SEED * diagonal)), alike, 0)
    examples[place] = 1
    planes = _walks(features, zone)
    answer, level = np.zeros_like(now), 1.0
    # The second round takes its examples from what the first found.
    for round_ in (1, 2):
        likely = _likeness(near, zone, core, examples)
        guess = np.where(sure, 1, likely).astype(np.float32)
        answer = linear_system.solve(planes, guess if round_ == 1 else answer, guess, zone & ~sure, TRUST)
        answer = np.clip(np.where(zone, answer, 0), 0, 1)
        level = _level(answer, zone, side, place, MOST[keep])
        own = connected(answer > level, place)
        answer = np.where(own | (answer <= level), answer, 0).astype(np.float32)
        examples = np.where(own & (distance <= 6 * SEED * diagonal * round_), answer, 0)
        examples[place] = 1
    return answer, level


def connected(mask: np.ndarray, place: tuple[int, int]) -> np.ndarray:
    """The pixels of `mask`, bool ``(height, width)``, that touch the one at `place` (row, column) by sides, as a mask."""
    reached = np.zeros_like(mask)
    reached[place] = mask[place]
    runs = []
    for axis in (1, 0):
        starts = mask & ~np.roll(mask, 1, axis)
        first = np.s_[:, 0] if axis else np.s_[0, :]
        starts[first] = mask[first]
        # Numbered in the order of reading along the axis, so that each run has a number of its own.
        runs.append(
            np.where(
                mask, starts.cumsum().reshape(mask.shape) if axis else starts.T.cumsum().reshape(mask.T.shape).T, 0
            )
        )
    before = -1
    while (count := int(reached.sum())) != before:
        before = count
        for numbers in runs:
            touched = np.bincount(numbers.ravel(), reached.ravel(), numbers.max() + 1) > 0
            touched[0] = False
            reached = touched[numbers]
    return reached


def _walks(features: np.ndarray, zone: np.ndarray) -> linear_system.Planes:
    """The random walker's Laplacian over the zone: a step is the likelier, the more alike two neighbours are."""
    planes: linear_system.Planes = {}
    for offset in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here, there = linear_system.halves(offset, zone.shape)
        apart = ((features[here] - features[there]) ** 2).sum(-1)
        plane = np.zeros(zone.shape, np.float32)
        plane[here] = -(np.exp(-EDGE * apart) + 1e-4) / np.hypot(*offset) * (zone[here] & zone[there])
        planes[offset] = plane
    return linear_system.balance(planes)


def _likeness(near: np.ndarray, zone: np.ndarray, core: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """How much likelier a pixel of the zone is among the examples than among its whole side, 1 as likely as they are."""
    points = near[zone]
    weights = examples[zone]
    chosen = _spread(np.flatnonzero(weights > 0.3))
    among = _density(points, points[chosen], weights[chosen])
    others = _spread(np.flatnonzero(core[zone]))
    ratio = among / (_density(points, points[others], np.ones(others.size)) + 1e-6)
    result = np.zeros(zone.shape, np.float32)
    # The side holds the region too, so where only the region lies the ratio is as high as it gets.
    result[zone] = np.clip(ratio / max(float(np.median(ratio[chosen])), 1e-6), 0, 1)
    return result


def _spread(numbers: np.ndarray) -> np.ndarray:
    """At most `_SAMPLES` of them, evenly spread and so the same ones every time."""
    if numbers.size <= _SAMPLES:
        return numbers
    return numbers[np.linspace(0, numbers.size - 1, _SAMPLES).astype(int)]


def _density(points: np.ndarray, examples: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean of Gaussian kernels at the examples, for each of the points."""
    one, other = points / np.float32(WIDTH), examples / np.float32(WIDTH)
    power = one @ other.T
    power -= 0.5 * (one**2).sum(1)[:, None]
    power -= 0.5 * (other**2).sum(1)[None]
    return np.exp(np.minimum(power, 0, out=power), out=power) @ (weights / weights.sum()).astype(np.float32)


def _level(answer: np.ndarray, zone: np.ndarray, side: np.ndarray, place: tuple[int, int], most: float) -> float:
    """The level along whose outline the answer falls most steeply, of those whose region is not too large."""
    best, chosen = -1.0, float(_LEVELS[-1])
    for level in _LEVELS:
        region = connected(answer > level, place)
        if not region[place] or side[region].sum() > most * side.sum():
            continue
        steps, count = 0.3, 3  # an outline of a few pixels proves little
        for here, there in (linear_system.halves((0, 1), zone.shape), linear_system.halves((1, 0), zone.shape)):
            outline = (region[here] != region[there]) & zone[here] & zone[there]
            steps += float(np.abs(answer[here] - answer[there])[outline].sum())
            count += np.count_nonzero(outline)
        worth = steps / count * float(region.mean()) ** SIZE
        if worth > best:
            best, chosen = worth, float(level)
    return chosen
