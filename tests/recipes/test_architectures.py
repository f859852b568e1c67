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
        ValueError, match=r"activation must be one of GELU, LeakyReLU, ReLU, .*got 'Softsign'"
    ):
        MLP(activation="Softsign").layers()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((30, 0)), r"hidden is .* not \[30, 0\]"),
        (lambda: MLP((100_001,)), "hidden is .* 100,000, not"),
        (lambda: MLP((20_000, 20_000)), "at most 100,000,000 weights, got 415,880,000"),
        (lambda: MLP(classes=1), "classes is from 2 to 10, not 1"),
        (lambda: MLP(classes=11), "classes is from 2 to 10, not 11"),
        (lambda: MLP(dropout=1.0), "dropout is a rate from 0 to below 1"),
        (lambda: MLP(dropout=math.nan), "dropout"),
        (lambda: MLP(mean=math.nan), "mean is finite"),
        (lambda: MLP(deviation=0.0), "deviation is above 0"),
        (lambda: MLP(deviation=math.inf), "deviation is above 0, and finite"),
    ],
)
def test_invalid_setting_raises_before_memory_is_allocated(
    make: Callable[[], MLP], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()
