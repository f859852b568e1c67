import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tenfold.nn import (
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    check_gradient,
    log_softmax,
    one_hot,
    softmax,
    stream,
)
from tenfold.nn.array import Array
from tests.nn import reference

LOSSES = [SoftmaxCrossEntropy(), SoftmaxCrossEntropy(0.1), MeanSquaredError()]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)


def batch(n: int = 6, classes: int = 10, seed: int = 0) -> tuple[Array, Array]:
    rng = stream(seed, "test")
    return rng.normal(0, 2, (n, classes)), rng.integers(0, classes, n)


def test_cross_entropy_worked_by_hand() -> None:
    # softmax(ln 1, ln 3) = (1/4, 3/4); softmax(0, 0) = (1/2, 1/2).
    logits = np.array([[0.0, math.log(3)], [0.0, 0.0]])
    value, dlogits = SoftmaxCrossEntropy()(logits, np.array([1, 0]))
    assert value == pytest.approx((-math.log(3 / 4) - math.log(1 / 2)) / 2, rel=1e-14)
    # (p - t) / 2 with t = (0, 1) and (1, 0).
    np.testing.assert_allclose(dlogits, [[1 / 8, -1 / 8], [-1 / 4, 1 / 4]], rtol=1e-14)


def test_label_smoothing_worked_by_hand() -> None:
    # With s = 0.2 and two classes, the target of the correct class is 0.9, the other one 0.1.
    value, dlogits = SoftmaxCrossEntropy(0.2)(np.array([[0.0, math.log(3)]]), np.array([1]))
    assert value == pytest.approx(-0.1 * math.log(1 / 4) - 0.9 * math.log(3 / 4), rel=1e-14)
    np.testing.assert_allclose(dlogits, [[0.25 - 0.1, 0.75 - 0.9]], rtol=1e-14)


def test_mean_squared_error_worked_by_hand() -> None:
    # The errors are (1 - 1, 2 - 0) and (0 - 0, -1 - 1): L = (0 + 4 + 0 + 4) / 4, dz = 2/4 * error.
    value, dlogits = MeanSquaredError()(np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0, 1]))
    assert value == 2
    np.testing.assert_array_equal(dlogits, [[0, 1], [0, -1]])


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.7])
def test_cross_entropy_agrees_with_plain_loops(smoothing: float) -> None:
    logits, labels = batch()
    value, dlogits = SoftmaxCrossEntropy(smoothing)(logits, labels)
    right, dright = reference.cross_entropy(logits.tolist(), labels.tolist(), smoothing)
    assert value == pytest.approx(right, rel=1e-12)
    np.testing.assert_allclose(dlogits, dright, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(softmax(logits), [reference.softmax(z) for z in logits.tolist()])


@pytest.mark.parametrize("seed", range(3))
@every_loss
def test_dlogits_is_the_derivative_of_the_loss(loss: Loss, seed: int) -> None:
    logits, labels = batch(seed=seed)
    _, dlogits = loss(logits, labels)
    rng = stream(seed, "direction")
    check = check_gradient("dlogits", lambda: loss(logits, labels)[0], logits, dlogits, rng)
    assert check.error < 1e-8, str(check)


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_keeps_the_dtype_and_only_reads_the_logits(loss: Loss, dtype: type) -> None:
    logits, labels = batch()
    logits = logits.astype(dtype)
    logits.flags.writeable = labels.flags.writeable = False
    value, dlogits = loss(logits, labels)
    assert type(value) is float
    assert dlogits.dtype == dtype
    assert dlogits.shape == logits.shape


@every_loss
def test_loss_is_a_mean_over_the_batch(loss: Loss) -> None:
    logits, labels = batch()
    value, dlogits = loss(logits, labels)
    twice, dtwice = loss(np.concatenate([logits] * 2), np.concatenate([labels] * 2))
    assert twice == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(dtwice[:6], dlogits / 2, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_logits_of_ten_thousand_do_not_overflow(dtype: type, smoothing: float) -> None:
    logits: Array = np.array([[1e4, 0, -1e4], [-1e4, -1e4, 1e4]], dtype)
    value, dlogits = SoftmaxCrossEntropy(smoothing)(logits, np.array([1, 2]))
    # Row 0: log p of the correct class is -1e4, the sum of all -(0 + 1e4 + 2e4); row 1: 0, -4e4.
    right, mean = -1e4 / 2, -(3e4 + 4e4) / 6
    assert value == pytest.approx(-(1 - smoothing) * right - smoothing * mean, rel=1e-6)
    assert np.isfinite(dlogits).all()
    np.testing.assert_allclose(softmax(logits), [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(log_softmax(logits), [[0, -1e4, -2e4], [-2e4, -2e4, 0]])


wild = hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e4, 1e4))


@given(wild, st.floats(-1e3, 1e3))
def test_softmax_sums_to_one_and_ignores_a_constant(logits: Array, shift: float) -> None:
    p = softmax(logits)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(logits + shift), p, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), p, rtol=1e-9, atol=1e-300)


