"""Sites with networks small enough for a graphics processor made of software, and a Chromium that has one."""

from __future__ import annotations

import json
import shutil
import string
from collections.abc import Sequence
from pathlib import Path

from tools import site
from tools.hashing import hash_file
from tools.paths import VENDOR

SWIFTSHADER = (
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
)

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

STEERED = """
/* Put in front of what the worker imports first: the device can be lost when a test says so, or never be had, and the
   adapter can call itself something else. */
if (navigator.gpu) {
  const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
  navigator.gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(options);
    const requestDevice = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = async (wanted) => {
      if ($broken) throw new Error("this device cannot be had");
      const device = await requestDevice(wanted);
      new BroadcastChannel("graphics").onmessage = () => device.destroy();
      return device;
    };
    const vendor = $vendor;
    if (vendor) Object.defineProperty(adapter, "info", { value: { vendor, architecture: "", device: "", description: "" } });
    return adapter;
  };
}
"""


def tiny_network(seed: int) -> bytes:
    """Three convolutions of fixed random weights at 64 × 64 pixels."""
    import numpy
    import onnx
    from onnx import TensorProto, helper

    random = numpy.random.default_rng(seed)
    shapes = {"first": (8, 3, 3, 3), "second": (8, 8, 3, 3), "third": (1, 8, 3, 3)}
    weights = [
        onnx.numpy_helper.from_array(random.normal(0, 0.4, shape).astype("float32"), name)
        for name, shape in shapes.items()
    ]
    nodes = [
        helper.make_node("Conv", ["image", "first"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "second"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["d"]),
        helper.make_node("Conv", ["d", "third"], ["e"], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["e"], ["alpha"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, 64, 64])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString(deterministic=True)


def build_tiny(folder: Path, tiers: Sequence[str] = ("fast",)) -> Path:
    """The complete site with such networks alone: `tiny` for the first tier, then `tiny-TIER`."""
    vendor = folder / "root" / "vendor"
    (vendor / "models").mkdir(parents=True)
    for part in VENDOR.iterdir():
        if part.name != "models":
            (vendor / part.name).symlink_to(part)
    catalogue = folder / "catalogue.toml"
    with catalogue.open("w") as written:
        written.write('default = "tiny"\n')
        for seed, tier in enumerate(tiers, 3):
            id = f"tiny-{tier}" if seed > 3 else "tiny"
            (vendor / "models" / f"{id}.onnx").write_bytes(tiny_network(seed))
            written.write(string.Template(ENTRY).substitute(id=id, title=id.replace("-", " ").capitalize(), tier=tier))
    return site.build(folder / "site", catalogue_file=catalogue, vendor=vendor, built_models=folder / "models")


def steered(built: Path, copy: Path, *, broken: bool = False, vendor: str = "") -> Path:
    """A copy of a site whose graphics device is lost at `lose`, or cannot be had at all, or is of another vendor."""
    shutil.copytree(built, copy)
    module = copy / "vendor" / "pyodide" / "pyodide.mjs"  # which the worker runs before anything of ours
    front = string.Template(STEERED).substitute(broken=json.dumps(broken), vendor=json.dumps(vendor))
    module.write_text(front + module.read_text("utf-8"), "utf-8")
    # The service worker keeps no file that is not the one the list names.
    listing = copy / "files.json"
    listed = json.loads(listing.read_text("utf-8"))
    for file in listed["files"]:
        if file["path"] == "vendor/pyodide/pyodide.mjs":
            file.update(sha256=hash_file(module), bytes=module.stat().st_size)
    listing.write_text(json.dumps(listed), "utf-8")
    return copy


def lose(page) -> None:
    """Take the graphics device away."""
    page.evaluate("new BroadcastChannel('graphics').postMessage('lose')")
