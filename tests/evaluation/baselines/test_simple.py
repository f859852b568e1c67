import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import (
    BASELINES,
    BaselineResult,
    MajorityClass,
    MeanDigit,
    SoftmaxRegression,
    measure_baseline,
    wilson_interval,
)
from tenfold.nn.array import Array


def single_pixels(values: list[int], labels: list[int]) -> Dataset:
    images = np.array(values, np.uint8).reshape(-1, 1, 1, 1)
    return Dataset(images, np.array(labels, np.int64))


def test_most_frequent_class_is_predicted_and_the_smallest_of_equal_ones() -> None:
    images = np.zeros((4, 1, 1, 1), np.uint8)
    for labels, answer in (([3, 8, 8], 8), ([9, 4, 4, 9], 4), ([0], 0)):
        baseline = MajorityClass().fit(single_pixels([0] * len(labels), labels))
        assert baseline.predict(images).tolist() == [answer] * 4


@pytest.mark.filterwarnings("ignore:self.within_class_std_dev_")  # the border is always 0
def test_mean_digit_agrees_with_scikit_learns_nearest_centroid(digits: Dataset) -> None:
    train, test = digits.subset(slice(400)), digits.subset(slice(400, None))
    rows = [part.images.reshape(len(part), -1).astype(np.float64) for part in (train, test)]
    theirs = NearestCentroid().fit(rows[0], train.require_labels())
    ours = MeanDigit().fit(train)
    np.testing.assert_allclose(ours.means, theirs.centroids_, rtol=1e-12)
    np.testing.assert_array_equal(ours.predict(test.images), theirs.predict(rows[1]))


def test_mean_digit_by_hand() -> None:
    baseline = MeanDigit().fit(single_pixels([10, 20, 200, 100], [4, 4, 7, 7]))
    assert baseline.means[[4, 7], 0].tolist() == [15, 150]
    images = np.array([0, 82, 83, 255], np.uint8).reshape(-1, 1, 1, 1)  # 82.5 lies between them
    assert baseline.predict(images).tolist() == [4, 4, 7, 7]  # never 0, which has no images


def test_of_equally_near_means_the_smaller_digit_is_predicted() -> None:
    baseline = MeanDigit().fit(single_pixels([100, 200], [9, 5]))
    assert baseline.predict(np.full((1, 1, 1, 1), 150, np.uint8)).tolist() == [5]


def plain_descent(data: Dataset, epochs: int, rate: float) -> tuple[Array, Array]:
    """Return weight and bias after full-batch gradient descent, with a loop over the images."""
    x = data.images.reshape(len(data), -1) / 255
    weight, bias = np.zeros((x.shape[1], 10)), np.zeros(10)
    for epoch in range(epochs):
        dweight, dbias = np.zeros_like(weight), np.zeros_like(bias)
        for image, label in zip(x, data.require_labels(), strict=True):
            powers = np.exp(image @ weight + bias)
            error = powers / powers.sum() - np.eye(10)[label]
            dweight += np.outer(image, error) / len(x)
            dbias += error / len(x)
        weight -= rate * (1 - epoch / epochs) * dweight
        bias -= rate * (1 - epoch / epochs) * dbias
    return weight, bias


def test_softmax_regression_agrees_with_a_plain_loop(digits: Dataset) -> None:
    few = digits.subset(slice(60))
    found = SoftmaxRegression(epochs=7, batch_size=60, learning_rate=0.5).fit(few)
    weight, bias = plain_descent(few, 7, 0.5)
    np.testing.assert_allclose(found.weight, weight, atol=2e-6)
    np.testing.assert_allclose(found.bias, bias, atol=2e-6)
    logits = digits.images.reshape(600, -1) / 255 @ weight + bias
    assert (found.predict(digits.images) == logits.argmax(axis=1)).mean() > 0.995


def test_softmax_regression_depends_only_on_the_data_and_the_seed(
    digits: Dataset,
) -> None:
    one, same, other = (SoftmaxRegression(epochs=2, seed=seed).fit(digits) for seed in (0, 0, 1))
    assert (one.weight == same.weight).all()
    assert (one.weight != other.weight).any()


def test_baselines_are_in_the_order_of_their_accuracy(digits: Dataset) -> None:
    train, test = digits.subset(slice(450)), digits.subset(slice(450, None))
    results = {n: measure_baseline(make(), train, test) for n, make in BASELINES.items()}
    assert results["majority class"].accuracy < 0.2
    for name in ("mean digit", "softmax regression"):
        assert results[name].accuracy > 0.7
    for k in ("1 nearest neighbour", "3 nearest neighbours"):
        assert results[k].accuracy > results["mean digit"].accuracy


def test_result_and_progress_of_a_measurement(digits: Dataset) -> None:
    seen: list[int] = []
    many = digits.subset(np.arange(1200) % 600)
    result = measure_baseline(MajorityClass(), digits, many, seen.append)
    counts = np.bincount(digits.require_labels())
    assert seen == [1000, 200]
    assert (result.correct, result.n, result.n_train) == (2 * counts.max(), 1200, 600)
    row = BaselineResult(30, 40, 7, 1.23456).to_dict()
    assert row == {
        "accuracy": 0.75,
        "n": 40,
        "correct": 30,
        "interval95": list(wilson_interval(30, 40)),
        "train": 7,
        "seconds": 1.235,
    }


@pytest.mark.parametrize("name", BASELINES)
def test_predict_without_images_gives_no_predictions(name: str, digits: Dataset) -> None:
    predicted = BASELINES[name]().fit(digits.subset(slice(20))).predict(digits.images[:0])
    assert predicted.shape == (0,)
    assert predicted.dtype == np.int64


@pytest.mark.parametrize("name", BASELINES)
def test_training_without_images_or_labels_raises(name: str, digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match=r"must contain at least \d training images, got 0"):
        BASELINES[name]().fit(digits.subset([]))
    with pytest.raises(TenfoldError, match="has no labels"):
        BASELINES[name]().fit(Dataset(digits.images))


@pytest.mark.parametrize("name", BASELINES)
def test_other_classes_than_digits_are_refused(name: str, digits: Dataset) -> None:
    data = Dataset(digits.images, np.full(600, 10), "mixed", classes=11)
    with pytest.raises(TenfoldError, match=r"mixed must have ten classes.*only_digits\(\)"):
        BASELINES[name]().fit(data)
