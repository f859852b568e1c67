from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tenfold.nn import (
    GELU,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Network,
    Normalize,
    ReLU,
    SoftmaxCrossEntropy,
    check_network,
    softmax,
)
from tenfold.nn.array import Array
from tests.nn.small_network import SHAPE, gradient, images, labels, network

# --- construction


def test_layers_that_do_not_fit_are_named_with_both_numbers() -> None:
    with pytest.raises(
        ValueError, match=r"^layer 3: Dense\(9, 5\) takes 9 features, .* the shape \(8,\)$"
    ):
        Network([Normalize(), Flatten(), Dense(12, 8), Dense(9, 5)], input_shape=SHAPE)
    with pytest.raises(ValueError, match=r"^layer 0: Dense\(12, 8\) .* put a Flatten before it$"):
        Network([Dense(12, 8)], input_shape=SHAPE)
    with pytest.raises(ValueError, match="needs at least one layer"):
        Network([])


def test_the_seed_decides_the_weights_and_each_layer_has_its_own() -> None:
    np.testing.assert_array_equal(network(seed=1).theta.value, network(seed=1).theta.value)
    assert (network(seed=1).layers[2].parameters[0].value != 0).all()
    different = network(seed=1).theta.value != network(seed=2).theta.value
    assert different[: 12 * 8 + 8 * 5].all()
    twins = Network([Flatten(), Dense(12, 12), Dense(12, 12)], input_shape=SHAPE)
    assert (twins.parameters[0].value != twins.parameters[1].value).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("pixels", [np.uint8, np.float32, np.float64])
def test_the_network_decides_the_precision(dtype: type, pixels: type) -> None:
    net = network(dtype)
    x: Array = images().astype(pixels)
    assert net.theta.value.dtype == net.theta.grad.dtype == dtype
    assert net.forward(x).dtype == net.forward(x, training=True).dtype == dtype
    assert net.predict_probabilities(x).dtype == dtype


def test_weights_lie_before_everything_that_does_not_decay() -> None:
    net = network()
    assert [p.name for p in net.parameters] == [
        "2.weight",
        "5.weight",
        "2.bias",
        "3.scale",
        "3.shift",
        "5.bias",
    ]
    assert net.theta.decayed == slice(0, 12 * 8 + 8 * 5)


# --- forward and backward


def test_a_forward_is_the_layers_one_after_another() -> None:
    net, x = network(), images()
    y = x
    for layer in net.layers:
        y = layer.forward(y)
    np.testing.assert_array_equal(net.forward(x), y)
    assert y.shape == (6, 5)


def test_raw_bytes_and_the_same_numbers_as_floats_are_the_same_image() -> None:
    net, x = network(), images()
    np.testing.assert_array_equal(net.forward(x), net.forward(x.astype(np.float32)))


@pytest.mark.parametrize("shape", [(6, 4, 3), (6, 3, 4, 1), (6, 12), (4, 3, 1)])
def test_images_of_another_shape_are_refused_with_both_shapes(shape: tuple[int, ...]) -> None:
    net, x = network(), np.zeros(shape, np.uint8)
    for use in (net.forward, net.prepare, net.predict, net.predict_probabilities):
        with pytest.raises(ValueError, match=r"images of shape \(N, 4, 3, 1\), not") as caught:
            use(x)
        assert str(shape) in str(caught.value)
        assert ("channel axis" in str(caught.value)) == (len(shape) == 3)


def test_every_gradient_is_the_derivative_of_the_loss() -> None:
    layers = [Normalize(), Dropout(0.2), Flatten(), Dense(12, 8), BatchNorm(8), GELU()]
    net = Network([*layers, Dropout(0.3), Dense(8, 5)], 0, np.float64, SHAPE)
    checks = check_network(net, SoftmaxCrossEntropy(0.1), images(), labels())
    assert [check.name for check in checks] == [f"d{p.name}" for p in net.parameters]
    for check in checks:
        assert check.error < 1e-6, str(check)


def test_gradients_are_assigned_anew_at_every_step() -> None:
    net, x = network(), images()
    first = gradient(net, x)
    np.testing.assert_array_equal(gradient(net, x), first)
    assert (first[net.theta.decayed] != 0).any()


@pytest.mark.parametrize("dropout", [None, 0.5])
def test_prepared_images_give_the_same_logits_and_gradients(dropout: float | None) -> None:
    one, other, x = network(dropout=dropout), network(dropout=dropout), images()
    expected = gradient(one, x, step=3)
    prepared = other.prepare(x)
    assert prepared.shape == (6, 12)  # scaled and flattened: nothing before the Dense ever changes
    logits = other.forward_prepared(prepared, step=3)
    _, dlogits = SoftmaxCrossEntropy()(logits, labels())
    other.backward(dlogits)
    np.testing.assert_array_equal(other.theta.grad, expected)


def test_what_is_random_is_not_prepared() -> None:
    net = Network([Normalize(), Dropout(0.5), Flatten(), Dense(12, 5)], input_shape=SHAPE)
    prepared = net.prepare(images())
    np.testing.assert_array_equal(prepared, net.layers[0].forward(images()))
    logits = net.forward_prepared(prepared, step=1).copy()
    np.testing.assert_array_equal(logits, net.forward(images(), training=True, step=1))
    assert (logits != net.forward_prepared(prepared, step=2)).any()


class Watched(Dense):
    """A dense layer that counts how often its dx was asked for."""

    asked = 0

    def backward(self, dy: Array) -> Array:
        self.asked += 1
        return super().backward(dy)


