"""Classes of another program in files: registered explicitly, saved, loaded, and refused."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.models import Model, load_model
from tenfold.nn import (
    Dense,
    Describable,
    Flatten,
    Initializer,
    Layer,
    Loss,
    Network,
    Normalize,
    Optimizer,
    Residual,
    Schedule,
    SoftmaxCrossEntropy,
    register,
)
from tenfold.nn.array import Array
from tenfold.nn.description import registered
from tenfold.nn.parameter import ParameterVector
from tenfold.recipes import RECIPES, Recipe, apply_settings, recipe_from_json, recipe_to_json
from tenfold.training import Progress, TrainingState, fit, load_checkpoint, save_checkpoint

pytestmark = pytest.mark.usefixtures("no_registered_classes")


def only_registered(class_: type[Describable]) -> None:
    registered.clear()
    register(class_)


class Power(Layer):
    """y = x^exponent, without annotations."""

    def __init__(self, exponent=3):  # type: ignore[no-untyped-def]
        super().__init__()
        self.exponent = exponent

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.save_for_backward(x)
        return x**self.exponent

    def backward(self, dy: Array) -> Array:
        (x,) = self.pop_saved()
        return dy * self.exponent * x ** (self.exponent - 1)


@dataclass(frozen=True)
class Ramp(Initializer):
    """0, 1 / n, 2 / n, ..."""

    top: float = 1.0

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.linspace(0, self.top, int(np.prod(shape))).reshape(shape) / shape[0]


@dataclass(kw_only=True)
class SignDescent(Optimizer):
    """w <- w - rate * share * sign(g)."""

    share: float = 0.5
    names = ("last",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        theta.value -= learning_rate * self.share * np.sign(theta.grad)
        self.state["last"][...] = theta.grad


@dataclass(frozen=True)
class Halving(Schedule):
    """Half of the rate in the second half."""

    def factor(self, progress: float) -> float:
        return 1.0 if progress < 0.5 else 0.5


@dataclass(frozen=True)
class DoubledLoss(Loss):
    """Twice the cross-entropy."""

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        loss, gradient = SoftmaxCrossEntropy()(logits, labels)
        return 2 * loss, 2 * gradient


def network() -> Network:
    layers = [Flatten(), Dense(784, 8, Ramp(0.5)), Residual([Power(2)]), Dense(8, 10)]  # type: ignore[no-untyped-call]
    return Network([Normalize(), *layers], seed=3)


def own_recipe() -> Recipe:
    return replace(
        RECIPES["tiny"],
        optimizer=SignDescent(share=0.25),
        schedule=Halving(0.5),
        loss=DoubledLoss(),
    )


def test_a_registered_layer_and_initializer_survive_a_model_file(
    digits: Dataset, tmp_path: Path
) -> None:
    assert register(Power) is Power
    register(Ramp)
    model = Model(network())
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    loaded = again.network.layers[3]
    assert isinstance(loaded, Residual)
    assert isinstance(loaded.block[0], Power)
    assert loaded.block[0].exponent == 2
    images = digits.images[:20]
    np.testing.assert_array_equal(
        again.predict_probabilities(images), model.predict_probabilities(images)
    )


def test_saving_without_registration_says_how_to_register(tmp_path: Path) -> None:
    for names, missing in (((), "layer 2.*Ramp"), ((Ramp,), "layer 3.*Power")):
        for class_ in names:
            register(class_)
        with pytest.raises(
            TenfoldError,
            match=rf"{missing} is .*not registered: write @tenfold\.nn\.reg",
        ):
            Model(network()).save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_loading_without_registration_says_how_to_register(tmp_path: Path) -> None:
    register(Power)
    register(Ramp)
    Model(network()).save(tmp_path / "model")
    only_registered(Ramp)
    with pytest.raises(
        TenfoldError,
        match=r"contains the layer 'Power', which is neither .* nor registered: im",
    ):
        load_model(tmp_path / "model")
    only_registered(Power)
    with pytest.raises(TenfoldError, match="contains the initializer 'Ramp'"):
        load_model(tmp_path / "model")


def test_a_file_cannot_name_what_is_not_registered(tmp_path: Path) -> None:
    register(SignDescent)
    for name in ("SignDescent", "os.system", "tests.nn.test_registry.Power", "Network", "register"):
        description = [{"type": name}]
        tensors = Model(Network([Flatten(), Dense(784, 10)])).network.tensors()
        header = Model(Network([Flatten(), Dense(784, 10)])).to_header()
        with pytest.raises(ValueError, match=f"unknown layer '{name}'"):
            Model.from_header(header | {"layers": description}, tensors)


def test_a_recipe_of_registered_parts_survives_json_and_can_be_set() -> None:
    for class_ in (SignDescent, Halving, DoubledLoss):
        register(class_)
    recipe = own_recipe()
    again = recipe_from_json(json.loads(json.dumps(recipe_to_json(recipe))))
    assert again == recipe
    changed = apply_settings(RECIPES["tiny"], ["optimizer=SignDescent", "optimizer.share=0.75"])
    assert changed.optimizer == SignDescent(share=0.75)


def test_a_recipe_of_other_parts_is_neither_written_nor_read() -> None:
    with pytest.raises(TenfoldError, match=r"SignDescent is not part of .*@tenfold\.nn\.register"):
        recipe_to_json(own_recipe())
    data = recipe_to_json(RECIPES["tiny"])
    data["optimizer"] = {"type": "SignDescent", "share": 0.5}
    with pytest.raises(TenfoldError, match=r"unknown optimizer 'SignDescent'.*@tenfold\.nn"):
        recipe_from_json(data)


def test_a_training_run_with_parts_of_another_program_continues_from_its_checkpoint(
    digits: Dataset, tmp_path: Path
) -> None:
    def trained(network: Network, state: TrainingState, stop: int = 0) -> bytes:
        options: dict[str, Any] = {"loss": DoubledLoss(), "epochs": 3, "batch_size": 64}
        optimizer: Any = state.parts["optimizer"]
        records = fit(
            network,
            digits,
            optimizer=optimizer,
            schedule=Halving(0.01),
            progress=state.progress,
            **options,
        )
        for number, _ in enumerate(records, 1):
            if number == stop:
                break
        return network.theta.value.tobytes()

    def fresh() -> tuple[Network, TrainingState]:
        made = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
        return made, TrainingState(made, {"optimizer": SignDescent()}, Progress())

    expected = trained(*fresh())
    made, state = fresh()
    trained(made, state, stop=11)
    save_checkpoint(tmp_path / "checkpoint", state)
    made, state = fresh()
    load_checkpoint(tmp_path / "checkpoint", state)
    assert trained(made, state) == expected
