import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.evaluation import score
from tenfold.models import Ensemble, Model, predict_probabilities
from tenfold.nn import Conv2D, Dense, Flatten, Network, Normalize


def member(seed: int, classes: int = 10) -> Model:
    return Model(Network([Normalize(), Flatten(), Dense(784, classes)], seed=seed))


def test_the_answer_is_the_mean_of_the_members(digits: Dataset) -> None:
    members = [member(seed) for seed in range(3)]
    answers = [one.predict_probabilities(digits.images) for one in members]
    together = Ensemble(members)
    assert together.predict_probabilities(digits.images) == pytest.approx(
        np.mean(answers, axis=0), abs=1e-6
    )
    quick = predict_probabilities(together, digits.images, threads=2)
    assert quick == pytest.approx(np.mean(answers, axis=0), abs=1e-6)
    assert score(together, digits).n == 600


def test_one_member_is_that_network(digits: Dataset) -> None:
    alone = member(0)
    assert np.array_equal(
        Ensemble([alone]).predict_probabilities(digits.images),
        alone.predict_probabilities(digits.images),
    )


def test_batches_fit_the_largest_member() -> None:
    layers = [Normalize(), Conv2D(1, 200), Flatten(), Dense(26 * 26 * 200, 10)]
    large = Model(Network(layers))
    assert Ensemble([member(0), large]).batch == large.batch < member(0).batch


def test_members_must_tell_the_same_classes_apart() -> None:
    with pytest.raises(ValueError, match="same classes"):
        Ensemble([member(0), member(0, classes=5)])
    with pytest.raises(ValueError, match="got 0 with"):
        Ensemble([])
