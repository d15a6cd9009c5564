"""What tests of several modules of the library need."""

import json

import pytest

from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import path_of
from tests.unit.offcut.fakes import PIECES, FakeSession, catalogue_data, left_half


@pytest.fixture
def left(monkeypatch, tmp_path_factory):
    """Networks find their subject in the left half, where it matters what is done with it and not what it is."""

    class Network(FakeSession):
        def __init__(self, model, data):
            super().__init__(model, [], left_half)

    models = tmp_path_factory.mktemp("models")
    catalogue = catalogue_data()
    catalogue["models"] |= {"u2netp": catalogue["models"]["one"], "isnet": catalogue["models"]["two"]}
    (models / "chunks").mkdir()
    (models / "catalogue.json").write_text(json.dumps(catalogue), "utf-8")
    for chunk, piece in zip(read_catalogue(catalogue).model().chunks, PIECES, strict=True):
        (models / path_of(chunk)).write_bytes(piece)
    monkeypatch.setenv("OFFCUT_MODELS", str(models))
    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)
