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
    # With s = 0.2 and two classes the right one has the target 0.9, the other one 0.1.
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
def test_the_dtype_follows_the_logits_which_are_only_read(loss: Loss, dtype: type) -> None:
    logits, labels = batch()
    logits = logits.astype(dtype)
    logits.flags.writeable = labels.flags.writeable = False
    value, dlogits = loss(logits, labels)
    assert type(value) is float
    assert dlogits.dtype == dtype
    assert dlogits.shape == logits.shape


@every_loss
def test_the_loss_is_a_mean_over_the_batch(loss: Loss) -> None:
    logits, labels = batch()
    value, dlogits = loss(logits, labels)
    twice, dtwice = loss(np.concatenate([logits] * 2), np.concatenate([labels] * 2))
    assert twice == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(dtwice[:6], dlogits / 2, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_logits_of_ten_thousand_are_no_problem(dtype: type, smoothing: float) -> None:
    logits: Array = np.array([[1e4, 0, -1e4], [-1e4, -1e4, 1e4]], dtype)
    value, dlogits = SoftmaxCrossEntropy(smoothing)(logits, np.array([1, 2]))
    # Row 0: the right class has log p = -1e4, all have -(0 + 1e4 + 2e4); row 1: 0 and -4e4.
    right, mean = -1e4 / 2, -(3e4 + 4e4) / 6
    assert value == pytest.approx(-(1 - smoothing) * right - smoothing * mean, rel=1e-6)
    assert np.isfinite(dlogits).all()
    np.testing.assert_allclose(softmax(logits), [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(log_softmax(logits), [[0, -1e4, -2e4], [-2e4, -2e4, 0]])


wild = hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e4, 1e4))


@given(wild, st.floats(-1e3, 1e3))
def test_probabilities_sum_to_one_and_a_shift_changes_nothing(logits: Array, shift: float) -> None:
    p = softmax(logits)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(logits + shift), p, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), p, rtol=1e-9, atol=1e-300)


@given(wild, st.floats(0, 0.9))
def test_each_row_of_dlogits_sums_to_zero(logits: Array, smoothing: float) -> None:
    _, dlogits = SoftmaxCrossEntropy(smoothing)(logits, np.array([0, 3, 1]))
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-14)


def test_equal_logits_lose_the_logarithm_of_the_classes() -> None:
    for smoothing in (0.0, 0.3):
        value, _ = SoftmaxCrossEntropy(smoothing)(np.zeros((4, 10)), np.arange(4))
        assert value == pytest.approx(math.log(10), rel=1e-14)


def test_the_smoothed_targets_themselves_have_no_gradient() -> None:
    targets = np.full((1, 5), 0.1 / 5) + 0.9 * one_hot(np.array([2]), 5, np.float64)
    _, dlogits = SoftmaxCrossEntropy(0.1)(np.log(targets), np.array([2]))
    np.testing.assert_allclose(dlogits, 0, atol=1e-15)


def test_one_hot() -> None:
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.array([0]), 2).dtype == np.float32
    assert one_hot(np.array([0]), 2, np.float64).dtype == np.float64


@pytest.mark.parametrize("smoothing", [-0.1, 1.0, math.nan])
def test_a_smoothing_that_leaves_no_label_is_refused(smoothing: float) -> None:
    with pytest.raises(ValueError, match=f"from 0 to below 1, not {smoothing}"):
        SoftmaxCrossEntropy(smoothing)


@pytest.mark.parametrize(
    ("shape", "labels", "message"),
    [
        ((3, 4), np.zeros((3, 1), int), r"need labels of shape \(3,\), not \(3, 1\)"),
        ((3, 4), np.zeros(1, int), r"need labels of shape \(3,\), not \(1,\)"),
        ((3, 4), np.array([0, -1, 2]), "from 0 to 3, not -1 to 2"),
        ((3, 4), np.array([0, 4, 2]), "from 0 to 3, not 0 to 4"),
        ((3, 4), np.zeros(3), "whole numbers, not float64"),
        ((0, 4), np.zeros(0, int), r"at least one image, not the shape \(0, 4\)"),
        ((4,), np.zeros(4, int), r"at least one image, not the shape \(4,\)"),
    ],
)
@every_loss
def test_labels_that_would_give_a_wrong_loss_in_silence_are_refused(
    loss: Loss, shape: tuple[int, ...], labels: Array, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        loss(np.ones(shape), labels)


@pytest.mark.parametrize("label", [-1, 3])
def test_one_hot_has_no_column_for_other_classes(label: int) -> None:
    with pytest.raises(ValueError, match="labels of 3 classes are from 0 to 2"):
        one_hot(np.array([0, label]), 3)


def test_a_class_that_is_ruled_out_leaves_the_loss_a_number() -> None:
    value, dlogits = SoftmaxCrossEntropy()(np.array([[0.0, -math.inf, 0.0]]), np.array([0]))
    assert value == pytest.approx(math.log(2))
    np.testing.assert_allclose(dlogits, [[-0.5, 0, 0.5]])
