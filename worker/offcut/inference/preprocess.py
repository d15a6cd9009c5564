"""Preprocessing: a photo as the network's input tensor, and the geometry to read its output."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from offcut.colour.spaces import ColourSpace, convert
from offcut.errors import InferenceError
from offcut.geometry import Box
from offcut.models.catalogue import Model

CLIP_MARGIN = 0.02
"""Outputs this near to 0 or 1 become 0 or 1, and the rest is stretched to fill the range. Networks hardly ever return
exactly 0 or 1: their last few hundredths lie as a haze over large parts of the background
(docs/measurements/haze.md)."""

KERNELS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True)
class Geometry:
    """Where the photo lies in the network's input."""

    photo: tuple[int, int]
    """Width and height of the photo in pixels."""

    input: tuple[int, int]
    """Width and height of the network's input in pixels."""

    box: Box
    """The photo within the input, in input pixels."""


def shaped(photo: tuple[int, int], size: tuple[int, int], step: int, short_side: int = 0) -> tuple[int, int]:
    """Return the input size for a network that takes any multiples of `step`: the photo's shape as nearly as possible.

    Bars around the photo would be computed for nothing.

    Args:
        photo: width and height of the photo.
        size: largest width and height of the input.
        step: what width and height of the input must be multiples of.
        short_side: of the input, as far as `size` allows; 0 for as large as `size` allows.
    """
    scale = min(side / given for side, given in zip(size, photo, strict=True))
    if short_side:
        scale = min(scale, short_side / min(photo))
    width, height = (
        min(side, max(1, round(given * scale / step)) * step) for side, given in zip(size, photo, strict=True)
    )
    return width, height


def fit(photo: tuple[int, int], size: tuple[int, int], rule: str, margin: int = 0) -> Geometry:
    """Place a photo in a network's input of `size`, with `margin` pixels of it left empty on every side.

    ``"squash"`` fills the rest and gives up the photo's shape, as most salient-object networks were trained;
    ``"letterbox"`` keeps the shape and centres the photo between bars.

    The photo always fills `Geometry.box` exactly, whatever rounding does to its shape, so that the way back is exact.
    """
    width, height = size
    inner_width, inner_height = width - 2 * margin, height - 2 * margin
    if rule == "letterbox":
        scale = min(inner_width / photo[0], inner_height / photo[1])
        inner_width = min(inner_width, max(1, round(photo[0] * scale)))
        inner_height = min(inner_height, max(1, round(photo[1] * scale)))
    left = (width - inner_width) // 2
    top = (height - inner_height) // 2
    return Geometry(photo, size, Box.of_size(inner_width, inner_height, left, top))


def prepare(image: Image.Image, model: Model, space: ColourSpace | None = None) -> tuple[np.ndarray, Geometry]:
    """Make the input tensor of `model` for an RGB `image`, in sRGB, which networks are trained with.

    Args:
        image: mode RGB.
        model: whose input it is to be.
        space: the colour space of the image; None for sRGB.

    Returns:
        The tensor, of the shape and type that the model takes, as a rule float32 ``(1, 3, height, width)``: pixels
        divided by the resized picture's maximum or by 255 (`Model.scale`), minus mean, divided by standard deviation;
        and the geometry. Bars and margins are zero, which after normalisation is the training set's mean colour, and
        equal to within a pixel on both sides.
    """
    size = model.input_size
    if model.input_step:
        size = shaped(image.size, size, model.input_step, model.input_short_side)
    geometry = fit(image.size, size, model.resize_rule, model.resize_margin)
    resized = image.resize(geometry.box.size, KERNELS[model.resize_kernel])
    pixels = convert(np.asarray(resized), space, None).astype(np.float32)
    # U²-Net's training divides by the picture's own maximum (data_loader.py, ToTensorLab), and so does rembg.
    full = max(float(pixels.max()), 1e-6) if model.scale == "max" else 255.0
    normalised = (pixels / np.float32(full) - np.array(model.mean, np.float32)) / np.array(model.std, np.float32)
    tensor = np.zeros((1, 3, geometry.input[1], geometry.input[0]), np.float32)
    tensor[0, :, *geometry.box.slices] = normalised.transpose(2, 0, 1)
    if model.input_layout == "NHWC":
        tensor = np.ascontiguousarray(tensor.transpose(0, 2, 3, 1))
    return tensor.astype(model.input_type, copy=False), geometry


def read_alpha(output: np.ndarray, geometry: Geometry, rule: str, channel: int = 0) -> np.ndarray:
    """Read a network's output as the coarse alpha of the photo.

    Args:
        output: float array whose last two axes are the input's height and width, or the two before the last.
        geometry: where the photo lies in it.
        rule: ``"minmax"`` stretches to 0..1 (U²-Net's `normPRED`), ``"identity"`` takes it as it is, ``"sigmoid"`` is
            for maps that are no alpha yet; after that the range from `CLIP_MARGIN` to 1 − `CLIP_MARGIN` becomes 0 to 1.
        channel: which of several maps is taken.

    Returns:
        float32 array of the photo's box within the input, 0 (background) to 1 (subject).

    Raises:
        InferenceError: the output has another size than the input, or contains NaN or infinity.
    """
    sides = geometry.input[::-1]
    if output.shape[-2:] != sides and output.shape[-3:-1] == sides:
        output = np.moveaxis(output, -1, -3)
    if output.shape[-2:] != sides:
        raise InferenceError(
            f"The network gave a map of {output.shape[-1]} × {output.shape[-2]} instead of "
            f"{geometry.input[0]} × {geometry.input[1]}. Reload the page or choose another model."
        )
    alpha = np.asarray(output, np.float32).reshape(-1, *sides)[channel, *geometry.box.slices]
    if not np.isfinite(alpha).all():
        raise InferenceError("The network gave no numbers on this device. Reload the page or choose another model.")
    if rule == "sigmoid":
        alpha = np.float32(1) / (np.float32(1) + np.exp(-np.clip(alpha, -60, 60)))
    if rule == "minmax":
        low, high = float(alpha.min()), float(alpha.max())
        # A flat map has no subject to stretch towards; stretching it would turn noise into a mask.
        if high - low > 1e-6:
            alpha = (alpha - low) / (high - low)
    stretched: np.ndarray = (alpha - np.float32(CLIP_MARGIN)) * np.float32(1 / (1 - 2 * CLIP_MARGIN))
    clipped: np.ndarray = np.clip(stretched, 0, 1)
    return clipped
