"""Forward and backward pass of one image, compared with predictions and with differences."""

from functools import cache

import numpy as np
import pytest

import tenfold
from tenfold.inspection import (
    Difference,
    FrozenNetwork,
    Trace,
    finite_difference,
    forward_from,
    freeze,
    most_exciting,
    prune,
    trace,
)
from tenfold.nn import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Network,
    Normalize,
    ReLU,
    Residual,
    stream,
)
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES

NAMES = ("mlp", "quick", "standard")


def pictures(count: int = 8) -> Array:
    """Return blurred noise: images in which all units have something to do."""
    noise = stream(3, "pictures").integers(0, 256, (count, 28, 28, 1))
    return ((noise + np.roll(noise, 1, 1) + np.roll(noise, 1, 2)) // 3).astype(np.uint8)


@cache
def network(name: str) -> Network:
    """Return the bundled model, or a recipe's initial network with statistics of images."""
    if name == "standard":
        return tenfold.load(name).network
    made = RECIPES[name].network(1)
    made.recompute_statistics(pictures(64))
    return made


@cache
def traced(name: str) -> tuple[FrozenNetwork, Trace]:
    frozen = freeze(network(name))
    return frozen, trace(frozen, pictures()[0], 7)


def random_weights(name: str, count: int) -> list[tuple[str, tuple[int, ...], float, Difference]]:
    """Return weights whose gradient is not 0, and their differences without switches."""
    frozen, found = traced(name)
    rng = stream(11, name)
    weights: list[tuple[str, tuple[int, ...], float, Difference]] = []
    while len(weights) < count:
        parameter = frozen.network.parameters[rng.integers(len(frozen.network.parameters))]
        index = tuple(int(rng.integers(n)) for n in parameter.shape)
        gradient = float(found.parameters[parameter.name][index])
        if abs(gradient) > 1e-12:
            difference = finite_difference(frozen, found, parameter.name, index)
            if not difference.switched:
                weights.append((parameter.name, index, gradient, difference))
    return weights


@pytest.mark.parametrize("name", NAMES)
def test_twenty_random_weights_agree_with_the_finite_difference(name: str) -> None:
    frozen, _ = traced(name)
    before = frozen.network.theta.value.copy()
    weights = random_weights(name, 20)
    for parameter, index, gradient, difference in weights:
        assert difference.value == pytest.approx(gradient, rel=1e-6, abs=0), (parameter, index)
    assert len({parameter for parameter, *_ in weights}) > 3
    assert np.median([abs(gradient) for _, _, gradient, _ in weights]) > 1e-6
    np.testing.assert_array_equal(frozen.network.theta.value, before)


@pytest.mark.parametrize("name", NAMES)
def test_the_frozen_network_predicts_as_the_original(name: str) -> None:
    frozen, found = traced(name)
    expected = network(name).forward(pictures()[:1])[0]
    np.testing.assert_allclose(found.logits, expected, rtol=1e-3, atol=1e-4)
    assert found.outputs[0].dtype == np.float64
    p = np.exp(found.logits) / np.exp(found.logits).sum()
    assert found.loss == pytest.approx(-np.log(p[7]))
    assert len(frozen.origins) == len(frozen.network.layers) == len(found.outputs)
    assert frozen.origins[-1] == len(network(name).layers) - 1


def test_saliency_is_the_derivative_with_respect_to_a_pixel() -> None:
    frozen, found = traced("quick")
    image = pictures()[0].astype(np.float64)
    for pixel in ((14, 14, 0), (5, 20, 0), (27, 0, 0)):
        losses = []
        for sign in (-1, 1):
            moved = image.copy()
            moved[pixel] += sign * 1e-4
            losses.append(-np.log(frozen.network.predict_batch(moved[np.newaxis])[0, 7]))
        expected = (losses[1] - losses[0]) / 2e-4
        assert found.saliency[pixel] == pytest.approx(expected, rel=1e-5, abs=1e-12)


def test_a_switch_inside_the_step_is_counted() -> None:
    layers = [Flatten(), Dense(1, 1), ReLU(), Dense(1, 2)]
    frozen = freeze(Network(layers, dtype=np.float64, input_shape=(1, 1, 1)))
    w, b = (p.value for p in frozen.network.layers[1].parameters)
    w[...], b[...] = 1.0, -1.0  # y = w x - 1 with x = 1: the kink is at w = 1
    found = trace(frozen, np.ones((1, 1, 1), np.uint8), 0)
    assert finite_difference(frozen, found, "1.weight", (0, 0)).switched == {2: 1}
    w[...] = 2.0
    found = trace(frozen, np.ones((1, 1, 1), np.uint8), 0)
    difference = finite_difference(frozen, found, "1.weight", (0, 0))
    assert difference.switched == {}
    assert difference.upper - difference.lower == pytest.approx(2e-4 * difference.value, rel=1e-6)


def test_units_that_are_off_give_nothing_forward_and_backward() -> None:
    frozen, _ = traced("quick")
    off = {4: (0, 3)}
    found = trace(frozen, pictures()[0], 7, off)
    assert not found.outputs[4][..., [0, 3]].any()
    assert not found.gradients[4][..., [0, 3]].any()
    assert not found.parameters["1.weight"][..., [0, 3]].any()
    assert found.parameters["1.weight"][..., 1].any()
    logits = forward_from(frozen.network, pictures()[:1], off=off)[0]
    np.testing.assert_allclose(logits, found.logits, rtol=1e-12)
    difference = finite_difference(frozen, found, "5.weight", (1, 1, 2, 4))
    gradient = found.parameters["5.weight"][1, 1, 2, 4]
    assert difference.value == pytest.approx(gradient, rel=1e-5, abs=1e-12)


def test_a_residual_block_is_frozen_inside() -> None:
    block = [Conv2D(2, 2, padding="same"), BatchNorm(2), Dropout(0.5), ReLU()]
    layers = [Normalize(), Conv2D(1, 2), Residual(block), Flatten(), Dense(2 * 36, 3)]
    original = Network(layers, input_shape=(8, 8, 1))
    original.recompute_statistics(pictures()[:, :8, :8])
    frozen = freeze(original)
    found = trace(frozen, pictures()[0, :8, :8], 1)
    expected = original.forward(pictures()[:1, :8, :8])[0]
    np.testing.assert_allclose(found.logits, expected, rtol=1e-4, atol=1e-5)
    for name in ("2.0.weight", "2.1.scale"):
        index = (0,) * found.parameters[name].ndim
        difference = finite_difference(frozen, found, name, index)
        assert difference.value == pytest.approx(found.parameters[name][index], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "index", "step", "why"),
    [
        ("9.weight", (0, 0), 1e-5, "not a parameter"),
        ("2.weight", (0, 0, 0), 1e-5, "must be within the shape"),
        ("2.weight", (784, 0), 1e-5, "must be within the shape"),
        ("2.weight", (0, 0), 0.0, "step must be a finite number above 0"),
    ],
)
def test_other_weights_and_steps_are_refused(
    name: str, index: tuple[int, ...], step: float, why: str
) -> None:
    frozen, found = traced("mlp")
    with pytest.raises(ValueError, match=why):
        finite_difference(frozen, found, name, index, step)


