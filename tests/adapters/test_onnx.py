"""ONNX files give the answers of the model, for every layer, in ONNX Runtime."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.adapters import TenfoldClassifier, export_onnx, onnx_bytes
from tenfold.adapters.onnx.layers import LAYERS
from tenfold.data import Dataset
from tenfold.errors import TenfoldError, UsageError
from tenfold.models import Model, find_model
from tenfold.nn import Conv2D, Dense, Flatten, Layer, Network, Normalize, ReLU, layers
from tenfold.nn.array import Array
from tests.adapters.random_models import images_for, model_of_row, models, rows
from tests.nn.contract import Row

OPSETS = (13, 17, 18, 21)


def run(content: bytes, images: Array) -> tuple[Array, Array, Array]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options)
    probabilities, digit, unsure = session.run(None, {"images": images})
    return probabilities, digit, unsure


def assert_same_answers(model: Model, content: bytes, images: Array) -> None:
    probabilities, digit, unsure = run(content, images)
    expected = model.predict(images)
    np.testing.assert_allclose(probabilities, expected.probabilities, atol=1e-5)
    best = np.sort(expected.probabilities, axis=1)
    clear = best[:, -1] - best[:, -2] > 1e-4
    assert np.array_equal(digit[clear], expected.digit[clear])
    threshold = 0 if model.unsure_below is None else model.unsure_below
    clear = np.abs(expected.confidence - threshold) > 1e-4
    assert np.array_equal(unsure[clear], expected.unsure[clear])
    assert [x.dtype.name for x in (probabilities, digit, unsure)] == ["float32", "int64", "bool"]


def test_every_layer_is_in_the_table() -> None:
    assert {kind.__name__ for kind in LAYERS} == {*layers.__all__} - {"Layer"}


@pytest.mark.parametrize("row", rows, ids=str)
def test_every_layer_gives_the_same_answers(row: Row) -> None:
    model = model_of_row(row)
    assert_same_answers(model, onnx_bytes(model), images_for(model, 4))


@settings(max_examples=15)
@given(models(), st.sampled_from(OPSETS), st.sampled_from([1, 2, 3, 7]))
def test_random_networks_give_the_same_answers(model: Model, opset: int, count: int) -> None:
    content = onnx_bytes(model, opset)
    onnx.checker.check_model(content, full_check=True)
    assert onnx.load_from_string(content).opset_import[0].version == opset
    assert_same_answers(model, content, images_for(model, count))


def test_the_bundled_model_gives_the_same_answers_in_batches_of_any_size(digits: Dataset) -> None:
    model = find_model("standard")
    content = onnx_bytes(model)
    for count in (1, 3, 60):
        assert_same_answers(model, content, digits.images[:count])
    small = Model(Network([Normalize(), Conv2D(1, 2, 5, stride=3), Flatten(), Dense(128, 10)]))
    assert_same_answers(small, onnx_bytes(small), digits.images[:500])
    images = np.concatenate([np.full((1, 28, 28, 1), 9, np.uint8), digits.images[:2]])
    assert run(content, images)[2].tolist() == [True, False, False]


def test_the_metadata_say_how_to_call_the_model() -> None:
    (entry,) = onnx.load_from_string(onnx_bytes(find_model("standard"))).metadata_props
    interface = json.loads(entry.value)
    assert entry.key == "tenfold"
    assert interface["input"] == {
        "shape": [28, 28, 1],
        "dtype": "uint8",
        "scale": "0 (background) to 255 (full ink)",
    }
    assert interface["classes"] == list("0123456789")
    assert interface["preprocessing"]["method"] == "mnist"
    assert (
        "paste it into 28 x 28 pixels at (int(15 - y), int(15 - x))"
        in (interface["preprocessing"]["steps"][-1])
    )
    assert interface["origin"]["recipe"] == "standard"
    assert interface["test_time_shift"] == 1


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    model = model_of_row(rows[0])
    export_onnx(model, tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").read_bytes() == onnx_bytes(model)


def test_a_classifier_of_features_is_exported() -> None:
    x = np.eye(6)[np.arange(30) % 6] + np.arange(6)
    classifier = TenfoldClassifier(hidden=(4,), epochs=2).fit(x, np.arange(30) % 3)
    content = onnx_bytes(classifier.model_)
    probabilities, *_ = run(content, classifier._scaler.transform(x).astype(np.float32))
    np.testing.assert_allclose(probabilities, classifier.predict_proba(x), atol=1e-5)


class Doubled(ReLU):
    """A layer of another program, derived from one of ours."""

    def forward(self, x: Array, training: bool = False) -> Array:
        return 2 * super().forward(x, training)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ([Normalize(), Flatten(), Doubled(), Dense(784, 3)], "layer Doubled cannot be exported to"),
        (
            [Normalize(), Conv2D(1, 3)],
            r"one vector of probabilities .*, got the shape \(26, 26, 3\)",
        ),
    ],
)
def test_what_has_no_form_is_refused_by_name(network: list[Layer], message: str) -> None:
    with pytest.raises(TenfoldError, match=message):
        onnx_bytes(Model(Network(network)))


@pytest.mark.parametrize("opset", [12, 99])
def test_other_opsets_are_refused(opset: int) -> None:
    with pytest.raises(UsageError, match=f"opset must be from 13 to .*, got {opset}"):
        onnx_bytes(model_of_row(rows[0]), opset)


def test_without_onnx_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(TenfoldError, match=r"the package onnx, .* pip install '\.\[onnx\]'"):
        onnx_bytes(model_of_row(rows[0]))
