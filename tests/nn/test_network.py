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


def test_layers_that_do_not_fit_raise_with_both_shapes() -> None:
    with pytest.raises(
        ValueError, match=r"^layer 3: .* Dense\(9, 5\) must be of shape \(9,\), got \(8,\)$"
    ):
        Network([Normalize(), Flatten(), Dense(12, 8), Dense(9, 5)], input_shape=SHAPE)
    with pytest.raises(
        ValueError, match=r"^layer 0: .* Dense\(12, 8\) .* put a Flatten before it$"
    ):
        Network([Dense(12, 8)], input_shape=SHAPE)
    with pytest.raises(
        ValueError,
        match=r"^layers must be a list of length 1 or more \(each item a Layer\), got \[\]$",
    ):
        Network([])


def test_weights_depend_on_seed_and_layer() -> None:
    np.testing.assert_array_equal(network(seed=1).theta.value, network(seed=1).theta.value)
    assert (network(seed=1).layers[2].parameters[0].value != 0).all()
    different = network(seed=1).theta.value != network(seed=2).theta.value
    assert different[: 12 * 8 + 8 * 5].all()
    twins = Network([Flatten(), Dense(12, 12), Dense(12, 12)], input_shape=SHAPE)
    assert (twins.parameters[0].value != twins.parameters[1].value).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("pixels", [np.uint8, np.float32, np.float64])
def test_dtype_of_the_network_decides_the_precision(dtype: type, pixels: type) -> None:
    net = network(dtype)
    x: Array = images().astype(pixels)
    assert net.theta.value.dtype == net.theta.grad.dtype == dtype
    assert net.forward(x).dtype == net.forward(x, training=True).dtype == dtype
    assert net.predict_probabilities(x).dtype == dtype


def test_weights_come_before_parameters_without_decay() -> None:
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


def test_forward_applies_the_layers_in_order() -> None:
    net, x = network(), images()
    y = x
    for layer in net.layers:
        y = layer.forward(y)
    np.testing.assert_array_equal(net.forward(x), y)
    assert y.shape == (6, 5)


def test_uint8_and_float_images_give_the_same_logits() -> None:
    net, x = network(), images()
    np.testing.assert_array_equal(net.forward(x), net.forward(x.astype(np.float32)))


@pytest.mark.parametrize("shape", [(6, 4, 3), (6, 3, 4, 1), (6, 12), (4, 3, 1)])
def test_images_of_wrong_shape_raise_with_both_shapes(shape: tuple[int, ...]) -> None:
    net, x = network(), np.zeros(shape, np.uint8)
    for use in (net.forward, net.prepare, net.predict, net.predict_probabilities):
        with pytest.raises(
            ValueError, match=r"images must have the shape \(N, 4, 3, 1\), got"
        ) as caught:
            use(x)
        assert str(shape) in str(caught.value)
        assert ("channel axis" in str(caught.value)) == (shape == (6, 4, 3))


def test_every_gradient_is_the_derivative_of_the_loss() -> None:
    layers = [Normalize(), Dropout(0.2), Flatten(), Dense(12, 8), BatchNorm(8), GELU()]
    net = Network([*layers, Dropout(0.3), Dense(8, 5)], 0, np.float64, SHAPE)
    checks = check_network(net, SoftmaxCrossEntropy(0.1), images(), labels())
    assert [check.name for check in checks] == [f"d{p.name}" for p in net.parameters]
    for check in checks:
        assert check.error < 1e-6, str(check)


def test_gradients_do_not_accumulate_over_steps() -> None:
    net, x = network(), images()
    first = gradient(net, x)
    np.testing.assert_array_equal(gradient(net, x), first)
    assert (first[net.theta.decayed] != 0).any()


@pytest.mark.parametrize("dropout", [None, 0.5])
def test_prepared_images_give_the_same_logits_and_gradients(dropout: float | None) -> None:
    one, other, x = network(dropout=dropout), network(dropout=dropout), images()
    expected = gradient(one, x, step=3)
    prepared = other.prepare(x)
    assert prepared.shape == (6, 12)  # scaled and flattened
    logits = other.forward_prepared(prepared, step=3)
    _, dlogits = SoftmaxCrossEntropy()(logits, labels())
    other.backward(dlogits)
    np.testing.assert_array_equal(other.theta.grad, expected)


def test_prepare_stops_before_random_layers() -> None:
    net = Network([Normalize(), Dropout(0.5), Flatten(), Dense(12, 5)], input_shape=SHAPE)
    prepared = net.prepare(images())
    np.testing.assert_array_equal(prepared, net.layers[0].forward(images()))
    logits = net.forward_prepared(prepared, step=1).copy()
    np.testing.assert_array_equal(logits, net.forward(images(), training=True, step=1))
    assert (logits != net.forward_prepared(prepared, step=2)).any()


class Counting(Dense):
    """A dense layer that counts how often its dx was computed."""

    computed = 0

    def backward(self, dy: Array) -> Array:
        self.computed += 1
        return super().backward(dy)