@given(wild, st.floats(0, 0.9))
def test_each_row_of_dlogits_sums_to_zero(logits: Array, smoothing: float) -> None:
    _, dlogits = SoftmaxCrossEntropy(smoothing)(logits, np.array([0, 3, 1]))
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-14)


def test_loss_of_equal_logits_is_log_of_classes() -> None:
    for smoothing in (0.0, 0.3):
        value, _ = SoftmaxCrossEntropy(smoothing)(np.zeros((4, 10)), np.arange(4))
        assert value == pytest.approx(math.log(10), rel=1e-14)


def test_gradient_at_the_smoothed_targets_is_zero() -> None:
    targets = np.full((1, 5), 0.1 / 5) + 0.9 * one_hot(np.array([2]), 5, np.float64)
    _, dlogits = SoftmaxCrossEntropy(0.1)(np.log(targets), np.array([2]))
    np.testing.assert_allclose(dlogits, 0, atol=1e-15)


def test_one_hot() -> None:
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.array([0]), 2).dtype == np.float32
    assert one_hot(np.array([0]), 2, np.float64).dtype == np.float64


@pytest.mark.parametrize(
    ("shape", "labels", "message"),
    [
        (
            (3, 4),
            np.zeros((3, 1), int),
            r"labels must be of shape \(3,\), one for each image, got \(3, 1\)",
        ),
        (
            (3, 4),
            np.zeros(1, int),
            r"labels must be of shape \(3,\), one for each image, got \(1,\)",
        ),
        ((3, 4), np.array([0, -1, 2]), "labels must be from 0 to 3, got -1 to 2"),
        ((3, 4), np.array([0, 4, 2]), "labels must be from 0 to 3, got 0 to 4"),
        ((3, 4), np.zeros(3), "labels must be whole numbers, got float64"),
        (
            (0, 4),
            np.zeros(0, int),
            r"logits must be of shape \(N, C\) with at least one image, got \(0, 4\)",
        ),
        (
            (4,),
            np.zeros(4, int),
            r"logits must be of shape \(N, C\) with at least one image, got \(4,\)",
        ),
    ],
)
@every_loss
def test_wrong_logits_or_labels_raise(
    loss: Loss, shape: tuple[int, ...], labels: Array, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        loss(np.ones(shape), labels)


@pytest.mark.parametrize("label", [-1, 3])
def test_one_hot_of_unknown_class_raises(label: int) -> None:
    with pytest.raises(ValueError, match="labels must be from 0 to 2, got"):
        one_hot(np.array([0, label]), 3)


def test_logit_of_minus_infinity_gives_a_finite_loss() -> None:
    value, dlogits = SoftmaxCrossEntropy()(np.array([[0.0, -math.inf, 0.0]]), np.array([0]))
    assert value == pytest.approx(math.log(2))
    np.testing.assert_allclose(dlogits, [[-0.5, 0, 0.5]])
