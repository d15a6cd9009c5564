"""8-bit arithmetic: the file that asks for it, and what follows from the answer."""

import numpy as np
import onnx
import pytest

from offcut.inference import onnx_native
from offcut.models.catalogue import File
from tests.unit.offcut.fakes import model

PLAIN, FAST = File(3, "a", ()), File(2, "b", (), reduced_precision=True)


@pytest.fixture
def answer(monkeypatch):
    def give(value):
        monkeypatch.setattr(onnx_native, "is_int8_exact", lambda: value)

    return give


def test_the_file_is_a_product_of_unsigned_and_signed_numbers():
    network = onnx.load_from_string(onnx_native._PRODUCT)
    onnx.checker.check_model(network, full_check=True)
    assert [node.op_type for node in network.graph.node] == ["MatMulInteger"]
    kinds = [value.type.tensor_type.elem_type for value in network.graph.input]
    assert kinds == [onnx.TensorProto.UINT8, onnx.TensorProto.INT8]


def test_a_processor_that_cuts_sums_off_is_not_exact(monkeypatch):
    class Saturating:
        def __init__(self, *_, **__):
            pass

        def run(self, _, inputs):
            pairs = inputs["a"].astype(int)[:, None, :] * inputs["b"].astype(int).T[None]
            return [np.minimum(pairs.reshape(16, 16, 32, 2).sum(-1), 32767).sum(-1)]

    monkeypatch.setattr(onnx_native.onnxruntime, "InferenceSession", Saturating)
    assert onnx_native.is_int8_exact.__wrapped__() is False


@pytest.mark.parametrize(("exact", "chosen"), [(True, FAST), (False, PLAIN)])
def test_only_an_exact_processor_computes_in_8_bits(answer, exact, chosen):
    answer(exact)
    both = model(variants={onnx_native.INT8: FAST, "cpu": PLAIN})
    assert onnx_native.fastest(both).sha256 == chosen.sha256


def test_a_model_without_that_file_runs_as_it_is(answer):
    answer(True)
    assert onnx_native.fastest(model(variants={"cpu": PLAIN})).sha256 == PLAIN.sha256
    assert onnx_native.fastest(model()) == model()