def test_gradient_of_the_images_is_not_computed() -> None:
    first, second = Counting(12, 8), Counting(8, 5)
    net = Network([Normalize(), Flatten(), first, ReLU(), second], input_shape=SHAPE)
    assert (gradient(net, images()) != 0).any()
    assert (first.computed, second.computed) == (0, 1)


def test_network_without_parameters_runs() -> None:
    net = Network([Normalize(mean=0, deviation=255), Flatten()], input_shape=SHAPE)
    net.backward(net.forward(images(), training=True))
    assert net.theta.grad.shape == (0,)


# --- randomness


def test_dropout_without_step_raises() -> None:
    net = network(dropout=0.5)
    with pytest.raises(RuntimeError, match=r"network.forward\(x, training=True, step=\.\.\.\)"):
        net.forward(images(), training=True)
    net.forward(images())  # inference draws no random numbers


def test_step_can_be_repeated_without_earlier_steps() -> None:
    straight, late, x = network(dropout=0.5), network(dropout=0.5), images()
    steps = [gradient(straight, x, step) for step in range(4)]
    np.testing.assert_array_equal(gradient(late, x, step=3), steps[3])
    assert (steps[2] != steps[3]).any()


def test_mask_depends_on_dropout_layer_and_seed() -> None:
    def masked(seed: int) -> list[Array]:
        net = Network([Dropout(0.5), Dropout(0.5)], seed, np.float64, (50,))
        net.forward(np.ones((2, 50)), training=True, step=0)
        return [np.asarray(layer.backward(np.ones((2, 50)))) for layer in net.layers]

    one, two, three = *masked(seed=0), masked(seed=1)[0]
    assert (one != two).any()
    assert (one != three).any()


# --- inference


def test_prediction_does_not_depend_on_batch_size() -> None:
    net, x = network(np.float64), images(11)
    logits = net.forward(x)
    for batch in (1, 4, 11, 1000):
        classes = net.predict(x, batch)
        assert classes.dtype == np.int64
        np.testing.assert_array_equal(classes, logits.argmax(axis=1))
        probabilities = net.predict_probabilities(x, batch)
        np.testing.assert_allclose(probabilities, softmax(logits), rtol=1e-12)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)


def test_no_images_give_no_predictions() -> None:
    net = network()
    assert net.predict(images(0)).shape == (0,)
    assert net.predict(images(0)).dtype == np.int64
    assert net.predict_probabilities(images(0)).shape == (0, 5)


def test_several_threads_may_predict_at_once() -> None:
    net = network(dropout=0.5)
    batches = [images(3 + n % 5, seed=n) for n in range(40)]
    expected = [net.predict_probabilities(batch) for batch in batches]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            results = list(threads.map(net.predict_probabilities, batches))
            for result, right in zip(results, expected, strict=True):
                np.testing.assert_allclose(result, right, rtol=1e-5)


def test_predicting_between_forward_and_backward_changes_no_gradient() -> None:
    one, other = network(), network()
    expected = gradient(one, images())
    _, dlogits = SoftmaxCrossEntropy()(other.forward(images(), training=True), labels())
    other.predict(images(20, seed=9))
    other.backward(dlogits)
    np.testing.assert_array_equal(other.theta.grad, expected)


def test_layer_in_two_places_raises() -> None:
    dense = Dense(784, 784)
    with pytest.raises(
        ValueError, match=r"^layers\[3\] must be a new layer, got a Dense .* in use"
    ):
        Network([Normalize(), Flatten(), dense, dense])
    other = Dense(784, 10)
    Network([Normalize(), Flatten(), other])
    with pytest.raises(ValueError, match="create a new Dense for each place"):
        Network([Normalize(), Flatten(), other])


def used() -> Dense:
    """Return a layer that is already part of a network."""
    layer = Dense(8, 5)
    Network([layer], input_shape=(8,))
    return layer


def small(*layers: Any, **settings: Any) -> Network:
    return Network(layers, input_shape=SHAPE, **settings)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda good: small(*good, Dense(9, 5)), r"must be of shape \(9,\)"),
        (lambda good: small(*good, used()), r"layers\[3\] must be a new layer"),
        (lambda good: small(*good, good[-1]), r"layers\[3\] must be a new layer"),
        (lambda good: small(*good, seed=-1), "seed must be a whole number"),
        (
            lambda good: small(*good, dtype=np.float16),
            "dtype must be float32 or float64, got float16",
        ),
        (lambda good: small(*good, dtype=int), "float32 or float64, got int64"),
        (lambda good: small(*good, ReLU), r"layers\[3\] .* got the class ReLU: write ReLU\(\.\.\."),
        (lambda good: small(*good, "ReLU"), r"layers\[3\] must be a Layer, got 'ReLU'"),
        (lambda good: small(*good, None), r"layers\[3\] must be a Layer, got None"),
    ],
)
def test_layers_can_be_used_again_after_an_error(
    spoil: Callable[[list[Any]], Network], message: str
) -> None:
    good = [Normalize(), Flatten(), Dense(12, 8)]
    with pytest.raises(ValueError, match=message):
        spoil(good)
    assert not any(layer.owned for layer in good)
    net = small(*good)
    assert [p.name for p in net.parameters] == ["2.weight", "2.bias"]


def test_layers_can_be_used_again_after_a_failed_initialisation(
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
