"""The complete site with two networks that compute in milliseconds and find the same simple subject in every photo."""

from __future__ import annotations

import string
from pathlib import Path

from tools import site
from tools.paths import VENDOR

TINY, QUALITY = "tiny", "tiny-quality"
"""Ids of the networks: the first tier's, whose file is one chunk, and that of the best tier, which has several."""

ENTRY = """
[models.$id]
title = "$title"
tier = "$tier"
default_build = true
source = "vendor/models/$id.onnx"
licence = { commercial = "Yes.", code = "MIT", weights = "MIT", training_data = "None." }
input = { name = "image", size = [64, 64], layout = "NCHW" }
resize = { rule = "squash", kernel = "bilinear" }
normalisation = { scale = "255", mean = [0.5, 0.5, 0.5], std = [0.5, 0.5, 0.5] }
output = { name = "alpha", alpha = "minmax" }
half = { backends = ["webgpu-half"] }
"""

SUBJECTS = {TINY: (0.5, 0.6, 0.4, 0.44), QUALITY: (0.5, 0.52, 0.44, 0.5)}
"""Ellipses, as shares of the photo's width and height: middle and half axes."""

PADDING = 1400
"""Channels of a layer that is there for its weights alone: 1400 × 1400 of 4 bytes are two chunks of 4 MiB."""


def network(id: str) -> bytes:
    """Three convolutions of fixed random weights at 64 × 64 pixels, added to an ellipse, most of the answer."""
    import numpy
    import onnx
    from onnx import TensorProto, helper

    x0, y0, across, down = SUBJECTS[id]
    random = numpy.random.default_rng(list(SUBJECTS).index(id))
    y, x = (numpy.mgrid[:64, :64] + 0.5) / 64
    ellipse = 12 * numpy.clip(3 * (1 - numpy.hypot((x - x0) / across, (y - y0) / down)), -1, 1)
    weights = {
        "first": random.normal(0, 0.4, (8, 3, 3, 3)),
        "second": random.normal(0, 0.4, (8, 8, 3, 3)),
        "third": random.normal(0, 0.4, (1, 8, 3, 3)),
        "ellipse": ellipse[None, None],
    }
    nodes = [
        helper.make_node("Conv", ["image", "first"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "second"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["d"]),
        helper.make_node("Conv", ["d", "third"], ["e"], pads=[1, 1, 1, 1]),
        helper.make_node("Add", ["e", "ellipse"], ["f"]),
        helper.make_node("Sigmoid", ["f"], ["alpha"]),
    ]
    if id == QUALITY:
        weights |= {
            "widen": random.normal(0, 0.1, (PADDING, 3, 1, 1)),
            "padding": random.normal(0, 0.1 / PADDING, (PADDING, PADDING, 1, 1)),
            "narrow": random.normal(0, 0.1 / PADDING, (1, PADDING, 1, 1)),
        }
        nodes[5:5] = [
            helper.make_node("GlobalAveragePool", ["image"], ["g"]),
            helper.make_node("Conv", ["g", "widen"], ["h"]),
            helper.make_node("Conv", ["h", "padding"], ["i"]),
            helper.make_node("Conv", ["i", "narrow"], ["j"]),
            helper.make_node("Add", ["e", "j"], ["k"]),
        ]
        nodes[-2].input[0] = "k"
    graph = helper.make_graph(
        nodes,
        id,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, 64, 64])],
        [onnx.numpy_helper.from_array(values.astype("float32"), name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString(deterministic=True)


def build(folder: Path) -> Path:
    """Build it in `folder`."""
    vendor = folder / "root" / "vendor"
    (vendor / "models").mkdir(parents=True)
    for part in VENDOR.iterdir():
        if part.name != "models":
            (vendor / part.name).symlink_to(part)
    catalogue = folder / "catalogue.toml"
    with catalogue.open("w") as written:
        written.write(f'default = "{TINY}"\n')
        for name, tier in ((TINY, "fast"), (QUALITY, "quality")):
            (vendor / "models" / f"{name}.onnx").write_bytes(network(name))
            title = name.replace("-", " ").capitalize()
            written.write(string.Template(ENTRY).substitute(id=name, title=title, tier=tier))
    return site.build(folder / "site", catalogue_file=catalogue, vendor=vendor, built_models=folder / "models")
