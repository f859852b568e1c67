"""Multilayer perceptrons from their settings."""

import math
from collections.abc import Callable

import pytest

from tenfold.nn import Network
from tenfold.recipes import MLP


def test_number_of_parameters() -> None:
    for hidden, count in {
        (128, 40): 106_050,
        (10,): 7_960,
        (128, 64): 109_386,
        (64, 28): 52_350,
    }.items():
        assert Network(MLP(hidden).layers()).theta.value.size == count


def test_batch_norm_before_and_dropout_after_each_activation() -> None:
    names = [type(a).__name__ for a in MLP((7,), "Tanh", batch_norm=True, dropout=0.1).layers()]
    assert names == ["Normalize", "Flatten", "Dense", "BatchNorm", "Tanh", "Dropout", "Dense"]


def test_without_hidden_layers_it_is_softmax_regression() -> None:
    names = [type(layer).__name__ for layer in MLP(()).layers()]
    assert names == ["Normalize", "Flatten", "Dense"]


def test_unknown_activation_lists_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match="'LeakyReLU', 'ReLU', 'Sigmoid' or 'Tanh', got 'Softsign'"
    ):
        MLP(activation="Softsign")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((30, 0)), r"hidden\[1\] must be a whole number from 1 to 100000, got 0"),
        (lambda: MLP((100_001,)), r"hidden\[0\] must be .* to 100000, got 100001"),
        (lambda: MLP((20_000, 20_000)), "at most 100,000,000 weights, got 415,880,000"),
        (lambda: MLP(classes=1), "classes must be a whole number from 2 to 1000, got 1"),
        (lambda: MLP(classes=1001), "classes must be .* from 2 to 1000, got 1001"),
        (lambda: MLP(dropout=1.0), r"dropout must be a number in \[0, 1\), got 1.0"),
        (lambda: MLP(dropout=math.nan), "dropout"),
        (lambda: MLP(mean=math.nan), "mean must be a finite number, got nan"),
        (lambda: MLP(deviation=0.0), "deviation must be a finite number above 0, got 0.0"),
        (lambda: MLP(deviation=math.inf), "deviation must be .* got inf"),
    ],
)
def test_invalid_setting_raises_before_memory_is_allocated(
    make: Callable[[], MLP], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()