def test_other_images_and_units_are_refused() -> None:
    frozen, _ = traced("mlp")
    with pytest.raises(ValueError, match="image must have the shape"):
        trace(frozen, np.zeros((8, 8, 1), np.uint8), 0)
    for off, why in (({99: [0]}, "hidden layer"), ({3: [128]}, "from 0 to 127")):
        with pytest.raises(ValueError, match=why):
            trace(frozen, pictures()[0], 0, off)


def test_the_most_exciting_images_are_those_of_a_full_search() -> None:
    frozen = freeze(network("quick"), np.float32)
    images = pictures(230)
    seen: list[tuple[int, int]] = []
    found = most_exciting(frozen, images, 3, lambda done, total: seen.append((done, total)))
    assert seen == [(200, 230), (230, 230)]
    x = images
    for index, layer in enumerate(frozen.network.layers[:4]):
        x = layer.forward(x)
        channel = x[..., -1].max(axis=(1, 2))
        assert found[index][-1].tolist() == sorted(range(230), key=lambda i: -channel[i])[:3]
    with pytest.raises(ValueError, match="images must be at least 9, got 2"):
        most_exciting(frozen, images[:2])


def test_pruning_removes_the_smallest_weights_of_each_array() -> None:
    whole = network("mlp")
    pruned = prune(whole, 0.25)
    for before, after in zip(whole.parameters, pruned.parameters, strict=True):
        if not before.decay:
            np.testing.assert_array_equal(before.value, after.value)
            continue
        gone = (after.value == 0) & (before.value != 0)
        assert gone.sum() == int(0.25 * before.size)
        assert np.abs(before.value[gone]).max() <= np.abs(before.value[~gone]).min()
        np.testing.assert_array_equal(before.value[~gone], after.value[~gone])
