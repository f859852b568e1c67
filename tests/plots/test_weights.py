import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
)
from tenfold.nn.array import Array
from tenfold.plots import filters_figure, weights_figure
from tenfold.plots.formatting import short_percent
from tenfold.plots.weights import has_feature_maps, has_weights
from tests.plots.pictures import answers, assert_readable, words

IMAGE = answers(1)[0][0]


def shown(figure: Figure) -> list[Array]:
    """Return the images of a figure, without that of the key."""
    return [np.asarray(image.get_array()) for image in figure.axes[0].images[:-1]]


def names(figure: Figure) -> list[str]:
    return [word for word in words(figure) if re.match(r"[\d.]+ [A-Z]", word)]


def convolutional() -> Network:
    block: list[Layer] = [Conv2D(6, 6, 3, padding="same"), BatchNorm(6), ReLU()]
    layers: list[Layer] = [Normalize(), ConvMaxPool(1, 6, 5), BatchNorm(6), ReLU()]
    layers += [Residual(block), MaxPool(), Dropout(0.5), Conv2D(6, 30, 3), Flatten()]
    return Network([*layers, Dense(480, 10)], seed=1)


def test_softmax_regression_has_a_template_per_class() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=2)
    figure = weights_figure(network)
    weight = network.layers[2].parameters[0].value
    assert len(shown(figure)) == 10
    for digit, template in enumerate(shown(figure)):
        np.testing.assert_array_equal(template.ravel(), weight[:, digit])
    assert {*map(str, range(10)), "10 classes", "2 Dense"} <= set(words(figure))
    assert_readable(figure)


def test_the_48_units_with_the_largest_weights_are_drawn() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 60), ReLU(), Dense(60, 10)])
    weight = network.layers[2].parameters[0].value
    weight[:, 17] *= 3
    weight[:, 50] *= 2
    figure = weights_figure(network)
    norms = [float(np.linalg.norm(weight[:, unit])) for unit in range(60)]
    order = sorted(range(60), key=lambda unit: -norms[unit])[:48]
    assert order[:2] == [17, 50]
    images = shown(figure)
    assert len(images) == 48
    for unit, image in zip(order, images, strict=True):
        np.testing.assert_array_equal(image, weight[:, unit].reshape(28, 28))
    assert [word for word in words(figure) if word.isdigit()][:48] == [str(unit) for unit in order]
    assert names(figure) == ["2 Dense"]
    assert_readable(figure)


def test_kernels_of_all_convolutions_are_averaged_over_inputs() -> None:
    network = convolutional()
    figure = weights_figure(network)
    assert names(figure) == ["1 ConvMaxPool", "4.0 Conv2D", "7 Conv2D"]
    written = set(words(figure))
    assert {
        "6 kernels 5 x 5",
        "6 kernels 3 x 3, mean of 6",
        "30 kernels 3 x 3, mean of 6",
    } <= written
    images = shown(figure)
    assert [image.shape for image in images] == [(5, 5)] * 6 + [(3, 3)] * (6 + 24)
    deep = network.layers[7].parameters[0].value
    strongest = max(range(30), key=lambda unit: float(np.linalg.norm(deep[..., unit])))
    np.testing.assert_allclose(images[12], deep[..., strongest].mean(axis=2), rtol=1e-6)
    assert_readable(figure)


def test_each_layer_has_its_own_scale() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    network.layers[2].parameters[0].value[...] = -0.25
    figure = weights_figure(network)
    assert "shades to ± 0.25" in words(figure)
    assert {image.get_clim() for image in figure.axes[0].images[:-1]} == {(-0.25, 0.25)}


def test_a_dense_layer_without_image_input_is_drawn_as_lines() -> None:
    network = Network([Normalize(), GlobalAveragePool(), Dense(1, 3)])
    assert [image.shape for image in shown(weights_figure(network))] == [(1, 1)] * 3


def test_a_network_without_weights_raises() -> None:
    network = Network([Normalize(), GlobalAveragePool(), BatchNorm(1)])
    assert not has_weights(network)
    with pytest.raises(TenfoldError, match="no dense layer and no convolution"):
        weights_figure(network)


def test_feature_maps_are_the_outputs_of_the_layers() -> None:
    network = convolutional()
    figure = filters_figure(Model(network), IMAGE)
    assert names(figure) == [
        *("1 ConvMaxPool", "2 BatchNorm", "3 ReLU", "4 Residual", "5 MaxPool", "7 Conv2D")
    ]
    images = shown(figure)
    assert len(images) == 1 + 5 * 6 + 12
    np.testing.assert_array_equal(images[0], IMAGE[..., 0])
    x = network.layers[1].forward(network.layers[0].forward(IMAGE[np.newaxis]))
    by_deviation = sorted(range(6), key=lambda channel: -float(x[0, ..., channel].std()))
    for place, channel in enumerate(by_deviation):
        np.testing.assert_array_equal(images[1 + place], x[0, ..., channel])
    x = network.layers[3].forward(network.layers[2].forward(x))
    for place, channel in enumerate(by_deviation):  # later layers show the same channels
        np.testing.assert_array_equal(images[13 + place], x[0, ..., channel])
    assert_readable(figure)


def test_title_shows_prediction_and_confidence() -> None:
    network = convolutional()
    probabilities = network.predict_probabilities(IMAGE[np.newaxis])[0]
    sure = short_percent(float(probabilities.max()))
    title = f"Feature maps of a digit, predicted as {probabilities.argmax()} with confidence {sure}"
    assert words(filters_figure(Model(network), IMAGE))[0] == title


def test_the_largest_maps_of_one_pixel_are_drawn() -> None:
    network = Network([Normalize(), Conv2D(1, 20, 28), Flatten(), Dense(20, 10)])
    values = network.layers[1].forward(network.layers[0].forward(IMAGE[np.newaxis])).ravel()
    images = shown(filters_figure(Model(network), IMAGE))[1:]
    largest = sorted(values, key=lambda value: -abs(value))[:12]
    np.testing.assert_array_equal(np.ravel(images), np.array(largest))


def test_many_layers_are_sampled_evenly_with_the_last() -> None:
    layers: list[Layer] = [Conv2D(1, 1, 3, padding="same") for _ in range(40)]
    figure = filters_figure(Model(Network([*layers, Flatten(), Dense(784, 10)])), IMAGE)
    drawn = [int(name.split()[0]) for name in names(figure)]
    assert len(drawn) == 16
    assert drawn[0] == 0
    assert drawn[-1] == 39
    assert max(np.diff(drawn)) <= 3


def test_a_network_without_image_outputs_has_no_feature_maps() -> None:
    network = Network([Normalize(), Dropout(0.1), Flatten(), Dense(784, 10)])
    assert not has_feature_maps(network)
    with pytest.raises(TenfoldError, match="no layer of this network outputs images"):
        filters_figure(Model(network), IMAGE)
