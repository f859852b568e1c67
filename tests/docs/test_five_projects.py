"""The statements of docs/mathematics.md, section 5, about the faults of the five projects."""

import doctest
from typing import Any

import numpy as np
import pytest

from tenfold.evaluation import probability_errors
from tenfold.nn import (
    SGD,
    Dense,
    Network,
    ReLU,
    SoftmaxCrossEntropy,
    check_gradient,
    one_hot,
    softmax,
    stream,
)
from tenfold.nn.array import Array
from tenfold.recipes.classics.faults import CrossEntropyAsWritten, OneBiasPerLayer
from tests.docs.page import blocks


def test_one_bias_gradient_moves_hidden_biases_together_and_no_output_bias() -> None:
    rng = stream(0, "test")
    network = Network([Dense(6, 5), ReLU(), Dense(5, 4)], dtype=np.float64, input_shape=(6,))
    hidden, output = (p for p in network.parameters if p.name.endswith("bias"))
    hidden.value[...] = rng.standard_normal(5)
    before = hidden.value.copy(), output.value.copy()
    x, labels = rng.standard_normal((50, 6)), rng.integers(0, 4, 50)
    for _ in range(3):
        logits = network.forward(x, training=True)
        network.backward(CrossEntropyAsWritten()(logits, labels)[1])
        assert np.abs(output.grad).max() > 0.01
        OneBiasPerLayer(SGD()).step(network.theta, 0.5)
    moved = hidden.value - before[0]
    assert np.ptp(moved) < 1e-14 < abs(moved[0])
    np.testing.assert_allclose(output.value, before[1], rtol=0, atol=1e-14)


def test_summed_gradient_equals_a_learning_rate_times_the_number_of_images() -> None:
    rng = stream(0, "test")
    logits, labels = rng.standard_normal((42, 10)), rng.integers(0, 10, 42)
    _, summed = CrossEntropyAsWritten("row", divisor=1)(logits, labels)
    _, mean = SoftmaxCrossEntropy()(logits, labels)
    np.testing.assert_allclose(1e-5 * summed, 42e-5 * mean, rtol=1e-12, atol=1e-20)


@pytest.mark.parametrize(("dtype", "lost"), [(np.float64, 746), (np.float32, 104)])
def test_batch_maximum_gives_nan_for_rows_far_below_it(dtype: type, lost: int) -> None:
    labels = np.array([0, 0])
    for gap, finite in ((lost - 2, True), (lost, False)):
        logits: Array = np.array([[gap, 0], [0, 0]], dtype)
        with np.errstate(invalid="ignore"):
            loss, _ = CrossEntropyAsWritten("batch")(logits, labels)
        assert np.isfinite(loss) == finite
        assert np.isfinite(SoftmaxCrossEntropy()(logits, labels)[0])


def test_mean_r2_is_linear_in_the_squared_error() -> None:
    rng = stream(0, "test")
    p, labels = softmax(rng.standard_normal((40, 10))), rng.integers(0, 10, 40)
    t = one_hot(labels, 10, np.float64)
    about_the_mean = ((t - t.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    r2 = np.mean(1 - ((p - t) ** 2).sum(axis=1) / about_the_mean)
    errors = probability_errors(p, labels)
    np.testing.assert_allclose([r2, errors["r2"]], 1 - errors["cost"] / 0.09, rtol=1e-12)


def test_batch_of_32_divided_by_64_has_half_its_mean_gradient() -> None:
    rng = stream(0, "test")
    logits, labels = rng.standard_normal((32, 10)), rng.integers(0, 10, 32)
    _, written = CrossEntropyAsWritten("row", divisor=64)(logits, labels)
    np.testing.assert_allclose(written, SoftmaxCrossEntropy()(logits, labels)[1] / 2, atol=1e-17)


def test_squared_error_behind_softmax_has_the_derived_gradient() -> None:
    rng = stream(0, "test")
    z, t = rng.standard_normal((5, 10)), one_hot(rng.integers(0, 10, 5), 10, np.float64)
    examples = doctest.DocTestParser().get_examples("\n".join(blocks("pycon")))
    (written,) = (e.source for e in examples if e.source.startswith("def squared_error_dz"))
    room: dict[str, Any] = {"softmax": softmax}
    exec(written, room)
    dz = room["squared_error_dz"](z, t)
    check = check_gradient("dz", lambda: float(np.mean((softmax(z) - t) ** 2)), z, dz, rng)
    assert check.error < 1e-8, str(check)
