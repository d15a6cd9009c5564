"""Keep or remove what belongs with a clicked place; everything else stays as it was.

Works on a small copy of the photo. Pixels that look like the surroundings of the click, and less like the rest of their
side (subject or background), probably belong with it (kernel densities, Parzen 1962; features are colour, the current
alpha and, weakly, position). A random walker (Grady, "Random Walks for Image Segmentation", TPAMI 2006) spreads that
along the photo's edges, and the region ends where its probability falls most steeply. The constants were chosen on the
development photos (docs/measurements).
"""

import numpy as np
from PIL import Image

from offcut import matting
from offcut.alpha import as_floats
from offcut.arrays import AlphaF32, AlphaU8, Floats, Integers, Mask, RgbU8
from offcut.assist import linear_system
from offcut.errors import HelpError
from offcut.masks.connected_components import component_at
from offcut.matting.box_filter import box_mean

SIDE = 192
"""Longer side of the small copy, in pixels."""

SEED_RADIUS = 0.02
"""Radius around the click within which pixels are examples, as a part of the small copy's diagonal; within half of it
they are certain."""

KERNEL_STD = 0.06
"""Standard deviation of the density kernels, in feature units: CIELAB divided by 100, alpha times `ALPHA_WEIGHT`."""

ALPHA_WEIGHT = 0.35
POSITION_WEIGHT = 0.1
"""Weights of a difference in alpha, and in position as a part of the diagonal, relative to one in colour."""

EXAMPLE_STD = 0.3
"""How far, in feature units, an example may be from the clicked pixel to have much weight."""

EDGE_WEIGHT = 300.0
"""Grady's beta: neighbours whose features are about 0.06 apart hardly share their probability."""

PRIOR_WEIGHT = 0.05
"""Weight of the densities relative to the neighbours' probabilities."""

MAX_CHANGE = {True: 0.6, False: 0.5}
"""The largest part of its side that one click may change, for keep (True) and remove (False)."""

SIZE_EXPONENT = 0.08
"""Preference for large regions: the steepness of an outline is multiplied by the region's size to this power."""

DETACHED = 0.5
"""A component with less than this part of the subject is removed as a whole."""

_LEVELS = np.arange(0.35, 0.86, 0.05)
_MAX_SAMPLES = 400
_FRINGE = 0.1  # pixels are excluded whose alpha is nearer than this to the side that the click changes to
_HALF_RAMP = 0.12  # half the width, in levels of the probability, of the new edge before it follows the photo


def apply(photo: RgbU8, alpha: AlphaU8, x: int, y: int, keep: bool) -> AlphaU8:
    """Keep, or remove, what lies at a point.

    Args:
        photo: uint8 ``(h, w, 3)``.
        alpha: the alpha so far, uint8 ``(h, w)``.
        x, y: column and row of the clicked pixel.
        keep: whether the pixel belongs to the subject; otherwise to the background.

    Returns:
        uint8 ``(h, w)``: nowhere less than `alpha` where something is kept, nowhere more where it is removed; 255 or 0
        at the click.

    Raises:
        HelpError: the point is outside the photo, or alpha has another size.
    """
    if photo.shape != (*alpha.shape, 3):
        raise HelpError("The cutout has another size than the photo. Open the photo again.")
    height, width = alpha.shape
    if not (0 <= x < width and 0 <= y < height):
        raise HelpError("The point is outside the photo. Click inside it.")
    target = 255 if keep else 0
    if alpha[y, x] == target:
        return alpha.copy()
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    place = (min(size[1] - 1, int(y * size[1] / height)), min(size[0] - 1, int(x * size[0] / width)))
    image = Image.fromarray(photo)
    small_alpha = as_floats(np.asarray(Image.fromarray(alpha).resize(size, Image.Resampling.BOX)))
    features = _features(np.asarray(image.resize(size, Image.Resampling.BOX)), small_alpha)
    probability, level = _region(features, small_alpha, place, keep)
    ramp = np.clip((probability - level + _HALF_RAMP) / (2 * _HALF_RAMP), 0, 1)
    region = np.asarray(matting.upsample(ramp, image.size))
    changed = np.maximum(alpha, region) if keep else np.minimum(alpha, 255 - region)
    # The new edge follows the photo, as that of every cutout does.
    refined = np.asarray(matting.refine(Image.fromarray(changed), image))
    refined = np.maximum(alpha, refined) if keep else np.minimum(alpha, refined)
    result = np.where(changed != alpha, refined, alpha)
    result[y, x] = target
    return result


def _features(photo: RgbU8, alpha: AlphaF32) -> Floats:
    """Colour and weighted alpha of each pixel, float32 ``(h, w, 4)``."""
    return np.dstack([_lab(photo), np.float32(ALPHA_WEIGHT) * alpha])


def _lab(rgb: RgbU8) -> Floats:
    """CIELAB (D65) of sRGB values, divided by 100: uint8 ``(h, w, 3)`` to float32 ``(h, w, 3)``."""
    light = rgb.astype(np.float32) / np.float32(255)
    light = np.where(light > 0.04045, ((light + 0.055) / 1.055) ** 2.4, light / 12.92)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
    white = np.array([[0.9505], [1.0], [1.089]], np.float32)
    # The cube root continues to zero: CIE's straight piece only distinguishes shades of black.
    x, y, z = np.moveaxis(np.cbrt(light @ (matrix / white).T), -1, 0)
    return np.stack([1.16 * y - 0.16, 5 * (x - y), 2 * (y - z)], -1).astype(np.float32)


