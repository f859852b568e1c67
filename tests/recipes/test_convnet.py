"""Convolutional networks from their layout."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from tenfold.errors import UsageError
from tenfold.nn import Conv2D, MaxPool, Network
from tenfold.recipes import RECIPES, ConvNet, apply_settings


def names(net: ConvNet) -> list[str]:
    return [type(layer).__name__ for layer in net.layers()]


def test_lenet_has_the_published_number_of_parameters() -> None:
    network = RECIPES["lenet"].network(0)
    assert network.theta.value.size == 215_194
    assert network.shapes[-1] == (10,)
    assert names(ConvNet()) == [
        *("Normalize", "ConvMaxPool", "ReLU", "ConvMaxPool", "ReLU", "Flatten", "Dense", "ReLU"),
        "Dense",
    ]


def test_lenet_is_initialised_as_in_pytorch() -> None:
    tensors = RECIPES["lenet"].network(0).tensors()
    for name, fan_in in {"1": 25, "3": 216, "6": 800, "8": 256}.items():
        limit = 1 / math.sqrt(fan_in)
        for kind in ("weight", "bias"):
            largest = np.abs(tensors[f"{name}.{kind}"]).max()
            assert 0.7 * limit < largest <= limit


def test_pool_first_decides_the_order_of_pooling_and_activation() -> None:
    layout = "4c3-P-6c3/2-P-A-G"
    assert names(ConvNet(layout, "same", batch_norm=True)) == [
        *("Normalize", "ConvMaxPool", "BatchNorm", "ReLU", "Conv2D", "BatchNorm", "ReLU"),
        *("MaxPool", "AveragePool", "GlobalAveragePool", "Dense"),
    ]
    assert names(ConvNet(layout, "same", batch_norm=True, pool_first=False))[1:5] == [
        *("Conv2D", "BatchNorm", "ReLU", "MaxPool")
    ]


def test_pooling_first_gives_the_same_logits_without_normalisation() -> None:
    first, last = (
        Network(ConvNet("4c3-P-5c3-P", pool_first=early).layers(), dtype=np.float64)
        for early in (True, False)
    )
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)
    last.theta.value[:] = first.theta.value
    np.testing.assert_allclose(first.forward(images), last.forward(images), rtol=1e-10)


def test_strides_dropout_global_maxima_and_dense_layers() -> None:
    layers = ConvNet("4c5/3-M-7", dropout=0.2, activation="GELU").layers()
    assert [type(layer).__name__ for layer in layers] == [
        *("Normalize", "Conv2D", "GELU", "GlobalMaxPool", "Dense", "GELU", "Dropout", "Dense")
    ]
    assert isinstance(layers[1], Conv2D)
    assert (layers[1].kernel, layers[1].stride, layers[1].with_bias) == (5, 3, True)
    assert not any(isinstance(layer, MaxPool) for layer in layers)


def test_deskew_comes_first() -> None:
    assert names(ConvNet("8c3-P", deskew=True)) == ["Deskew", *names(ConvNet("8c3-P"))]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvNet("32x3").layers(), "made of parts such as 32c3.*got '32x3'"),
        (lambda: ConvNet("").layers(), "got ''"),
        (lambda: ConvNet("8c3--P").layers(), "got ''"),
        (lambda: ConvNet("0c3").layers(), "at least 1"),
        (lambda: ConvNet("8c0").layers(), "at least 1"),
        (lambda: ConvNet("8c3-128-8c3").layers(), "convolutions before G, M and dense layers"),
        (
            lambda: ConvNet("8c30").layers(),
            "got 30 for an image of 28 x 28",
        ),
        (
            lambda: ConvNet("P-P-P-P-P").layers(),
            "at least 2 x 2 pixels, got 1 x 1: use fewer",
        ),
        (lambda: ConvNet("8c28-P").layers(), "at least 2 x 2 pixels to be pooled, got 1 x 1"),
        (lambda: ConvNet("9999c9-9999c9").layers(), "at most 100,000,000 weights"),
        (lambda: ConvNet("99999-99999").layers(), "at most 100,000,000 weights"),
        (lambda: ConvNet(classes=1), "classes must be a whole number from 2 to 1000"),
        (lambda: ConvNet(dropout=1.0), "dropout must be"),
        (lambda: ConvNet(momentum=0.0), r"momentum must be a number in \(0, 1\], got 0.0"),
        (lambda: ConvNet(mean=math.inf), "mean must be a finite number"),
        (lambda: ConvNet(deviation=0.0), "deviation must be a finite number above 0"),
        (lambda: ConvNet(activation="Relu"), "activation must be .*got 'Relu'"),
    ],
)
def test_invalid_layout_or_setting_raises(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_layout_is_a_setting_of_the_recipe() -> None:
    recipe = apply_settings(RECIPES["lenet"], ["layout=8c3-P-16", "batch_norm=true", "shards=3"])
    assert recipe.network(0).shapes[-1] == (10,)
    assert recipe.shards == 3
    with pytest.raises(UsageError, match=r"invalid settings: .*layout must be made of"):
        apply_settings(RECIPES["lenet"], ["layout=nonsense"])
    with pytest.raises(UsageError, match="padding must be 'valid' or 'same', got 'wide'"):
        apply_settings(RECIPES["lenet"], ["padding=wide"])
    with pytest.raises(UsageError, match="shards must be a whole number from 1 to 64, got 0"):
        apply_settings(RECIPES["lenet"], ["shards=0"])
