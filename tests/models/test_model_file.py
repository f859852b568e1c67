"""Model files: what they keep, and what is not saved."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.images.normalization import Preprocessing
from tenfold.models import Model, load_model
from tenfold.nn import Conv2D, Dense, Flatten, GlobalAveragePool, Network, Normalize, Residual
from tenfold.nn.initializers import HeNormal

from .small_model import IMAGES, model_without_defaults, small_network


def reloaded(model: Model, folder: Path) -> Model:
    model.save(folder / "model")
    return load_model(folder / "model")


def test_round_trip_keeps_every_field_and_every_bit(tmp_path: Path) -> None:
    model = model_without_defaults()
    again = reloaded(model, tmp_path)
    assert again.predict_batch(IMAGES).tobytes() == model.predict_batch(IMAGES).tobytes()
    assert [type(a) for a in again.network.layers] == [type(a) for a in model.network.layers]
    for field in dataclasses.fields(Model):
        if field.name != "network":
            assert getattr(again, field.name) == getattr(model, field.name), field.name


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    Model(small_network(), provenance={"z": 1, "a": 2}).save(tmp_path / "a")
    Model(small_network(), provenance={"a": 2, "z": 1}).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_other_input_shapes_classes_and_rows_of_outputs_are_kept(tmp_path: Path) -> None:
    layers = [Normalize(), Conv2D(1, 4, 3), Conv2D(4, 11, 1)]
    names = (*map(str, range(10)), "not a digit")
    again = reloaded(Model(Network(layers, input_shape=(32, 20, 1)), classes=names), tmp_path)
    assert (again.classes, again.preprocessing) == (names, None)
    assert again.network.shapes[-1] == (30, 18, 11)
    large = Network([Normalize(), Flatten(), Dense(40 * 40, 10)], input_shape=(40, 40, 1))
    again = reloaded(Model(large, preprocessing=Preprocessing(40, 30)), tmp_path)
    assert again.preprocessing == Preprocessing(40, 30)


def test_numpy_numbers_are_saved_as_plain_ones(tmp_path: Path) -> None:
    numbers: dict[str, Any] = {"seed": np.int64(7), "input_shape": tuple(np.array([28, 28, 1]))}
    fields: dict[str, Any] = {
        "test_time_shift": np.int64(1),
        "temperature": np.float32(0.5),
        "unsure_below": np.float32(0.75),
        "unsure_error": np.float64(0.5),
    }
    model = Model(Network([Flatten(), Dense(784, 10)], **numbers), **fields)
    again = reloaded(model, tmp_path)
    assert (again.test_time_shift, again.temperature) == (1, 0.5)
    assert (again.unsure_below, again.unsure_error) == (0.75, 0.5)
    assert (again.network.seed, again.network.input_shape) == (7, (28, 28, 1))


# What is not saved


class CustomDense(Dense):
    """A layer that is not part of tenfold.nn.layers."""


SameName = type("Dense", (Dense,), {})
SameInitializer = type("HeNormal", (HeNormal,), {})


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (Network([Flatten(), CustomDense(784, 10)]), "layer 1: .*CustomDense is not part of"),
        (Network([Flatten(), SameName(784, 10)]), "layer 1: .*Dense is not part of tenfold"),
        (
            Network([Flatten(), Dense(784, 10, initializer=SameInitializer())]),
            "layer 1: .*HeNormal is not part of",
        ),
        (
            Network([Residual([type("Conv2D", (Conv2D,), {})(1, 1, 1)]), GlobalAveragePool()]),
            "layer 0: .*Conv2D is not part of",
        ),
    ],
    ids=["other name", "same name", "initializer", "inside a block"],
)
def test_layers_of_other_modules_are_not_saved(
    tmp_path: Path, network: Network, message: str
) -> None:
    with pytest.raises(TenfoldError, match=message):
        Model(network).save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_not_saved(tmp_path: Path, value: float) -> None:
    network = small_network()
    network.theta.value[0] = value
    with pytest.raises(TenfoldError, match=r"the values of 2\.weight must be finite"):
        Model(network).save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("test_time_shift", 9, "test_time_shift must be"),
        ("temperature", 0, "temperature must be"),
        ("unsure_below", 0.5, "unsure_below and unsure_error must both be given"),
        ("classes", ["a"], "classes must be 10 different names"),
        ("classes", (), "classes must be 10 different names"),
        ("preprocessing", Preprocessing(30), "preprocessing must give"),
        ("provenance", None, "provenance must be a dict"),
        (
            "provenance",
            {"score": math.nan},
            r"provenance\['score'\] must be plain data .* float",
        ),
        (
            "provenance",
            {"when": IMAGES},
            r"provenance\['when'\] must be plain .* ndarray",
        ),
        ("provenance", {1: "a", "b": 2}, "not supported between"),
    ],
)
def test_fields_that_were_made_invalid_are_not_saved(
    tmp_path: Path, name: str, value: object, message: str
) -> None:
    model = Model(small_network())
    setattr(model, name, value)
    with pytest.raises(TenfoldError, match=f"cannot be saved.*{message}"):
        model.save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "value"), [("seed", -1), ("seed", 1.5), ("input_shape", (3,))])
def test_networks_that_were_made_invalid_are_not_saved(
    tmp_path: Path, name: str, value: object
) -> None:
    model = Model(small_network())
    setattr(model.network, name, value)
    with pytest.raises(TenfoldError, match="cannot be saved"):
        model.save(tmp_path / "model")
    assert not list(tmp_path.iterdir())
