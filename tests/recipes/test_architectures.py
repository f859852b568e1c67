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
