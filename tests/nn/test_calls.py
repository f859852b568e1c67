"""Calls that do not fit a signature: the message says what is taken, and where the rest belongs."""

import copy
import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenfold import images, nn, training
from tenfold.data import Dataset
from tenfold.nn.array import Array

OPTIMIZERS = (
    *(nn.SGD, nn.Momentum, nn.DampedMomentum, nn.Nesterov, nn.AdaGrad, nn.RMSprop),
    *(nn.Adam, nn.AdamW, nn.Muon),
)
SCHEDULES = (nn.Constant, nn.Cosine, nn.Exponential, nn.OneCycle, nn.StepDecay, nn.Triangular)
NN: Any = nn
IMAGES: Any = images
TRAINING: Any = training  # these calls are wrong for the type checker, too
RATE = "The learning rate belongs to the schedule: fit(network, data, optimizer=Adam(), schedule="


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_learning_rate_given_to_an_optimizer_is_sent_to_the_schedule(kind: type) -> None:
    with pytest.raises(TypeError) as caught:
        kind(0.001)
    assert f"{kind.__name__} takes no positional arguments, got 1" in str(caught.value)
    assert RATE in str(caught.value)
    for name in ("learning_rate", "lr"):
        with pytest.raises(
            TypeError, match=f"^{kind.__name__} has no argument {name}; it takes: "
        ) as caught:
            kind(**{name: 0.001})
        assert RATE in str(caught.value)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_a_schedule_takes_only_its_learning_rate_by_position(kind: type) -> None:
    assert kind(0.5).learning_rate == 0.5
    with pytest.raises(
        TypeError,
        match=f"^{kind.__name__} takes 1 positional argument, got 2; to be given by name: warm",
    ):
        kind(0.5, 0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: NN.BatchNorm(8, 1e-5),
            "BatchNorm takes 1 positional argument, got 2; to be given by",
        ),
        (lambda: NN.ConvMaxPool(1, 8, 3, 2), "ConvMaxPool takes 3 positional arguments, got 4"),
        (
            lambda: NN.Normalize(255),
            "Normalize takes no positional arguments, got 1; to be given by name: mean",
        ),
        (
            lambda: IMAGES.Augment(10),
            "Augment takes no positional arguments, got 1; to be given by name: shift, ",
        ),
        (
            lambda: TRAINING.Selective(0.3),
            "Selective takes no positional arguments, got 1; to be given by name: easy",
        ),
        (
            lambda: TRAINING.EarlyStopping(5, 0.01),
            "EarlyStopping.__init__() takes 2 positional arguments",
        ),
        (lambda: NN.SGD(momentum=0.9), "takes: no arguments. Use Momentum(momentum=0.9)"),
        (lambda: NN.SGD(nesterov=True), "Use Nesterov(momentum=0.9)"),
        (lambda: NN.Adam(betas=(0.9, 0.99)), "They are two arguments of Adam: beta1 and beta2"),
        (lambda: NN.Adam(weight_decay=0.1), "Use AdamW(weight_decay=0.01), or the argument l2 of"),
        (lambda: NN.Dense(3), "Dense needs a value for outputs"),
        (lambda: NN.Dense(3, 4, activation="relu"), "put ReLU() after this one"),
        (lambda: NN.Dense(3, 4, inputs=3), "Dense got inputs twice, by position and by name"),
        (lambda: NN.Conv2D(1, 8, kernel_size=3), "Conv2D has no argument kernel_size; it takes: i"),
        (lambda: NN.ReLU(1), "ReLU takes no positional arguments, got 1"),
        (lambda: NN.Uniform(1, 2), "Uniform takes 1 positional argument, got 2"),
        (
            lambda: NN.SoftmaxCrossEntropy(smoothing=1),
            "has no argument smoothing; it takes: label_",
        ),
        (lambda: NN.Network(), "Network needs a value for layers"),
        (lambda: NN.Network([NN.ReLU()], loss=1), "Network has no argument loss; it takes: layers"),
    ],
)
def test_the_message_says_what_is_taken(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        ((), {"lr": 0.1}, "fit has no argument lr; .*schedule=0.01, or schedule=OneCycle"),
        ((), {"learning_rate": 0.1}, "The learning rate is the schedule"),
        (
            (np.zeros(3),),
            {},
            r"2 positional arguments, got 3.*one argument: fit\(network, \(images",
        ),
        ((), {"labels": 1}, r"one argument: fit\(network, \(images, labels\)"),
        ((), {"optimizer": nn.SGD()}, "fit needs a value for schedule"),
    ],
)
def test_fit_says_where_an_argument_belongs(
    digits: Dataset, args: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    network = nn.Network([nn.Normalize(), nn.Flatten(), nn.Dense(784, 10)])
    with pytest.raises(TypeError, match=message):
        training.fit(network, digits, *args, **options)


class Doubled(nn.Initializer):
    """A class without a constructor of its own."""

    def __call__(self, shape: Any, rng: np.random.Generator, dtype: Any = np.float32) -> Array:
        return np.full(shape, 2, dtype)


def test_a_class_without_constructor_takes_no_arguments() -> None:
    assert not inspect.signature(Doubled).parameters
    assert nn.describe(Doubled()) == {"type": "Doubled"}
    wrong: Any = Doubled
    with pytest.raises(TypeError, match="Doubled takes no positional arguments, got 1"):
        wrong(2)


def test_objects_can_be_copied_and_pickled() -> None:
    for made in (nn.Dense(3, 2), nn.Adam(beta1=0.5), nn.OneCycle(0.1), nn.Uniform(0.25)):
        for twin in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
            assert nn.describe(twin) == nn.describe(made)


class Tripled(nn.Uniform):
    """A class that inherits its constructor."""


def test_an_inherited_constructor_takes_its_arguments() -> None:
    assert list(inspect.signature(Tripled).parameters) == ["limit"]
    assert Tripled(0.5).limit == 0.5
    assert nn.describe(Tripled(limit=2.0)) == {"type": "Tripled", "limit": 2.0}
