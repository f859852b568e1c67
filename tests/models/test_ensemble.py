"""An ensemble predicts the mean of its members' probabilities."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.evaluation import score
from tenfold.models import Ensemble, Model, predict_probabilities
from tenfold.nn import Conv2D, Dense, Flatten, Network, Normalize


def member(seed: int, classes: int = 10, side: int = 28) -> Model:
    layers = [Normalize(), Flatten(), Dense(side * side, classes)]
    return Model(Network(layers, seed=seed, input_shape=(side, side, 1)))


def test_probabilities_are_the_mean_of_the_members(digits: Dataset) -> None:
    members = [member(seed) for seed in range(3)]
    expected = np.mean([m.predict_probabilities(digits.images) for m in members], axis=0)
    ensemble = Ensemble(members)
    found = ensemble.predict_probabilities(digits.images)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    parallel = predict_probabilities(ensemble, digits.images, threads=2)
    np.testing.assert_allclose(parallel, expected, rtol=0, atol=1e-6)
    assert score(ensemble, digits).n == 600
    assert ensemble.classes == tuple("0123456789")


def test_one_member_predicts_as_that_model(digits: Dataset) -> None:
    model = member(0)
    assert np.array_equal(
        Ensemble([model]).predict_probabilities(digits.images),
        model.predict_probabilities(digits.images),
    )


def test_batch_fits_the_largest_member() -> None:
    layers = [Normalize(), Conv2D(1, 200), Flatten(), Dense(26 * 26 * 200, 10)]
    large = Model(Network(layers))
    assert Ensemble([member(0), large]).batch == large.batch < member(0).batch


def test_members_that_do_not_fit_together_raise() -> None:
    with pytest.raises(ValueError, match=r"same classes, got 5 \(0, .*\) and 10 \(0, "):
        Ensemble([member(0), member(0, classes=5)])
    letters = Model(member(0).network, classes=tuple("abcdefghij"))
    with pytest.raises(ValueError, match=r"same classes, got 10 \(0, .*\) and 10 \(a, "):
        Ensemble([member(0), letters])
    with pytest.raises(ValueError, match=r"same input shape, got .*\(28, 28, 1\), \(32, 32, 1\)"):
        Ensemble([member(0), member(0, side=32)])
    with pytest.raises(ValueError, match="members must contain at least one model, got none"):
        Ensemble([])


def test_predictions_have_no_threshold(digits: Dataset) -> None:
    ensemble = Ensemble([member(0), member(1)])
    images = np.concatenate([digits.images[:3], np.zeros((1, 28, 28, 1), np.uint8)])
    predictions = ensemble.predict(images)
    np.testing.assert_array_equal(predictions.probabilities, ensemble.predict_probabilities(images))
    assert predictions.blank.tolist() == [False, False, False, True]
    assert predictions.unsure_below is None
    assert predictions.classes == ensemble.classes
    with pytest.raises(ValueError, match="images must have"):
        ensemble.predict(images[:, :20])