def _region(features: Floats, alpha: AlphaF32, place: tuple[int, int], keep: bool) -> tuple[Floats, float]:
    """The region of a click on the small copy.

    Args:
        features: float32 ``(h, w, 4)``.
        alpha: float32 ``(h, w)``, 0 to 1.
        place: row and column of the click.
        keep: whether the region is added to the subject; otherwise it is removed.

    Returns:
        The probability that each pixel belongs with the click, float32 ``(h, w)``, 0 to 1, and the level at which the
        region ends.
    """
    height, width = alpha.shape
    side = 1 - alpha if keep else alpha
    if not keep:
        component = component_at(alpha > 0.2, place)
        if 0 < alpha[component].sum() < DETACHED * alpha.sum():
            return component.astype(np.float32), 0.5
    zone, core = side > _FRINGE, side >= 0.5
    zone[place] = core[place] = True
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    diagonal = float(np.hypot(height, width))
    distance = np.hypot(rows - place[0], columns - place[1])
    smoothed = [box_mean(plane, 1) for plane in np.moveaxis(features, -1, 0)]
    position = [columns * (POSITION_WEIGHT / diagonal), rows * (POSITION_WEIGHT / diagonal)]
    points = np.dstack([*smoothed, *position])
    similarity = np.exp(((points - points[place]) ** 2).sum(-1) / (-2 * EXAMPLE_STD**2))
    certain = core & (distance <= max(1.0, SEED_RADIUS / 2 * diagonal)) & (similarity > 0.5)
    certain[place] = True
    examples = np.where(core & (distance <= max(1.0, SEED_RADIUS * diagonal)), similarity, 0)
    examples[place] = 1
    laplacian = _walker_laplacian(features, zone)
    probability, level = np.zeros_like(alpha), 1.0
    # The second iteration takes its examples from the region that the first one found.
    for iteration in (1, 2):
        likelihood = _likelihood(points, zone, core, examples)
        prior = np.where(certain, 1, likelihood).astype(np.float32)
        start = prior if iteration == 1 else probability
        solved = linear_system.solve(laplacian, start, prior, zone & ~certain, PRIOR_WEIGHT)
        probability = np.clip(np.where(zone, solved, 0), 0, 1)
        level = _steepest_level(probability, zone, side, place, MAX_CHANGE[keep])
        component = component_at(probability > level, place)
        probability = np.where(component | (probability <= level), probability, 0).astype(np.float32)
        examples = np.where(component & (distance <= 6 * SEED_RADIUS * diagonal * iteration), probability, 0)
        examples[place] = 1
    return probability, level


def _walker_laplacian(features: Floats, zone: Mask) -> linear_system.Planes:
    """The random walker's Laplacian over the zone: a step is the more probable, the more similar two neighbours are."""
    planes: linear_system.Planes = {}
    for offset in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here, there = linear_system.halves(offset, zone.shape)
        difference = ((features[here] - features[there]) ** 2).sum(-1)
        plane = np.zeros(zone.shape, np.float32)
        plane[here] = -(np.exp(-EDGE_WEIGHT * difference) + 1e-4) / np.hypot(*offset) * (zone[here] & zone[there])
        planes[offset] = plane
    return linear_system.balance(planes)


def _likelihood(points: Floats, zone: Mask, core: Mask, examples: Floats) -> Floats:
    """How much likelier a pixel of the zone is among the examples than on its side; float32 ``(h, w)``, 0 to 1."""
    inside = points[zone]
    weights = examples[zone]
    chosen = _evenly_spaced(np.flatnonzero(weights > 0.3))
    example_density = _density(inside, inside[chosen], weights[chosen])
    others = _evenly_spaced(np.flatnonzero(core[zone]))
    ratio = example_density / (_density(inside, inside[others], np.ones(others.size, np.float32)) + 1e-6)
    result = np.zeros(zone.shape, np.float32)
    # The side holds the region too, so the ratio is highest where only the region lies.
    result[zone] = np.clip(ratio / max(float(np.median(ratio[chosen])), 1e-6), 0, 1)
    return result


def _evenly_spaced(indices: Integers) -> Integers:
    """At most `_MAX_SAMPLES` of the indices, evenly spaced, and so the same ones every time."""
    if indices.size <= _MAX_SAMPLES:
        return indices
    return np.asarray(indices[np.linspace(0, indices.size - 1, _MAX_SAMPLES).astype(int)])


def _density(points: Floats, examples: Floats, weights: Floats) -> Floats:
    """The weighted mean of Gaussian kernels around the examples, at each of the points: float32 ``(n,)``."""
    scaled, centres = points / np.float32(KERNEL_STD), examples / np.float32(KERNEL_STD)
    exponent = scaled @ centres.T
    exponent -= 0.5 * (scaled**2).sum(1)[:, None]
    exponent -= 0.5 * (centres**2).sum(1)[None]
    kernels = np.exp(np.minimum(exponent, 0, out=exponent), out=exponent)
    return np.asarray(kernels @ (weights / weights.sum()).astype(np.float32))


def _steepest_level(probability: Floats, zone: Mask, side: AlphaF32, place: tuple[int, int], limit: float) -> float:
    """The level along whose outline the probability falls most steeply, among those whose region is not too large."""
    best, chosen = -1.0, float(_LEVELS[-1])
    for level in _LEVELS:
        region = component_at(probability > level, place)
        if not region[place] or side[region].sum() > limit * side.sum():
            continue
        steps, count = 0.3, 3  # an outline of a few pixels proves little
        for offset in ((0, 1), (1, 0)):
            here, there = linear_system.halves(offset, zone.shape)
            outline = (region[here] != region[there]) & zone[here] & zone[there]
            steps += float(np.abs(probability[here] - probability[there])[outline].sum())
            count += int(np.count_nonzero(outline))
        score = steps / count * float(region.mean()) ** SIZE_EXPONENT
        if score > best:
            best, chosen = score, float(level)
    return chosen
