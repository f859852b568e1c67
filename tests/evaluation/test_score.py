import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import cross_entropy, score
from tenfold.nn import Dense, Flatten, Network, Normalize, softmax


def test_score_is_what_the_network_says(digits: Dataset) -> None:
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
    for told in (
        f"{result.correct:,} of 600",
        f"{result.accuracy:.2%}",
        f"{low:.2%} to {high:.2%}",
    ):
        assert f">{told}</td>" in html


def test_score_needs_labels(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    with pytest.raises(TenfoldError, match="label"):
        score(network, Dataset(digits.images, None, "unlabelled"))
