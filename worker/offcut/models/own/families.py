"""The families of networks that people bring, how their authors prepare a photo, and telling which one a file is of.

docs/own-networks.md names the source of each number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from offcut.models.own.checks import Network
from offcut.models.own.onnx_file import Graph, Layer
from offcut.models.own.shapes import names

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of the photos that most encoders were trained with."""


@dataclass(frozen=True)
class Family:
    """How a family's networks take a photo and give an alpha."""

    side: int
    """Of the input, where the file leaves it free."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    scale: str = "255"
    """What pixel values are divided by: ``"max"``, the photo's own maximum, or ``"255"``."""

    kernel: str = "bilinear"
    alpha: str = "identity"
    """How a map that is 0 to 1 already becomes the alpha: ``"identity"`` or ``"minmax"``."""

    step: int = 0
    """What the sides are multiples of where they follow the photo's shape; 0 where they do not."""

    short_side: int = 0
    last: bool = False
    """Whether the finest of several maps is the last one, not the first."""


FAMILIES = {
    "u2net": Family(320, *IMAGENET, scale="max", kernel="bicubic", alpha="minmax"),
    "isnet": Family(1024, (0.5,) * 3, (1.0,) * 3),
    "rmbg-1.4": Family(1024, (0.5,) * 3, (1.0,) * 3, alpha="minmax"),
    "birefnet": Family(1024, *IMAGENET, last=True),  # and RMBG-2.0, which is one
    "modnet": Family(1024, (0.5,) * 3, (0.5,) * 3, kernel="bicubic", step=32, short_side=512),
    "other": Family(512, *IMAGENET),
}

_NAMES = (
    ("birefnet", "birefnet"),
    ("rmbg-2", "birefnet"),
    ("rmbg2", "birefnet"),
    ("rmbg_2", "birefnet"),
    ("rmbg", "rmbg-1.4"),
    ("u2net", "u2net"),
    ("silueta", "u2net"),
    ("isnet", "isnet"),
    ("modnet", "modnet"),
)
"""Parts of file names, the more particular ones first."""

_U_NET = names(
    "Add BatchNormalization Cast Ceil Concat Constant ConstantOfShape Conv Div Equal Expand Floor Gather Identity "
    "MaxPool Mul Pad Relu Reshape Resize Shape Sigmoid Slice Squeeze Sub Unsqueeze Upsample Where"
)
"""What networks of the U²-Net kind are made of: U²-Net, IS-Net and RMBG-1.4."""

_PASSES_ON = names("Cast Concat Gather Identity Reshape Resize Slice Split Squeeze Transpose Unsqueeze Upsample")
"""Operators whose results are no larger or smaller than what they are made of."""

_BOUNDED = names("Clip HardSigmoid Sigmoid Softmax")


def family_of(network: Network, maps: dict[str, int], name: str = "") -> str:
    """Return the family that a network is most likely of: a key of `FAMILIES`.

    The layers tell most, then the name of the file, then those of input and output.

    Args:
        network: from `checks.inspect`.
        maps: its outputs that can be an alpha.
        name: of the file.
    """
    kinds = Counter(layer.kind for layer in network.file.graph.layers)
    if kinds["Softmax"] >= 4 and kinds["MatMul"] >= 8:
        return "birefnet"  # the only one with attention
    if kinds["InstanceNormalization"] and kinds["Clip"] >= 10:
        return "modnet"
    named = next((family for part, family in _NAMES if part in name.lower()), "")
    if kinds["MaxPool"] >= 10 and set(kinds) <= _U_NET:
        return named if named in ("u2net", "isnet", "rmbg-1.4") else _u_net(network, maps)
    return named or _by_ports(network, maps)


def is_bounded(graph: Graph, output: str) -> bool:
    """Return whether an output is 0 to 1 by its last layers; a sigmoid makes it so where it is not."""
    makers: dict[str, Layer] = {name: layer for layer in graph.layers for name in layer.outputs}
    waiting, seen = [output], set()
    while waiting:
        name = waiting.pop()
        layer = makers.get(name)
        if name in seen or (layer and layer.kind in _BOUNDED):
            continue
        seen.add(name)
        if layer is None or layer.kind not in _PASSES_ON:
            return False
        waiting += layer.inputs if layer.kind == "Concat" else layer.inputs[:1]
    return True


def _u_net(network: Network, maps: dict[str, int]) -> str:
    side = network.size[0] or 0
    if side == 320 or (side < 512 and len(network.file.graph.outputs) == 7):
        return "u2net"
    return "rmbg-1.4" if list(maps) == ["output"] else "isnet"


def _by_ports(network: Network, maps: dict[str, int]) -> str:
    ports = (network.input.name, next(iter(maps)))
    outputs = len(network.file.graph.outputs)
    if network.size == (320, 320) and outputs in (1, 7):
        return "u2net"
    if ports in (("pixel_values", "alphas"), ("input_image", "output_image")):
        return "birefnet"
    if ports == ("input", "output") and network.size == (None, None):
        return "modnet"
    if ports == ("input", "output") and network.size == (1024, 1024):
        return "rmbg-1.4" if outputs == 1 else "isnet"
    return "other"