def test_nothing_computes_the_gradient_of_the_images() -> None:
    first, second = Watched(12, 8), Watched(8, 5)
    net = Network([Normalize(), Flatten(), first, ReLU(), second], input_shape=SHAPE)
    assert (gradient(net, images()) != 0).any()
    assert (first.asked, second.asked) == (0, 1)


def test_a_network_without_parameters_can_still_run() -> None:
    net = Network([Normalize(0, 255), Flatten()], input_shape=SHAPE)
    net.backward(net.forward(images(), training=True))
    assert net.theta.grad.shape == (0,)


# --- randomness


def test_dropout_needs_to_know_the_step() -> None:
    net = network(dropout=0.5)
    with pytest.raises(RuntimeError, match=r"network.forward\(x, training=True, step=\.\.\.\)"):
        net.forward(images(), training=True)
    net.forward(images())  # outside training nothing is drawn


def test_a_step_can_be_replayed_without_those_before_it() -> None:
    straight, late, x = network(dropout=0.5), network(dropout=0.5), images()
    steps = [gradient(straight, x, step) for step in range(4)]
    np.testing.assert_array_equal(gradient(late, x, step=3), steps[3])
    assert (steps[2] != steps[3]).any()


def test_every_dropout_and_every_seed_draws_its_own_mask() -> None:
    def masked(seed: int) -> list[Array]:
        net = Network([Dropout(0.5), Dropout(0.5)], seed, np.float64, (50,))
        net.forward(np.ones((2, 50)), training=True, step=0)
        return [np.asarray(layer.backward(np.ones((2, 50)))) for layer in net.layers]

    one, two, three = *masked(seed=0), masked(seed=1)[0]
    assert (one != two).any()
    assert (one != three).any()


# --- inference


def test_prediction_in_batches_is_prediction_at_once() -> None:
    net, x = network(np.float64), images(11)
    logits = net.forward(x)
    for batch in (1, 4, 11, 1000):
        classes = net.predict(x, batch)
        assert classes.dtype == np.int64
        np.testing.assert_array_equal(classes, logits.argmax(axis=1))
        probabilities = net.predict_probabilities(x, batch)
        np.testing.assert_allclose(probabilities, softmax(logits), rtol=1e-12)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)


def test_no_images_have_no_predictions() -> None:
    net = network()
    assert net.predict(images(0)).shape == (0,)
    assert net.predict(images(0)).dtype == np.int64
    assert net.predict_probabilities(images(0)).shape == (0, 5)


def test_many_threads_may_ask_at_once() -> None:
    net = network(dropout=0.5)
    batches = [images(3 + n % 5, seed=n) for n in range(40)]
    expected = [net.predict_probabilities(batch) for batch in batches]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            results = list(threads.map(net.predict_probabilities, batches))
            for result, right in zip(results, expected, strict=True):
                np.testing.assert_allclose(result, right, rtol=1e-5)


def test_asking_between_forward_and_backward_changes_no_gradient() -> None:
    one, other = network(), network()
    expected = gradient(one, images())
    _, dlogits = SoftmaxCrossEntropy()(other.forward(images(), training=True), labels())
    other.predict(images(20, seed=9))
    other.backward(dlogits)
    np.testing.assert_array_equal(other.theta.grad, expected)


def test_a_layer_stands_in_one_place_of_one_network() -> None:
    dense = Dense(784, 784)
    with pytest.raises(ValueError, match="layer 3: this Dense already stands in a network"):
        Network([Normalize(), Flatten(), dense, dense])
    other = Dense(784, 10)
    Network([Normalize(), Flatten(), other])
    with pytest.raises(ValueError, match="make a new one"):
        Network([Normalize(), Flatten(), other])


def taken() -> Dense:
    """Return a layer that stands in a network already."""
    layer = Dense(8, 5)
    Network([layer], input_shape=(8,))
    return layer


def small(*layers: Any, **settings: Any) -> Network:
    return Network(layers, input_shape=SHAPE, **settings)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda good: small(*good, Dense(9, 5)), "takes 9 features"),
        (lambda good: small(*good, taken()), "already stands"),
        (lambda good: small(*good, good[-1]), "layer 3: .* already stands"),
        (lambda good: small(*good, seed=-1), "a seed is"),
        (lambda good: small(*good, dtype=np.float16), "not in float16"),
        (lambda good: small(*good, dtype=int), "float32 or float64, not in"),
        (lambda good: small(*good, ReLU), r"is the class ReLU.*ReLU\(\.\.\."),
        (lambda good: small(*good, "ReLU"), "layer 3 is no layer but .* str"),
    ],
)
def test_layers_of_a_network_that_was_refused_can_be_used_again(
    spoil: Callable[[list[Any]], Network], message: str
) -> None:
    good = [Normalize(), Flatten(), Dense(12, 8)]
    with pytest.raises(ValueError, match=message):
        spoil(good)
    assert not any(layer.placed for layer in good)
    net = small(*good)
    assert [p.name for p in net.parameters] == ["2.weight", "2.bias"]


def test_a_network_that_memory_could_not_hold_leaves_its_layers_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layers = [Normalize(), Flatten(), Dense(12, 8), Dense(8, 5)]
    with monkeypatch.context() as patch:
        patch.setattr(layers[3], "initialize", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Network(layers, input_shape=SHAPE)
    fresh = Network([Normalize(), Flatten(), Dense(12, 8), Dense(8, 5)], input_shape=SHAPE)
    again = Network(layers, input_shape=SHAPE)
    assert [p.name for p in again.parameters] == [p.name for p in fresh.parameters]
    np.testing.assert_array_equal(again.theta.value, fresh.theta.value)
