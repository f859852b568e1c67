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


def test_a_small_example_worked_by_hand() -> None:
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


def test_the_layers_follow_one_another() -> None:
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


def test_a_block_of_zeros_changes_nothing() -> None:
    conv = Conv2D(2, 2, padding="same")
    layer = initialised(Residual([conv]))
    conv.weight.value[...] = 0
    x = stream(0, "x").standard_normal((3, 4, 5, 2))
    np.testing.assert_array_equal(layer.forward(x, training=True), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_its_description_holds_the_block() -> None:
    layer = Residual([Dense(4, 4), Residual([Tanh(), Dropout(0.25)])])
    description = json.loads(json.dumps(describe(layer)))
    assert [inner["type"] for inner in description["block"]] == ["Dense", "Residual"]
    assert description["block"][1]["block"][1] == {"type": "Dropout", "rate": 0.25}
    again = build(description, {name: getattr(nn, name) for name in nn.__all__})
    assert describe(again) == describe(layer)


def test_each_dropout_inside_draws_its_own_mask() -> None:
    first, second = Dropout(0.5), Dropout(0.5)
    layer = Residual([Residual([first]), second])
    layer.rng = stream(0, "dropout")
    layer.forward(np.ones((2, 50)), training=True)
    masks = first.kept()[0], second.kept()[0]
    assert (masks[0] != masks[1]).any()


def test_it_is_random_only_if_something_inside_is() -> None:
    assert Residual([Residual([Tanh(), Dropout()])]).random
    assert not Residual([Residual([Tanh()])]).random


def test_multiply_adds_are_those_of_the_block() -> None:
    block = [Conv2D(2, 5, 3, padding="same"), Tanh(), Conv2D(5, 2, 1), Residual([Tanh()])]
    assert Residual(block).multiply_adds((4, 3, 2)) == 4 * 3 * (9 * 2 * 5 + 5 * 2)


# --- what is refused


@pytest.mark.parametrize(
    ("block", "given", "made"),
    [
        (lambda: [Dense(4, 3)], (4,), (3,)),
        (lambda: [Conv2D(2, 2)], (6, 6, 2), (4, 4, 2)),
        (lambda: [Conv2D(2, 3, padding="same"), Tanh()], (6, 6, 2), (6, 6, 3)),
        (lambda: [Flatten()], (2, 2, 1), (4,)),
    ],
)
def test_a_block_that_changes_the_shape_is_refused(
    block: Callable[[], list[Layer]], given: tuple[int, ...], made: tuple[int, ...]
) -> None:
    message = f"so the shapes must agree: {given} goes in, {made} comes out"
    with pytest.raises(ValueError, match="Residual adds its block's output to its input") as caught:
        Residual(block()).output_shape(given)
    assert message in str(caught.value)
    with pytest.raises(ValueError, match=r"^layer 0: Residual adds"):
        Network([Residual(block())], input_shape=given)


def test_a_layer_inside_that_does_not_fit_says_why() -> None:
    with pytest.raises(ValueError, match=r"^layer 1: Conv2D\(2, 2\) takes images \(H, W, 2\)"):
        Network([Normalize(), Residual([Conv2D(2, 2, padding="same")])])


def test_two_blocks_keep_the_shape_together() -> None:
    layer = Residual([Conv2D(2, 5, padding="same"), Conv2D(5, 2, padding="same")])
    assert layer.output_shape((4, 4, 2)) == (4, 4, 2)


@pytest.mark.parametrize("block", [[], (), "", "Dense", [Dense], [Tanh(), None], [[Tanh()]]])
def test_what_is_no_block_is_refused(block: Any) -> None:
    with pytest.raises(ValueError, match="Residual needs a list of at least one layer, not") as bad:
        Residual(block)
    assert str(bad.value).endswith(repr(block))


@pytest.mark.parametrize("block", [Tanh(), 3])
def test_what_is_not_even_a_list_is_refused(block: Any) -> None:
    with pytest.raises(ValueError, match="Residual needs a list of at least one layer"):
        Residual(block)


def test_a_layer_stands_in_one_place() -> None:
    placed, inner = Dense(4, 4), Dense(4, 4)
    Network([placed], input_shape=(4,))
    Residual([inner])
    for taken in (placed, inner):
        with pytest.raises(ValueError, match="already stands in it or elsewhere: make a new one"):
            Residual([Tanh(), taken])
    with pytest.raises(ValueError, match="layer 0: this Dense already stands"):
        Network([inner], input_shape=(4,))
    twice = Residual([Tanh()])
    with pytest.raises(ValueError, match="layer 1: this Residual already stands"):
        Network([twice, twice], input_shape=(4,))


def test_a_layer_does_not_stand_twice_in_a_block() -> None:
    dense = Dense(4, 4)
    with pytest.raises(ValueError, match="make a new one"):
        Residual([dense, dense])


def test_a_refused_block_leaves_its_layers_free() -> None:
    dense, placed = Dense(4, 4), Dense(4, 4)
    Network([placed], input_shape=(4,))
    with pytest.raises(ValueError, match="already stands"):
        Residual([dense, placed])
    assert not dense.placed
    assert [p.name for p in dense.parameters] == ["weight", "bias"]
