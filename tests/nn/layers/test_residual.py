import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Network,
    Normalize,
    Residual,
    Tanh,
    build,
    describe,
    stream,
)

# --- the mathematics


def initialised(layer: Layer) -> Layer:
    layer.initialize(stream(0, "test"), np.float64)
    return layer


def test_small_example_worked_by_hand() -> None:
    dense = Dense(2, 2)
    layer = initialised(Residual([dense]))
    dense.weight.value[...] = [[1, 2], [3, 4]]
    dense.bias.value[...] = [10, 20]
    x = np.array([[1.0, -1.0]])
    # f(x) = (1 - 3 + 10, 2 - 4 + 20) = (8, 18)
    np.testing.assert_array_equal(layer.forward(x), [[9, 17]])
    np.testing.assert_array_equal(layer.forward(x, training=True), [[9, 17]])
    # J^T dy = (1 * 5 + 2 * 1, 3 * 5 + 4 * 1) = (7, 19)
    np.testing.assert_array_equal(layer.backward(np.array([[5.0, 1.0]])), [[5 + 7, 1 + 19]])
    np.testing.assert_array_equal(dense.weight.grad, [[5, 1], [-5, -1]])


def test_block_applies_its_layers_in_order() -> None:
    first, second = initialised(Dense(3, 5)), initialised(Dense(5, 3))
    layer = initialised(Residual([Dense(3, 5), Tanh(), Dense(5, 3)]))
    for own, other in zip(layer.parameters, first.parameters + second.parameters, strict=True):
        other.value[...] = own.value
    x, dy = stream(0, "x").standard_normal((2, 4, 3))
    tanh = Tanh()
    y = x + second.forward(tanh.forward(first.forward(x, True), True), True)
    np.testing.assert_allclose(layer.forward(x, training=True), y, rtol=1e-13)
    dx = dy + first.backward(tanh.backward(second.backward(dy)))
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=1e-13)
    for own, other in zip(layer.parameters, first.parameters + second.parameters, strict=True):
        np.testing.assert_allclose(own.grad, other.grad, rtol=1e-13)


def test_block_with_zero_weights_is_the_identity() -> None:
    conv = Conv2D(2, 2, padding="same")
    layer = initialised(Residual([conv]))
    conv.weight.value[...] = 0
    x = stream(0, "x").standard_normal((3, 4, 5, 2))
    np.testing.assert_array_equal(layer.forward(x, training=True), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_description_holds_the_block() -> None:
    layer = Residual([Dense(4, 4), Residual([Tanh(), Dropout(0.25)])])
    description = json.loads(json.dumps(describe(layer)))
    assert [inner["type"] for inner in description["block"]] == ["Dense", "Residual"]
    assert description["block"][1]["block"][1] == {"type": "Dropout", "rate": 0.25}
    again = build(description, {name: getattr(nn, name) for name in nn.__all__})
    assert describe(again) == describe(layer)


def test_each_dropout_in_a_block_draws_its_own_mask() -> None:
    first, second = Dropout(0.5), Dropout(0.5)
    layer = Residual([Residual([first]), second])
    layer.rng = stream(0, "dropout")
    layer.forward(np.ones((2, 50)), training=True)
    masks = first.pop_saved()[0], second.pop_saved()[0]
    assert (masks[0] != masks[1]).any()


def test_block_is_random_only_if_a_layer_in_it_is() -> None:
    assert Residual([Residual([Tanh(), Dropout()])]).random
    assert not Residual([Residual([Tanh()])]).random


def test_multiply_adds_are_those_of_the_block() -> None:
    block = [Conv2D(2, 5, 3, padding="same"), Tanh(), Conv2D(5, 2, 1), Residual([Tanh()])]
    assert Residual(block).multiply_adds((4, 3, 2)) == 4 * 3 * (9 * 2 * 5 + 5 * 2)


# --- errors


@pytest.mark.parametrize(
    ("block", "given", "made"),
    [
        (lambda: [Dense(4, 3)], (4,), (3,)),
        (lambda: [Conv2D(2, 2)], (6, 6, 2), (4, 4, 2)),
        (lambda: [Conv2D(2, 3, padding="same"), Tanh()], (6, 6, 2), (6, 6, 3)),
        (lambda: [Flatten()], (2, 2, 1), (4,)),
    ],
)
def test_block_that_changes_the_shape_raises(
    block: Callable[[], list[Layer]], given: tuple[int, ...], made: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="block of Residual must have the shape of its") as caught:
        Residual(block()).output_shape(given)
    assert str(caught.value).endswith(f"input, {given}, got {made}")
    with pytest.raises(ValueError, match=r"^layer 0: the output of the block of Residual must"):
        Network([Residual(block())], input_shape=given)


def test_layer_in_a_block_that_does_not_fit_raises_its_own_error() -> None:
    with pytest.raises(
        ValueError,
        match=r"^layer 1: the input of Conv2D\(2, 2\) must be an image of shape \(H, W, 2\)",
    ):
        Network([Normalize(), Residual([Conv2D(2, 2, padding="same")])])


def test_layers_may_change_the_shape_if_the_block_keeps_it() -> None:
    layer = Residual([Conv2D(2, 5, padding="same"), Conv2D(5, 2, padding="same")])
    assert layer.output_shape((4, 4, 2)) == (4, 4, 2)


@pytest.mark.parametrize(
    ("block", "received"),
    [
        ([Tanh(), None], r"block\[1\] must be a Layer, got None: write an object.*"),
        ([Dense], r"block\[0\] must be a Layer, got the class Dense: write Dense\(\.\.\.\)"),
        ([[Tanh()]], r"block\[0\] must be a Layer, got list: write an object.*"),
        (["Dense"], r"block\[0\] must be a Layer, got 'Dense': write an object.*"),
        ("Dense", r"block must be a list .*, got 'Dense'"),
        (Tanh(), r"block must be a list .*, got Tanh"),
    ],
)
def test_block_of_other_objects_raises(block: Any, received: str) -> None:
    with pytest.raises(ValueError, match=f"^{received}$"):
        Residual(block)


def test_layer_of_a_network_or_block_cannot_be_used_again() -> None:
    used, inner = Dense(4, 4), Dense(4, 4)
    Network([used], input_shape=(4,))
    Residual([inner])
    for taken in (used, inner):
        with pytest.raises(
            ValueError, match=r"^block\[1\] must be a new layer, got a Dense that is already in use"
        ):
            Residual([Tanh(), taken])
    with pytest.raises(ValueError, match=r"^layers\[0\] must be a new layer, got a Dense"):
        Network([inner], input_shape=(4,))
    twice = Residual([Tanh()])
    with pytest.raises(ValueError, match=r"^layers\[1\] must be a new layer, got a Residual"):
        Network([twice, twice], input_shape=(4,))


def test_layer_twice_in_a_block_raises() -> None:
    dense = Dense(4, 4)
    with pytest.raises(
        ValueError, match=r"^block\[1\] must be .*: create a new Dense for each place$"
    ):
        Residual([dense, dense])


def test_layers_of_a_wrong_block_stay_unowned() -> None:
    dense, used = Dense(4, 4), Dense(4, 4)
    Network([used], input_shape=(4,))
    with pytest.raises(ValueError, match=r"^block\[1\] must be a new layer"):
        Residual([dense, used])
    assert not dense.owned
    assert [p.name for p in dense.parameters] == ["weight", "bias"]
