"""The equations of forward and backward pass, by hand and by their sums."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tenfold.inspection import (
    FrozenBatchNorm,
    FrozenNetwork,
    Trace,
    arithmetic,
    chain_rule,
    finite_difference,
    freeze,
    tangent,
    trace,
)
from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    stream,
)

from .test_trace import NAMES, traced

IMAGES = (2, 6, 6, 3)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Dense(4, 3), (2, 4)),
        (Conv2D(3, 2, padding="same"), IMAGES),
        (Conv2D(3, 2, stride=2), IMAGES),
        (FrozenBatchNorm(3), IMAGES),
        (MaxPool(2), IMAGES),
        (MaxPool(3, 2), IMAGES),
        (AveragePool(2), IMAGES),
        (GlobalMaxPool(), IMAGES),
        (GlobalAveragePool(), IMAGES),
        (Flatten(), IMAGES),
        (Normalize(), IMAGES),
        (Residual([Conv2D(3, 3, padding="same"), Tanh()]), IMAGES),
        *((kind(), (3, 5)) for kind in (ReLU, LeakyReLU, Tanh, Sigmoid, GELU)),
        (Deskew(), (2, 6, 6, 1)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else "",
)
def test_tangents_are_adjoint_to_the_backward_pass(layer: Layer, shape: tuple[int, ...]) -> None:
    rng = stream(5, "tangents")
    layer.initialize(rng, np.float64)
    x, v = rng.standard_normal(shape) + 0.5, rng.standard_normal(shape)
    u = rng.standard_normal(layer.forward(x).shape)
    forward = np.vdot(u, tangent(layer, x, v))
    layer.forward(x, training=True)
    assert forward == pytest.approx(np.vdot(layer.backward(u), v), rel=1e-6)


def by_hand() -> tuple[FrozenNetwork, Trace]:
    """Return x = (1, 2), ReLU((x1 + 3 x2 - 1, -x1 + x2)), and two logits z = h1 - h2, 2 h2."""
    layers = [Flatten(), Dense(2, 2), ReLU(), Dense(2, 2)]
    frozen = freeze(Network(layers, dtype=np.float64, input_shape=(1, 2, 1)))
    values: Any = ([[1, -1], [3, 1]], [-1, 0], [[1, 0], [-1, 2]], [0, 0])
    places = [p for layer in frozen.network.layers for p in layer.parameters]
    for parameter, value in zip(places, values, strict=True):
        parameter.value[...] = value
    return frozen, trace(frozen, np.array([[[1], [2]]], np.uint8), 1)


def test_the_arithmetic_of_a_unit_is_that_of_paper_and_pencil() -> None:
    frozen, found = by_hand()
    dense, relu = arithmetic(frozen, found, 2, (0,))
    assert (dense.value, dense.constant, relu.value) == (6.0, -1.0, 6.0)
    assert [(t.left, t.right, t.at) for t in dense.terms] == [(2, 3, (1, 0)), (1, 1, (0, 0))]
    assert [term.name for term in dense.terms] == ["0 (0, 1)", "0 (0, 0)"]
    assert relu.numbers == "max(0, 6)"


def test_the_chain_rule_of_a_weight_is_that_of_paper_and_pencil() -> None:
    frozen, found = by_hand()
    # h = (6, 1), z = (5, 2), so p1 = 1 / (1 + e^3) and dL/dz = (1 - p1) * (1, -1) for label 1.
    slope = 1 - 1 / (1 + np.exp(3))
    weight, relu, dense, loss = chain_rule(frozen, found, "1.weight", (1, 0))
    assert weight.value == pytest.approx(2 * slope)
    (term,) = weight.terms
    assert [term.left, term.right] == pytest.approx([slope, 2])
    assert relu.value == pytest.approx(slope)
    (term,) = dense.terms
    assert [term.left, term.right] == pytest.approx([slope, 1])
    assert loss.value == pytest.approx(slope)
    assert loss.numbers == f"{slope:.6g} − 0"


def test_equations_are_written_with_their_numbers() -> None:
    layers = [Flatten(), Dense(2, 2), FrozenBatchNorm(2), Sigmoid(), Dense(2, 2)]
    frozen = freeze(Network(layers, dtype=np.float64, input_shape=(1, 2, 1)))
    weight = frozen.network.layers[1].parameters[0]
    weight.value[...] = [[1, 0], [0, 1]]
    norm = frozen.network.layers[2]
    norm.state["running_mean"][...] = -1.5
    norm.state["running_variance"][...] = 4
    norm.parameters[1].value[...] = -0.5
    found = trace(frozen, np.array([[[1], [2]]], np.uint8), 1)
    _, batchnorm, sigmoid = arithmetic(frozen, found, 3, (1,))
    assert batchnorm.numbers == "1 · (2 − (−1.5)) / √(4 + 1e−05) + (−0.5)"
    assert batchnorm.value == pytest.approx(1.25, abs=1e-5)
    assert sigmoid.numbers == "1 / (1 + exp(−1.25))"
    assert sigmoid.value == pytest.approx(1 / (1 + np.exp(-1.25)), abs=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_every_sum_of_the_chain_gives_the_factor_of_the_sum_before(name: str) -> None:
    frozen, found = traced(name)
    for parameter, gradient in found.parameters.items():
        index = tuple(int(i) for i in np.unravel_index(np.abs(gradient).argmax(), gradient.shape))
        steps = chain_rule(frozen, found, parameter, index)
        assert steps[0].value == gradient[index] != 0
        assert steps[-1].rule == "∂L/∂z = p − t"
        for step, after in pairwise(steps):
            total = sum(term.product for term in step.terms) + step.rest[1]
            assert total == pytest.approx(step.value, rel=1e-9, abs=1e-15)
            assert after.value == step.terms[0].left


@pytest.mark.parametrize("name", NAMES)
def test_the_terms_of_a_unit_add_up_to_it(name: str) -> None:
    frozen, found = traced(name)
    sums = 0
    for layer, y in enumerate(found.outputs):
        unit = tuple(int(i) for i in np.unravel_index(y.argmax(), y.shape))
        steps = arithmetic(frozen, found, layer, unit)
        assert (steps[-1].layer, steps[-1].unit, steps[-1].value) == (layer, unit, y[unit])
        for step in steps:
            if step.terms:
                total = sum(term.product for term in step.terms) + step.rest[1]
                assert total + (step.constant or 0) == pytest.approx(step.value)
                owner = frozen.network.layers[step.layer].parameters[0].value
                assert all(owner[term.at] == term.right for term in step.terms)
                sums += 1
    assert sums >= 3


def test_a_closed_path_says_why_it_is_closed() -> None:
    frozen, _ = traced("mlp")
    found = trace(frozen, traced("mlp")[1].image, 7, {4: range(128)})
    steps = chain_rule(frozen, found, "2.weight", (300, 5))
    assert steps[0].value == steps[-1].value == 0
    assert steps[-1].numbers
    switched = arithmetic(frozen, found, 4, (5,))[-1]
    assert (switched.value, switched.numbers) == (0.0, "this unit is switched off")


def test_units_and_weights_that_do_not_exist_are_refused() -> None:
    frozen, found = by_hand()
    for layer, unit in ((9, (0,)), (1, (2,)), (1, (0, 0)), (1, (-1,))):
        with pytest.raises(ValueError, match="must be"):
            arithmetic(frozen, found, layer, unit)
    for name, index in (("2.weight", (0, 0)), ("1.weight", (0,)), ("1.weight", (0, 2))):
        with pytest.raises(ValueError, match=r"no weight|must be within the shape"):
            chain_rule(frozen, found, name, index)


def residual() -> tuple[FrozenNetwork, Trace]:
    """Return a network with a block in a block, and the trace of an image."""
    block = [
        Conv2D(3, 3, padding="same"),
        BatchNorm(3),
        ReLU(),
        Residual([Conv2D(3, 3, padding="same"), Sigmoid()]),
        Dropout(0.5),
    ]
    layers: list[Layer] = [Normalize(), Conv2D(1, 3), Residual(block), ReLU(), Flatten()]
    network = Network([*layers, Dense(48, 4)], 3, np.float64, (6, 6, 1))
    frozen = freeze(network)
    image = stream(3, "pictures").integers(0, 256, (6, 6, 1)).astype(np.uint8)
    return frozen, trace(frozen, image, 2)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("2.0.weight", (0, 1, 2, 1)),
        ("2.0.bias", (2,)),
        ("2.1.scale", (1,)),
        ("2.3.0.weight", (1, 1, 0, 2)),
        ("1.weight", (0, 0, 0, 1)),
    ],
)
def test_the_chain_rule_of_a_weight_in_a_block_is_the_finite_difference(
    name: str, index: tuple[int, ...]
) -> None:
    frozen, found = residual()
    steps = chain_rule(frozen, found, name, index)
    difference = finite_difference(frozen, found, name, index)
    assert difference.switched == {}
    assert steps[0].value == pytest.approx(difference.value, rel=1e-6)
    assert f"{steps[0].path}." == name.removesuffix(name.rpartition(".")[2])
    assert steps[-1].rule == "∂L/∂z = p − t"
    for step, after in pairwise(steps):
        total = sum(term.product for term in step.terms) + step.rest[1]
        assert total == pytest.approx(step.value, rel=1e-9)
        assert after.value == step.terms[0].left
    inside = [step.path for step in steps if step.layer == 2]
    first = {"2.0.weight": 0, "2.0.bias": 0, "2.1.scale": 1, "1.weight": 5}
    if name == "2.3.0.weight":
        assert inside == ["2.3.0", "2.3.1", "2.3", "2.4", "2"]
    else:
        assert inside == ["2.0", "2.1", "2.2", "2.3", "2.4", "2"][first[name] :]


def test_the_equations_of_a_network_do_not_change_it() -> None:
    frozen, found = residual()
    for parameter in frozen.network.parameters:
        parameter.value.flags.writeable = parameter.grad.flags.writeable = False
    arithmetic(frozen, found, 2, (1, 2, 0))
    chain_rule(frozen, found, "2.3.0.weight", (1, 1, 0, 2))
    finite_difference(frozen, found, "2.0.weight", (0, 1, 2, 1))


def test_a_number_of_a_residual_layer_is_written_out_with_its_block() -> None:
    frozen, found = residual()
    convolution, sigmoid, inner, off, outer = arithmetic(frozen, found, 2, (1, 2, 0))
    paths = [step.path for step in (convolution, sigmoid, inner, off, outer)]
    assert paths == ["2.3.0", "2.3.1", "2.3", "2.4", "2"]
    total = sum(term.product for term in convolution.terms) + convolution.rest[1]
    assert total + (convolution.constant or 0) == pytest.approx(convolution.value, abs=1e-12)
    assert sigmoid.value == pytest.approx(1 / (1 + np.exp(-convolution.value)))
    x = found.input_of(2)[1, 2, 0]
    assert x + inner.value == pytest.approx(outer.value) == found.outputs[2][1, 2, 0]
