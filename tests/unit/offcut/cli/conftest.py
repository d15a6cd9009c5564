"""The command in this process, with a network that finds its subject in the left half."""

import json
from hashlib import sha256

import numpy
import onnx
import pytest
from onnx import TensorProto, helper

from offcut.cli import main
from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import path_of
from tests.unit.offcut.fakes import PIECES, FakeSession, catalogue_data, elsewhere, left_half
from tests.unit.offcut.samples import save, scene


@pytest.fixture
def models(tmp_path_factory):
    """A folder with a catalogue and pieces that are no network."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "chunks").mkdir()
    (folder / "catalogue.json").write_text(json.dumps(catalogue_data()), "utf-8")
    for chunk, piece in zip(read_catalogue(catalogue_data()).model().chunks, PIECES, strict=True):
        (folder / path_of(chunk)).write_bytes(piece)
    return folder


@pytest.fixture
def runs(monkeypatch) -> list[str]:
    """What the network was asked to do."""
    events: list[str] = []

    class Network(FakeSession):
        def __init__(self, model, data, threads=None):
            super().__init__(model, events, left_half)

    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)
    return events


@pytest.fixture
def offcut(models, runs, tmp_path, monkeypatch, capfdbinary):
    """Run the command in an empty folder; returns the exit status, standard output and the lines of standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OFFCUT_MODELS", str(models))

    def run(*arguments):
        status = elsewhere(main, [str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out, err.decode().splitlines()

    return run


@pytest.fixture
def photo(tmp_path):
    (tmp_path / "photo.png").write_bytes(save(scene(), "PNG"))
    return tmp_path / "photo.png"


@pytest.fixture
def real_models(tmp_path):
    """A network that finds its subject in the left half, for the real runtime."""
    left = numpy.zeros((1, 1, 4, 8), numpy.float32)
    left[..., :4] = 1
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1], keepdims=1),
            helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
            helper.make_node("Add", ["nothing", "left"], ["alpha"]),
        ],
        "left",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 4, 8])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, 4, 8])],
        [onnx.numpy_helper.from_array(numpy.float32(0), "zero"), onnx.numpy_helper.from_array(left, "left")],
    )
    data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    listed = catalogue_data()
    digest = sha256(data).hexdigest()
    listed["models"]["one"] |= {
        "bytes": len(data),
        "sha256": digest,
        "chunks": [{"sha256": digest, "bytes": len(data)}],
    }
    del listed["models"]["two"]
    (tmp_path / "real" / "chunks").mkdir(parents=True)
    (tmp_path / "real" / "catalogue.json").write_text(json.dumps(listed), "utf-8")
    (tmp_path / "real" / "chunks" / f"{digest}.bin").write_bytes(data)
    return tmp_path / "real"
