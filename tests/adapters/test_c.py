"""C headers compile without warnings, and give the answers of the model."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiments.exported import c_answers, compiled
from hypothesis import given, settings

from tenfold.adapters import c_header, export_c
from tenfold.adapters.c.calls import literal
from tenfold.adapters.plan import rounded
from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    build,
    describe,
    initializers,
    layers,
)
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, ConvNet
from tests.adapters.random_models import images_for, models, with_random_state

ENDS = (GlobalMaxPool(), GlobalAveragePool(), Flatten())

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


def assert_same_answers(folder: Path, model: Model, weights: Any, images: Array) -> None:
    found = c_answers(model, images, folder, weights)
    expected = rounded(model, weights).predict(images)
    np.testing.assert_allclose(found.probabilities, expected.probabilities, atol=1e-5)
    best = np.sort(expected.probabilities, axis=1)
    clear = best[:, -1] - best[:, -2] > 1e-4
    assert np.array_equal(found.digit[clear], expected.digit[clear])
    threshold = 0 if model.unsure_below is None else model.unsure_below
    clear = np.abs(expected.confidence - threshold) > 1e-4
    assert found.unsure is not None
    assert np.array_equal(found.unsure[clear], expected.unsure[clear])


def model_for_bytes(model: Model) -> Model:
    """Return a model with Normalize as its first layer, or after Deskew."""
    described = [layer for layer in model.network.layers if not isinstance(layer, Normalize)]
    first: list[Layer] = [Normalize(mean=40, deviation=80)]
    if isinstance(described[0], Deskew):
        first = [Deskew(), *first]
        described = described[1:]
    tail = [fresh(layer) for layer in described]
    network = Network([*first, *tail], 2, input_shape=model.network.input_shape)
    model.network = with_random_state(network, 2)
    return model


def fresh(layer: Layer) -> Layer:
    """Return a new layer with the same settings."""
    modules = (layers, initializers)
    known = {name: getattr(module, name) for module in modules for name in module.__all__}
    made: Layer = build(describe(layer), known)
    return made


@needs_gcc
@settings(max_examples=4)
@given(models())
def test_random_networks_give_the_same_answers(scratch: Path, model: Model) -> None:
    model = model_for_bytes(model)
    assert_same_answers(scratch, model, "float32", images_for(model, 4))


@needs_gcc
@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_every_layer_gives_the_same_answers(tmp_path: Path, end: Layer) -> None:
    block = [Conv2D(3, 3, 4, padding="same"), Residual([GELU(), BatchNorm(3)]), Dropout()]
    network = [
        *(Deskew(), Normalize(), Conv2D(1, 2, 3, stride=2, padding=2), Tanh(), Sigmoid()),
        *(ConvMaxPool(2, 3, 2, padding="same"), BatchNorm(3), LeakyReLU(), Residual(block)),
        *(ReLU(), BatchNorm(3), MaxPool(2, 1), AveragePool(3, 2), fresh(end)),
    ]
    used = {type(layer).__name__ for layer in (*network, *block, GELU(), Dense(1, 1), *ENDS)}
    assert used == {*layers.__all__} - {"Layer"}
    shape = Network([*map(fresh, network)], input_shape=(24, 20, 1)).shapes[-1]
    network.append(Dense(shape[0], 4))
    made = with_random_state(Network([*map(fresh, network)], input_shape=(24, 20, 1)), 1)
    model = Model(made, test_time_shift=3, temperature=2.5)
    assert_same_answers(tmp_path, model, "float32", images_for(model, 5))


@needs_gcc
@pytest.mark.parametrize(
    ("recipe", "weights"),
    [("tiny", "float32"), ("tiny", "int8"), ("tiny", "int16"), ("quick", "int8")],
)
def test_networks_of_recipes_give_the_same_answers(
    tmp_path: Path, digits: Dataset, recipe: str, weights: str
) -> None:
    layout = RECIPES[recipe].architecture
    assert isinstance(layout, ConvNet)
    network = Network(layout.layers(), seed=1)
    network.recompute_statistics(digits.images[:100])
    model = Model(network, temperature=0.8, unsure_below=0.4, unsure_error=0.01)
    images = np.concatenate([np.full((1, 28, 28, 1), 9, np.uint8), digits.images[:9]])
    assert_same_answers(tmp_path, model, weights, images)


@needs_gcc
def test_a_wrong_weight_fails_the_self_test(tmp_path: Path) -> None:
    network = Network([Normalize(), Flatten(), Dense(12, 3)], input_shape=(4, 3, 1))
    model = Model(with_random_state(network, 1), classes=("a", '"b\\', "é?"))
    header = c_header(model)
    path = tmp_path / "digits.h"
    path.write_text(header, encoding="utf-8")
    assert compiled(tmp_path).returncode == 0
    assert subprocess.run([tmp_path / "digits"], input=b"", check=False).returncode == 0
    wrong = header.replace("tenfold_weight_0[36] = {\n", "tenfold_weight_0[36] = {\n1", 1)
    assert wrong != header
    path.write_text(wrong, encoding="utf-8")
    assert compiled(tmp_path).returncode == 0
    assert subprocess.run([tmp_path / "digits"], input=b"", check=False).returncode == 1


def test_float_literals_keep_all_digits() -> None:
    for value in (0.1, 1.0, -3.0, 1e-38, 1e10, 1 / 3):
        text = literal(value)
        assert text.endswith("f")
        assert set(text) & set(".e")
        assert np.float32(text[:-1]) == np.float32(value)


def test_equal_models_give_equal_headers(tmp_path: Path) -> None:
    network = Network([Normalize(), Flatten(), Dense(12, 3)], input_shape=(4, 3, 1))
    export_c(Model(network), tmp_path / "digits.h", "int8")
    assert (tmp_path / "digits.h").read_text("utf-8") == c_header(Model(network), "int8")


@pytest.mark.parametrize("first", [[Flatten()], [Normalize(mean=0.1, deviation=0.3), Flatten()]])
def test_networks_for_other_numbers_are_refused(first: list[Layer]) -> None:
    network = Network([*first, Dense(784, 10)])
    with pytest.raises(
        TenfoldError, match=r"pixels from 0 to 255, which begins with Normalize\(\)"
    ):
        c_header(Model(network))
