"""ConvNet: networks from their layout."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from tenfold.errors import UsageError
from tenfold.nn import Conv2D, MaxPool, Network
from tenfold.recipes import RECIPES, ConvNet, apply_settings


def names(net: ConvNet) -> list[str]:
    return [type(layer).__name__ for layer in net.layers()]


def test_the_lenet_has_the_published_number_of_parameters() -> None:
    network = RECIPES["lenet"].network(0)
    assert network.theta.value.size == 215_194
    assert network.shapes[-1] == (10,)
    assert names(ConvNet()) == [
        *("Normalize", "ConvMaxPool", "ReLU", "ConvMaxPool", "ReLU", "Flatten", "Dense", "ReLU"),
        "Dense",
    ]


def test_the_published_start_is_pytorchs() -> None:
    tensors = RECIPES["lenet"].network(0).tensors()
    for name, fan_in in {"1": 25, "3": 216, "6": 800, "8": 256}.items():
        limit = 1 / math.sqrt(fan_in)
        for kind in ("weight", "bias"):
            largest = np.abs(tensors[f"{name}.{kind}"]).max()
            assert 0.7 * limit < largest <= limit


def test_a_pooling_after_a_convolution_comes_before_or_after_the_activation() -> None:
    layout = "4c3-P-6c3/2-P-A-G"
    assert names(ConvNet(layout, "same", batch_norm=True)) == [
        *("Normalize", "ConvMaxPool", "BatchNorm", "ReLU", "Conv2D", "BatchNorm", "ReLU"),
        *("MaxPool", "AveragePool", "GlobalAveragePool", "Dense"),
    ]
    assert names(ConvNet(layout, "same", batch_norm=True, pool_first=False))[1:5] == [
        *("Conv2D", "BatchNorm", "ReLU", "MaxPool")
    ]


def test_pooling_first_gives_the_same_answers_without_normalisation() -> None:
    first, last = (
        Network(ConvNet("4c3-P-5c3-P", pool_first=early).layers(), dtype=np.float64)
        for early in (True, False)
    )
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)
    last.theta.value[:] = first.theta.value
    np.testing.assert_allclose(first.forward(images), last.forward(images), rtol=1e-10)


def test_strides_dropout_maxima_and_dense_layers() -> None:
    layers = ConvNet("4c5/3-M-7", dropout=0.2, activation="GELU").layers()
    assert [type(layer).__name__ for layer in layers] == [
        *("Normalize", "Conv2D", "GELU", "GlobalMaxPool", "Dense", "GELU", "Dropout", "Dense")
    ]
    assert isinstance(layers[1], Conv2D)
    assert (layers[1].kernel, layers[1].stride, layers[1].with_bias) == (5, 3, True)
    assert not any(isinstance(layer, MaxPool) for layer in layers)


def test_digits_may_be_set_upright_before_anything_else() -> None:
    assert names(ConvNet("8c3-P", deskew=True)) == ["Deskew", *names(ConvNet("8c3-P"))]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvNet("32x3").layers(), "made of parts such as 32c3.*not '32x3'"),
        (lambda: ConvNet("").layers(), "not ''"),
        (lambda: ConvNet("8c3--P").layers(), "not ''"),
        (lambda: ConvNet("0c3").layers(), "at least 1"),
        (lambda: ConvNet("8c0").layers(), "at least 1"),
        (lambda: ConvNet("8c3-128-8c3").layers(), "no image is left"),
        (lambda: ConvNet("8c30").layers(), "does not fit an image of 28 x 28"),
        (lambda: ConvNet("P-P-P-P-P").layers(), "does not fit an image of 1 x 1"),
        (lambda: ConvNet("8c28-P").layers(), "too little to pool"),
        (lambda: ConvNet("9999c9-9999c9").layers(), "at most 100,000,000 fit"),
        (lambda: ConvNet("99999-99999").layers(), "at most 100,000,000 fit"),
        (lambda: ConvNet(padding="full"), "padding is valid or same, not full"),
        (lambda: ConvNet(classes=1), "classes is from 2 to 10"),
        (lambda: ConvNet(dropout=1.0), "dropout is a rate"),
        (lambda: ConvNet(momentum=0.0), "momentum is above 0 up to 1"),
        (lambda: ConvNet(mean=math.inf), "mean is finite"),
        (lambda: ConvNet(deviation=0.0), "deviation is above 0"),
        (lambda: ConvNet(activation="Relu").layers(), "no activation 'Relu'"),
    ],
)
def test_what_cannot_be_is_one_clear_sentence(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_layouts_can_be_set_on_the_command_line() -> None:
    recipe = apply_settings(RECIPES["lenet"], ["layout=8c3-P-16", "batch_norm=true", "shards=3"])
    assert recipe.network(0).shapes[-1] == (10,)
    assert recipe.shards == 3
    with pytest.raises(UsageError, match="these settings do not fit: layout is made of"):
        apply_settings(RECIPES["lenet"], ["layout=nonsense"])
    with pytest.raises(UsageError, match="shards is from 1 to 64"):
        apply_settings(RECIPES["lenet"], ["shards=0"])
