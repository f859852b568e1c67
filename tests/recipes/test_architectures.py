import math
from collections.abc import Callable

import pytest

from tenfold.nn import Network
from tenfold.recipes import MLP


def test_the_classic_sizes_have_the_known_number_of_parameters() -> None:
    for hidden, count in {
        (128, 40): 106_050,
        (10,): 7_960,
        (128, 64): 109_386,
        (64, 28): 52_350,
    }.items():
        assert Network(MLP(hidden).layers()).theta.value.size == count


def test_batch_norm_and_dropout_stand_around_the_activation() -> None:
    names = [type(a).__name__ for a in MLP((7,), "Tanh", batch_norm=True, dropout=0.1).layers()]
    assert names == ["Normalize", "Flatten", "Dense", "BatchNorm", "Tanh", "Dropout", "Dense"]


def test_no_hidden_layer_is_softmax_regression() -> None:
    names = [type(layer).__name__ for layer in MLP(()).layers()]
    assert names == ["Normalize", "Flatten", "Dense"]


def test_an_unknown_activation_lists_the_known() -> None:
    with pytest.raises(ValueError, match=r"'Softsign'; there are: GELU, LeakyReLU, ReLU"):
        MLP(activation="Softsign").layers()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((30, 0)), r"hidden is .* not \[30, 0\]"),
        (lambda: MLP((100_001,)), "hidden is .* 100,000, not"),
        (lambda: MLP((20_000, 20_000)), "415,880,000 weights, and at most 100,000,000 fit"),
        (lambda: MLP(classes=1), "classes is from 2 to 10, not 1"),
        (lambda: MLP(classes=11), "classes is from 2 to 10, not 11"),
        (lambda: MLP(dropout=1.0), "dropout is a rate from 0 to below 1"),
        (lambda: MLP(dropout=math.nan), "dropout"),
        (lambda: MLP(mean=math.nan), "mean is finite"),
        (lambda: MLP(deviation=0.0), "deviation is above 0"),
        (lambda: MLP(deviation=math.inf), "deviation is above 0, and finite"),
    ],
)
def test_numbers_out_of_range_are_refused_before_memory_is_taken(
    make: Callable[[], MLP], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()
