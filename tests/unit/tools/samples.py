"""Small packages and networks for the tests of the tools."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper

MEMBERS = {"package/a.js": b"export const a = 1;\n", "package/LICENSE": b"Do <as> you please.\n"}
CATALOGUE = """
default = "tiny"
[models.tiny]
title = "Tiny & quick"
tier = "fast"
default_build = true
source = "vendor/models/tiny.onnx"
licence = { commercial = "Yes: https://example.org/terms.", code = "MIT", \
weights = "Apache-2.0", training_data = "<none>" }
input = { name = "image", size = [8, 4], layout = "NCHW" }
resize = { rule = "squash", kernel = "bilinear" }
normalisation = { scale = "255", mean = [0.5, 0.5, 0.5], std = [0.5, 0.5, 0.5] }
output = { name = "wanted", alpha = "identity" }
"""


MIT_TERMS = """Permission is hereby granted, free of charge, to <any> person.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT DEALINGS IN THE
SOFTWARE."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_archive(path: Path, members: dict[str, bytes]) -> bytes:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path.read_bytes()


def tiny_network(width: int | str = 8, height: int | str = 4) -> bytes:
    """Two outputs; `wanted` goes through a constant that can be folded, `unwanted` through a weight of its own."""
    weight = numpy.random.default_rng(0).standard_normal((1, 3, 3, 3)).astype("float32")
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["image", "weight"], ["convolved"], pads=[1, 1, 1, 1]),
            helper.make_node("Shape", ["image"], ["shape"]),
            helper.make_node("Size", ["shape"], ["size"]),
            helper.make_node("Cast", ["size"], ["four"], to=TensorProto.FLOAT),
            helper.make_node("Div", ["convolved", "four"], ["divided"]),
            helper.make_node("Sigmoid", ["divided"], ["wanted"]),
            helper.make_node("Mul", ["divided", "ballast"], ["unwanted"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, height, width])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("unwanted", "wanted")],
        [
            onnx.numpy_helper.from_array(weight, "weight"),
            onnx.numpy_helper.from_array(numpy.full((1, 1, 4, 8), 2, "float32"), "ballast"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString(deterministic=True)
