import json

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import cross_entropy, risk_coverage, score, scoring
from tenfold.evaluation.totals import totals
from tenfold.nn import Conv2D, Dense, Flatten, Network, Normalize, softmax
from tenfold.nn.array import Array


def test_score_contains_the_predictions_of_the_network(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=3)
    result = score(network, digits)
    logits = network.forward(digits.images)
    assert digits.labels is not None
    np.testing.assert_array_equal(result.predicted, logits.argmax(axis=1))
    np.testing.assert_allclose(result.confidence, softmax(logits).max(axis=1), rtol=1e-5)
    assert result.correct == np.sum(logits.argmax(axis=1) == digits.labels)
    assert result.loss == pytest.approx(cross_entropy(softmax(logits), digits.labels), rel=1e-5)
    data = result.to_dict()
    assert data["n"] == len(digits)
    assert data["interval95"][0] < data["accuracy"] == result.accuracy < data["interval95"][1]
    html = result._repr_html_()
    low, high = data["interval95"]
    for text in (
        f"{result.correct:,} of 600",
        f"{result.accuracy:.2%}",
        f"{low:.2%} to {high:.2%}",
    ):
        assert f">{text}</td>" in html


def test_missing_labels_raise(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    with pytest.raises(TenfoldError, match="label"):
        score(network, Dataset(digits.images, None, "unlabelled"))


def test_metrics_agree_with_the_functions_that_compute_them(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=3)
    result = score(network, digits)
    metrics = result.metrics()
    assert metrics | result.to_dict() == metrics
    assert [row["support"] for row in metrics["digits"]] == result.confusion.sum(axis=1).tolist()
    assert metrics["macro"]["recall"] == pytest.approx(
        np.mean([row["recall"] for row in metrics["digits"]])
    )
    assert (
        metrics["top2"]
        == ((result.predicted == digits.labels) | (result.second == digits.labels)).mean()
    )
    assert metrics["brier"] == pytest.approx(10 * metrics["cost"], rel=1e-12)
    assert metrics["risk_area"] == risk_coverage(result.confidence, result.is_correct).area
    first = metrics["confused"][0]
    assert first["times"] == result.confusion[first["true"], first["taken"]]
    assert json.loads(json.dumps(metrics)) == metrics


def test_second_is_the_next_most_probable_class(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=3)
    result = score(network, digits)
    rest: Array = result.probabilities.copy()
    rest[np.arange(600), result.predicted] = -1
    np.testing.assert_array_equal(result.second, rest.argmax(axis=1))
    np.testing.assert_array_equal(
        result.right_probability[result.is_correct], result.confidence[result.is_correct]
    )


def test_labels_that_the_network_does_not_have_raise(digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match=r"labels up to 9.*only 5 classes"):
        score(Network([Normalize(), Flatten(), Dense(784, 5)]), digits)


def test_network_with_a_single_class_is_scored(digits: Dataset) -> None:
    zeros = Dataset(digits.images[:3], np.zeros(3, np.int64))
    metrics = score(Network([Normalize(), Flatten(), Dense(784, 1)]), zeros).metrics()
    assert (metrics["accuracy"], metrics["top2"]) == (1, 1)


def test_more_than_one_row_of_outputs_raises(digits: Dataset) -> None:
    with pytest.raises(
        ValueError, match=r"one vector of probabilities .* got the shape \(26, 26, 10\)"
    ):
        score(Network([Normalize(), Conv2D(1, 10)]), digits.subset(slice(3)))


@pytest.mark.parametrize("part", [1, 100, 599, 10_000])
def test_predictions_do_not_depend_on_the_parts_that_are_in_memory(
    part: int, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=3)
    whole = network.predict_probabilities(digits.images)
    monkeypatch.setattr(scoring, "_PART", part)
    result = score(network, digits)
    np.testing.assert_array_equal(result.probabilities, whole)
    assert totals(network, digits) == result.to_dict()
