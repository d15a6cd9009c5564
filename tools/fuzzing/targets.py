"""The targets: what is done with an input, and which errors are right.

Everything but the errors that a function documents is a finding, and so is a hang. Run as a module this is the process
that atheris drives; it ends when atheris does.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

MAX_PIXELS = 1_000_000
MAX_NETWORK_BYTES = 3e9

Target = Callable[[bytes], None]


class Choices:
    """Makes choices of the bytes of an input, one after the other; where they end it chooses the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` - 1."""
        size = max(1, (max(limit - 1, 1).bit_length() + 7) // 8)
        value = int.from_bytes(self.bytes(size), "little")
        return value % limit if limit else 0

    def bytes(self, count: int) -> bytes:
        """Return the next bytes, perhaps fewer."""
        found = self._data[self._at : self._at + count]
        self._at += count
        return found

    @property
    def are_left(self) -> bool:
        """Whether the input has not ended."""
        return self._at < len(self._data)


_STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 255, 256, 1 << 31, 1 << 63, 1 << 64, -(1 << 63), 10**400, 0.5, -0.0, 1e-300, 1e300,
    float("nan"), float("inf"), float("-inf"), "", "a", "\0", "\ud800", "#fff", "rgb(1,2,3)", "😀" * 99, [], [[]],
    [None], [0, 0, 1], {}, {"kind": "image"}, {"": {}},
)  # fmt: skip


def altered(choices: Choices, value: Any, depth: int = 0) -> Any:
    """Return plain data with some of its parts left out, doubled, renamed, or replaced by strange ones."""
    match choices.below(8) if choices.are_left else 0:
        case 1:
            return copy.deepcopy(_STRANGE[choices.below(len(_STRANGE))])
        case 2 if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value + choices.below(1 << 16) - (1 << 15)
        case 3 if isinstance(value, str):
            return value + choices.bytes(4).decode("latin-1")
        case 4 if isinstance(value, list) and value:
            return value * choices.below(5)
        case 5 if isinstance(value, dict) and value:
            left_out = sorted(value)[choices.below(len(value))]
            value = {key: inner for key, inner in value.items() if key != left_out}
        case 6 if isinstance(value, dict) and value:
            renamed = sorted(value)[choices.below(len(value))]
            value = {(key + "x" if key == renamed else key): inner for key, inner in value.items()}
        case 7:
            return value
    if depth > 6:
        return value
    if isinstance(value, dict):
        return {key: altered(choices, inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [altered(choices, inner, depth + 1) for inner in value[:40]] + value[40:]
    return value


def codecs() -> Target:
    """Image files: a photo, or refused."""
    from offcut.codecs import decode
    from offcut.errors import OffcutError
    from offcut.memory_budget import Budget

    def target(data: bytes) -> None:
        try:
            photo = decode(data, Budget(MAX_PIXELS))
        except OffcutError:
            return
        assert photo.image.mode == "RGB" and 0 < photo.image.width * photo.image.height <= MAX_PIXELS
        assert photo.alpha is None or photo.alpha.size == photo.size
        photo.image.tobytes()

    return target


def catalogue() -> Target:
    """The catalogue of models: read, or the two errors that say that it is malformed."""
    from offcut.errors import OptionError
    from offcut.models.catalogue import read_catalogue

    chunk = {"sha256": "0" * 64, "bytes": 9}
    file = {"bytes": 9, "sha256": "0" * 64, "chunks": [chunk, chunk]}
    model = file | {
        "title": "One",
        "tier": "fast",
        "licence": {"code": "MIT", "weights": "MIT", "training_data": "none"},
        "input": {"name": "image", "size": [8, 4], "layout": "NCHW", "step": 2},
        "resize": {"rule": "squash", "kernel": "bilinear", "margin": 1},
        "normalisation": {"scale": "255", "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.1]},
        "output": {"name": "alpha", "alpha": "identity"},
        "variants": {"webgpu": file},
    }
    seed = {"format": 1, "default": "one", "models": {"one": model, "two": model}}

    def target(data: bytes) -> None:
        try:
            read = read_catalogue(altered(Choices(data), seed))
        except (KeyError, ValueError):
            return
        try:
            read.model().variant("webgpu")
            read.model("two")
            read.starting_small()
        except OptionError:
            return

    return target


def network() -> Target:
    """ONNX files of strangers: examined, or refused with a sentence."""
    from offcut.errors import NetworkError
    from offcut.models.own.checks import inspect
    from offcut.models.own.description import examine, read

    def target(data: bytes) -> None:
        try:
            found = inspect(io.BytesIO(data))
            examined = examine(found, MAX_NETWORK_BYTES)
        except NetworkError:
            return
        for description in examined.descriptions.values():
            with contextlib.suppress(NetworkError):
                assert read(description.plain(), found, MAX_NETWORK_BYTES) == description

    return target


def work() -> Target:
    """Saved work: restored, and then every step can be undone and redone; or the error that says that it is damaged."""
    from offcut.codecs import Photo
    from offcut.editing.document import Document
    from offcut.editing.operations import read_operation
    from offcut.editing.persistence import document_of, image_of, manifest_of, parts_of
    from offcut.editing.settings import Settings
    from offcut.errors import WorkDamagedError
    from offcut.pipeline import Provenance

    width, height = 300, 40
    photo = Photo(Image.new("RGB", (width, height), "teal"))

    def edited() -> Document:
        alpha = np.zeros((height, width), np.uint8)
        alpha[10:30, 50:200] = 255
        document = Document(photo.rgb, None, alpha, Provenance("one", "Number One", "wasm", 2))
        for x in (20, 260):
            given = {"kind": "stroke", "mode": "restore", "size": 30, "points": [x, 20, 1, x + 9, 25, 0.5]}
            document.apply(read_operation(given, document.size))
        document.change(Settings.read({"edges": {"grow": 2}, "background": {"kind": "colour", "colour": "#123"}}))
        document.goto(2)
        return document

    document = edited()
    manifest, parts = (
        json.loads(json.dumps(manifest_of(document))),
        {k: make() for k, make in parts_of(document).items()},
    )

    def target(data: bytes) -> None:
        choices = Choices(data)
        given = altered(choices, manifest)
        some = dict(parts)
        for name in sorted(some):
            some[name] = _part_altered(choices, some[name])
        try:
            image_of(given, {1, 2})
            restored = document_of(photo, given, some)
        except WorkDamagedError:
            return
        except (AttributeError, TypeError):
            if not isinstance(given, dict):  # `works` hands over what it has read as an object
                return
            raise
        for position in (0, 99, 1):
            restored.goto(position)
        assert restored.finished.shape == (height, width)
        manifest_of(restored)
        for make in parts_of(restored).values():
            make()

    return target


def _part_altered(choices: Choices, part: bytes) -> bytes:
    """Change the head of a part, which is JSON, or bytes of it, so that its lengths still fit mostly."""
    match choices.below(6) if choices.are_left else 0:
        case 1:
            at = choices.below(len(part))
            return part[:at] + choices.bytes(3) + part[at + 3 :]
        case 2:
            return part[: choices.below(len(part))]
        case 3 if part[4:5] == b"{":
            length = int.from_bytes(part[:4], "little")
            head = json.dumps(altered(choices, json.loads(part[4 : 4 + length]))).encode()
            return len(head).to_bytes(4, "little") + head + part[4 + length :]
        case 4:
            import zlib

            return zlib.compress(bytes(choices.below(1 << 20)))
    return part


def protocol() -> Target:
    """Operations, settings and options from the page: taken, or refused with a sentence."""
    from offcut.editing.document import Document
    from offcut.editing.operations import KINDS, read_operation
    from offcut.editing.settings import Settings
    from offcut.errors import OffcutError
    from offcut.options import Options
    from offcut.pipeline import Provenance

    size = (60, 40)
    points = [10, 20, 1, 30, 25, 0.5]
    operations: list[dict[str, Any]] = [
        {"kind": "stroke", "mode": "erase", "size": 9, "softness": 0.5, "opacity": 0.5, "points": points},
        {"kind": "smart", "size": 9, "points": points},
        {"kind": "region", "mode": "keep", "x": 20, "y": 20, "tolerance": 0.2},
        {"kind": "point", "mode": "keep", "x": 20, "y": 20},
        {"kind": "specks", "pixels": 9},
        {"kind": "holes", "pixels": 9},
        {"kind": "box", "box": [1, 2, 30, 40]},
        *({"kind": kind} for kind in KINDS),
    ]
    settings = {
        "edges": {"grow": 2, "feather": 1, "contrast": 0.5, "decontaminate": False},
        "background": {"kind": "gradient", "from": "#fff", "to": "#000", "angle": 90, "fit": "cover", "x": 0, "y": 1},
        "shadow": {"drop": {"direction": 1, "distance": 2, "blur": 3, "opacity": 1}, "contact": {"blur": 1}},
        "placement": {"x": 1, "y": 2, "scale": 1, "rotate": 3},
        "canvas": {"width": 9, "height": 9, "crop": True, "fit": "none", "margin": 0.1},
    }
    options = {"model": "one", "format": "png", "quality": 90, "background": "#fff", "refine": 0.5, "output": "mask"}
    rgb = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)

    def target(data: bytes) -> None:
        choices = Choices(data)
        alpha = np.zeros(size[::-1], np.uint8)
        alpha[10:30, 20:40] = 255
        document = Document(rgb, None, alpha, Provenance("one", "Number One", "wasm", 2))
        with contextlib.suppress(OffcutError):
            document.change(Settings.read(altered(choices, settings)))
        with contextlib.suppress(OffcutError):
            Options.read(altered(choices, options))
        while choices.are_left:
            with contextlib.suppress(OffcutError):
                document.apply(read_operation(altered(choices, operations[choices.below(len(operations))]), size))
        document.goto(0)

    return target


def seeds() -> dict[str, list[bytes]]:
    """Return inputs to begin with, by target: small files of every format. The others begin with sound data anyway."""
    picture = Image.effect_noise((24, 16), 90).convert("RGB")
    files = []
    for kind, options in (
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("BMP", {}),
        ("AVIF", {}),
    ):
        buffer = io.BytesIO()
        try:
            picture.save(buffer, kind, **options)
        except (KeyError, OSError):  # AVIF is not in every Pillow
            continue
        files.append(buffer.getvalue())
    return {"codecs": files, "network": [_small_network(kind) for kind in ("Relu", "Sigmoid")]}


def _small_network(kind: str) -> bytes:
    """Return a sound ONNX file of a few layers."""
    import onnx
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("MaxPool", ["a"], ["b"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Resize", ["b", "", "scales"], ["c"]),
        helper.make_node("Concat", ["a", "c"], ["d"], axis=1),
        helper.make_node("Slice", ["d", "zero", "one", "one"], ["e"]),
        helper.make_node(kind, ["e"], ["y"]),
    ]
    weights = {
        "w": np.ones((2, 3, 3, 3), np.float32),
        "scales": np.array([1, 1, 2, 2], np.float32),
        "zero": np.array([0]),
        "one": np.array([1]),
    }
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "h", "w"])],
        [onnx.numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def presets() -> Target:
    """Files of presets, and the recipes in them: looks that can be written down again, or refused with a sentence.

    No recipe runs.
    """
    from offcut.editing.presets import read_presets
    from offcut.errors import OffcutError
    from offcut.protocol.presets import VERSION

    look = {
        "background": {"kind": "gradient", "from": "#102030", "to": "red", "angle": 30},
        "border": {"width": 0.05, "colour": "#00ff00"},
        "canvas": {"fit": "head", "head_top": 0.1, "head_height": 0.7, "width": 413, "height": 531, "dpi": 300},
        "shadow": {"drop": {"direction": 90, "distance": 0.1, "blur": 0.02, "opacity": 1}},
        "format": "webp",
        "quality": 80,
        "max_bytes": 100_000,
        "recipe": {"name": "a.py", "source": "def finish(cutout, original, info): return cutout"},
    }
    second = {**look, "background": {"kind": "blur", "strength": 0.3}, "canvas": {"crop": True, "margin": 0.1}}
    seed = {"offcut": VERSION, "presets": [{"name": "One", "look": look}, {"name": "Two", "look": second}]}

    def target(data: bytes) -> None:
        choices = Choices(data)
        text = json.dumps(altered(choices, seed))
        if choices.below(4) == 1:
            at = choices.below(len(text))
            text = text[:at] + choices.bytes(3).decode("latin-1") + text[at + 3 :]
        try:
            looks = read_presets(text)
        except OffcutError:
            return
        entries = [{"name": name, "look": one.plain()} for name, one in looks.items()]
        again = read_presets(json.dumps({"offcut": VERSION, "presets": entries}))
        assert [{"name": name, "look": one.plain()} for name, one in again.items()] == entries

    return target


TARGETS: dict[str, Callable[[], Target]] = {
    "codecs": codecs,
    "catalogue": catalogue,
    "network": network,
    "work": work,
    "protocol": protocol,
    "presets": presets,
}


def main(name: str, arguments: list[str]) -> None:
    """Drive a target. Does not return."""
    import atheris

    with atheris.instrument_imports(include=["offcut"]):
        target = TARGETS[name]()
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
