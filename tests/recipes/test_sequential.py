"""Networks that are put together layer by layer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import Conv2D, Dropout, MaxPool
from tenfold.recipes import RECIPES, Sequential, apply_settings, recipe_from_json, recipe_to_json

LAYOUT = "6c5/2-BN-ReLU-P3-A-F-D0.25-32-Tanh"


def test_each_part_of_the_layout_is_one_layer() -> None:
    layers = Sequential(LAYOUT, "same").layers()
    assert [type(layer).__name__ for layer in layers] == [
        *("Normalize", "Conv2D", "BatchNorm", "ReLU", "MaxPool", "AveragePool", "Flatten"),
        *("Dropout", "Dense", "Tanh", "Dense"),
    ]
    _, convolution, _, _, pool, _, _, dropout, *_ = layers
    assert isinstance(convolution, Conv2D)
    assert isinstance(pool, MaxPool)
    assert isinstance(dropout, Dropout)
    assert (convolution.kernel, convolution.stride, convolution.padding) == (5, 2, "same")
    assert (pool.size, dropout.rate) == (3, 0.25)


def test_stages_have_the_shapes_and_sizes_of_the_network() -> None:
    recipe = apply_settings(RECIPES["quick"], ["architecture=Sequential", f"layout={LAYOUT}"])
    network, stages = recipe.network(0), list(Sequential(LAYOUT).stages())
    assert [stage.output for stage in stages] == list(network.shapes[1:])
    assert stages[0].output == (12, 12, 6)
    parameters = [sum(p.size for p in stage.layer.parameters) for stage in stages]
    assert sum(parameters) == network.theta.value.size
    assert [stage.part for stage in stages] == [*LAYOUT.split("-"), "10"]
    assert network.forward(np.zeros((2, 28, 28, 1), np.uint8)).shape == (2, 10)
    assert recipe_from_json(recipe_to_json(recipe)) == recipe


@pytest.mark.parametrize(
    ("layout", "number", "message"),
    [
        (
            "",
            0,
            r"the output layer: the input of Dense\(784, 10\) must be .* put a Flatten before it",
        ),
        ("8c5-64", 1, r"layer 2, 64: the input of Dense\(4608, 64\) .* put a Flatten before it"),
        ("F-8c3", 1, r"layer 2, 8c3: the input of Conv2D\(1, 8\) must be an image .*got \(784,\)"),
        ("P-8c15", 1, "layer 2, 8c15: kernel must be at most .* an image of 14 x 14 .* smaller"),
        ("F-P", 1, r"layer 2, P: the input of MaxPool\(2\) must be an image"),
        ("P9-P9", 1, "layer 2, P9: .* must be at least 9 x 9 pixels, got 3 x 3: use fewer"),
        ("P0", 0, "layer 1, P0: size must be a whole number of at least 1, got 0"),
        ("F-D1", 1, "layer 2, D1: rate must be"),
        ("ReLU-x", 1, "layer 2, x: layout must be made of parts such as 16c5.* got 'x'"),
        ("F--32", 1, "layer 2, : layout must be made of parts .* got ''"),
        ("F-99999-99999", 2, "layer 3, 99999: layout must give layers of at most 100,000,000"),
        ("ReLU-" * 100 + "F", 0, "layout must have at most 100 layers, got 101"),
    ],
)
def test_the_layer_that_is_impossible_is_named(layout: str, number: int, message: str) -> None:
    stages = Sequential(layout).stages()
    for _ in range(number):
        next(stages)
    with pytest.raises(ValueError, match=message):
        next(stages)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"padding": "wide"}, "padding must be 'valid' or 'same', got 'wide'"),
        ({"classes": 1}, "classes must be a whole number from 2 to 1000"),
    ],
)
def test_invalid_settings_raise(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sequential(**settings)


@given(st.text(alphabet="0123456789cPAGMFBNDReLU-/.", max_size=20))
def test_any_other_layout_is_a_network_or_raises_value_error(layout: str) -> None:
    try:
        stages = list(Sequential(layout).stages())
    except ValueError:
        return
    assert stages[-1].output == (10,)


def test_a_long_part_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match=f"layer 1, {'x' * 20}: layout must be") as caught:
        list(Sequential("x" * 3000).stages())
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("part", ["16c5x", "16c5/2/2", "P3x", "D0.25x", "64x", "x64", "BNx"])
def test_a_part_with_more_than_its_notation_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=r"^layer 1, .*layout must be made of parts"):
        Sequential(layout=part).layers()
