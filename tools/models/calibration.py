"""Find the ranges of a network's activations on photos, for `tools.models.quantise`.

The range of an activation is that of two percentiles of a sample of its values over all photos (see `models/ranges/`).
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import numpy
import onnx
import onnxruntime
from PIL import Image

from bench.quality import photos
from offcut.inference.preprocess import prepare
from offcut.models.catalogue import Model, read_catalogue
from tools.errors import ToolError
from tools.files import write_file
from tools.models.catalogue import Entry, load
from tools.models.graph import reduce
from tools.models.sizes import free
from tools.paths import ROOT
from tools.progress import show_progress

TAIL = 0.005
"""Percent of the values left out at either end: of outliers, that would take most of the 256 steps. An entry may say
otherwise (`tail`)."""

SAMPLE = 60_000
"""Values sampled from each activation and photo."""

AT_ONCE = 100
"""Activations asked of one run: all of them would take gigabytes."""

SEED = 2026


def calibrate(folder: Path, ids: list[str], count: int) -> None:
    """Write the ranges of these models, found on the first, last and evenly between of the photos of each set."""
    entries = load().choose(ids)
    for entry in entries:
        if not entry.activations:
            raise ToolError(f"The model {entry.id} has no 8-bit activations, so it needs no ranges.")
    chosen = _choose(photos.find(folder), count)
    for entry in entries:
        print(f"Running the model {entry.id} over {len(chosen)} photos …", flush=True)
        tail = entry.activations.get("tail", TAIL)
        ranges = _ranges(entry, chosen, tail)
        width, height = entry.size
        about = (
            f"Ranges of the activations of {entry.data['title']}, "
            f"{width} x {height}{' at most' if entry.step else ''}: "
            f"{'the extremes' if not tail else f'the {tail} and {100 - tail} percentiles'} over {len(chosen)} "
            "development photos."
        )
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(pair)}" for name, pair in ranges.items())
        write_file(entry.ranges, f'{{\n "about": {json.dumps(about)},\n "ranges": {{\n{lines}\n }}\n}}\n'.encode())


def _choose(found: list[photos.Photo], count: int) -> list[photos.Photo]:
    chosen = []
    for _, photos_of_set in groupby(found, key=lambda photo: photo.set):
        group = list(photos_of_set)
        chosen += [group[index] for index in sorted({round(at) for at in numpy.linspace(0, len(group) - 1, count)})]
    return chosen


def _ranges(entry: Entry, chosen: list[photos.Photo], tail: float) -> dict[str, list[float]]:
    network = onnx.load_from_string(reduce((ROOT / entry.source).read_bytes(), entry))
    if entry.step:
        free(network)
    quantised = [node for node in network.graph.node if node.op_type in entry.activations["operators"]]
    # Others' results, too, where one of these reads them.
    wanted = {name for node in quantised for name in (*node.input, *node.output)}
    names = [name for node in network.graph.node for name in node.output if name in wanted]
    session = _session(network, names)
    model = _model(entry)
    samples: dict[str, list[numpy.ndarray]] = {name: [] for name in names}
    random = numpy.random.default_rng(SEED)
    done = 0
    with show_progress(lambda: f"{done} of {len(chosen)} photos"):
        for photo in chosen:
            tensor, _ = prepare(Image.fromarray(photo.colours()), model)
            for start in range(0, len(names), AT_ONCE):
                asked = names[start : start + AT_ONCE]
                for name, values in zip(asked, session.run(asked, {entry.input_name: tensor}), strict=True):
                    step = max(1, values.size // SAMPLE)
                    samples[name].append(values.ravel()[random.integers(step) :: step].copy())
            done += 1
    found = {entry.input_name: _limits(model)}
    for name in names:
        low, high = numpy.percentile(numpy.concatenate(samples[name]), (tail, 100 - tail))
        found[name] = [_short(low), _short(high)]
    return found


def _session(network: onnx.ModelProto, names: list[str]) -> onnxruntime.InferenceSession:
    known = {value.name for value in network.graph.output}
    network.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names if name not in known
    )
    options = onnxruntime.SessionOptions()
    # As it is: joining layers would take the activations between them away.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _model(entry: Entry) -> Model:
    nothing = {"bytes": 0, "sha256": "", "chunks": []}
    return read_catalogue({"format": 1, "default": entry.id, "models": {entry.id: entry.shown() | nothing}}).model()


def _limits(model: Model) -> list[float]:
    """Return the smallest and largest value an input can have."""
    ends = [
        ((level - mean) / deviation)
        for mean, deviation in zip(model.mean, model.std, strict=True)
        for level in (0.0, 1.0)
    ]
    return [_short(min(ends)), _short(max(ends))]


def _short(value: float) -> float:
    """Round to four digits: the file is read by people too, and a step is a 255th of the range."""
    return float(f"{value:.4g}")
