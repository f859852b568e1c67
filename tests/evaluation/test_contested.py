import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.evaluation import CONTESTED, Score, uncontested, wilson_interval
from tenfold.nn import one_hot
from tenfold.nn.array import Array


def score_with_errors(data: Dataset, wrong: list[int]) -> Score:
    labels = data.require_labels()
    predicted: Array = labels.copy()
    predicted[wrong] = (predicted[wrong] + 1) % 10
    return Score(labels, one_hot(predicted, 10))


def test_errors_on_contested_images_do_not_count() -> None:
    data = load_mnist("test")
    wrong = [0, 1, 2462, 9729]  # the last two are contested
    found = uncontested(score_with_errors(data, wrong), data)
    assert found is not None
    assert (found["n"], found["correct"]) == (9985, 9983)
    assert found["accuracy"] == pytest.approx(9983 / 9985)
    assert found["interval95"] == list(wilson_interval(9983, 9985))


def test_contested_images_have_the_labels_of_the_paper() -> None:
    labels = load_mnist("test").require_labels()
    labels_of_paper = {
        947: 8,
        1621: 0,
        1901: 9,
        2462: 2,
        2597: 5,
        3558: 5,
        5937: 5,
        6651: 0,
        6783: 1,
        9729: 5,
    }
    assert {place: int(labels[place]) for place in labels_of_paper} == labels_of_paper
    assert set(labels_of_paper) < set(CONTESTED)
    assert len(set(CONTESTED)) == 15


def test_other_datasets_give_none(digits: Dataset) -> None:
    assert uncontested(score_with_errors(digits, []), digits) is None
    shuffled = load_mnist("test").subset(np.arange(10_000)[::-1])
    assert uncontested(score_with_errors(shuffled, []), shuffled) is None
