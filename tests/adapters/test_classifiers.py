"""The scikit-learn classifiers: scikit-learn's own checks, its tools, data, labels and pickle."""

import pickle
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import check_estimator

from tenfold.adapters import DigitClassifier, TenfoldClassifier
from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.nn import Momentum, stream
from tenfold.recipes import RECIPES

X, Y = make_blobs(120, 5, centers=3, cluster_std=1.5, random_state=0)


def small(**settings: Any) -> TenfoldClassifier:
    defaults: dict[str, Any] = {"hidden": (8,), "epochs": 12, "batch_size": 32}
    return TenfoldClassifier(**defaults | settings)


def test_scikit_learns_own_checks_pass() -> None:
    # By default each of the hundred fits has at least 300 steps.
    results = check_estimator(TenfoldClassifier(hidden=(16,), epochs=8), on_skip=None)
    skipped = [result["check_name"] for result in results if result["status"] != "passed"]
    assert len(results) > 50
    assert set(skipped) <= {"check_array_api_input"}  # it needs an environment variable


def test_a_search_over_a_pipeline_of_a_data_frame() -> None:
    frame = pd.DataFrame(X, columns=[f"size {i}" for i in range(5)])
    labels = pd.Series(np.array(["ash", "beech", "cedar"])[Y])
    grid = {
        "tenfoldclassifier__hidden": [(4,), (8, 8)],
        "tenfoldclassifier__optimizer__beta2": [0.9],
    }
    search = GridSearchCV(make_pipeline(MinMaxScaler(), small(epochs=40)), grid, cv=2)
    search.fit(frame, labels)
    assert search.best_score_ > 0.9
    assert search.best_estimator_[-1].get_params()["optimizer__beta2"] == 0.9
    assert set(search.predict(frame)) == {"ash", "beech", "cedar"}
    assert list(search.best_estimator_[0].feature_names_in_) == list(frame.columns)


def test_calibration_and_cross_validation() -> None:
    calibrated = CalibratedClassifierCV(small(epochs=40), cv=2).fit(X, Y)
    assert calibrated.score(X, Y) > 0.9
    assert cross_val_score(small(epochs=40), X, Y, cv=2).min() > 0.9


def test_the_scale_of_a_feature_does_not_matter() -> None:
    factors, offsets = np.array([1e-6, 1, 2, 1e5, -1]), np.array([0, 1e3, -5, 0, 2])
    probabilities = small().fit(X, Y).predict_proba(X)
    scaled = X * factors + offsets
    scaled[:, 4] = X[:, 4]
    np.testing.assert_allclose(
        small().fit(scaled, Y).predict_proba(scaled), probabilities, atol=1e-4
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, 100), ({"min_steps": 50}, 20), ({"epochs": 7}, 7), ({"batch_size": 50}, 100)],
)
def test_small_data_gets_more_epochs_until_there_are_enough_steps(
    given: dict[str, Any], expected: int
) -> None:
    settings: dict[str, Any] = {"batch_size": 40, "hidden": (4,)}
    classifier = TenfoldClassifier(**settings | given).fit(X, Y)
    assert classifier.n_iter_ == len(classifier.loss_curve_) == expected
    assert classifier.loss_curve_[-1] < classifier.loss_curve_[0]


def test_a_setting_can_be_an_object_a_name_or_a_number_of_numpy() -> None:
    settings: dict[str, Any] = {
        "optimizer": Momentum(momentum=0.5),
        "epochs": np.int64(3),
        "schedule": "Cosine",
    }
    classifier = small(**settings, learning_rate=np.float32(0.125))
    fitted = clone(classifier).set_params(activation="Tanh").fit(X, Y)
    assert fitted.n_iter_ == 3
    assert [type(layer).__name__ for layer in fitted.model_.network.layers[:3]] == [
        *("Dense", "BatchNorm", "Tanh")
    ]
    assert "activation" not in classifier.get_params()
    assert repr(fitted).startswith("TenfoldClassifier(")
    assert "activation" in fitted._repr_html_()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"epochz": 3}, "this recipe has no setting 'epochz'"),
        ({"epochs": 0}, "epochs must be a whole number from 1"),
        ({"recipe": "none"}, "recipe must be a Recipe or the name of one, got 'none'"),
        ({"recipe": "ensemble"}, "use scikit-learn's VotingClassifier"),
        ({"recipe": "quick"}, "for images, use DigitClassifier"),
        ({"recipe": "mlp-elastic"}, "for images, use DigitClassifier"),
        ({"patience": 2}, "patience must be None, got 2: an estimator is fitted without"),
        ({"optimizer": object()}, "cannot describe a object"),
        ({"min_steps": -1}, "min_steps must be a whole number of at least 0"),
        ({"random_state": -1}, "random_state must be a whole number from 0"),
        ({"batch_size": 1}, "batch normalisation needs at least 2 images in each batch"),
        ({"learning_rate": 1e30}, "training diverged after 1 step"),
    ],
)
def test_wrong_arguments_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TenfoldClassifier(**given).fit(X, Y)


def test_sample_weights_are_not_taken() -> None:
    with pytest.raises(TypeError, match="sample_weight"):
        small().fit(X, Y, sample_weight=np.ones(len(X)))  # type: ignore[call-arg]


def test_the_seed_decides_everything() -> None:
    first = small(random_state=3).fit(X, Y).predict_proba(X)
    assert np.array_equal(small(random_state=3).fit(X, Y).predict_proba(X), first)
    assert not np.array_equal(small(random_state=4).fit(X, Y).predict_proba(X), first)
    states = [np.random.RandomState(1) for _ in range(2)]
    same = [small(random_state=state).fit(X, Y).predict_proba(X) for state in states]
    assert np.array_equal(same[0], same[1])
    different = [small(random_state=None).fit(X, Y).predict_proba(X) for _ in range(2)]
    assert not np.array_equal(different[0], different[1])


def test_partial_fit_learns_from_parts() -> None:
    classifier = small(learning_rate=0.01)
    with pytest.raises(ValueError, match="classes must be all labels at the first call"):
        classifier.partial_fit(X, Y)
    parts = np.array_split(np.arange(120), 3)
    for _ in range(6):
        for part in parts:
            classifier.partial_fit(X[part], Y[part], classes=[2, 0, 1, 7])
    assert classifier.n_iter_ == len(classifier.loss_curve_) == 18
    assert classifier.classes_.tolist() == [0, 1, 2, 7]
    assert classifier.score(X, Y) > 0.9
    np.testing.assert_allclose(classifier._scaler.mean_, X.mean(axis=0))
    with pytest.raises(ValueError, match="classes must be those of the first call"):
        classifier.partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(ValueError, match=r"y must have only labels of classes_, got \[5\]"):
        classifier.partial_fit(X[:2], [0, 5])


def test_a_pickled_estimator_contains_the_model_as_safetensors_and_learns_on() -> None:
    classifier = small().partial_fit(X, Y, classes=[0, 1, 2])
    content = pickle.dumps(classifier)
    assert b'"kind": "model"' in content.replace(b'\\"', b'"')
    assert b"tenfold.nn.network" not in content
    copy = pickle.loads(content)
    assert np.array_equal(copy.predict_proba(X), classifier.predict_proba(X))
    for each in (classifier, copy):
        each.partial_fit(X, Y)
    assert np.array_equal(copy.predict_proba(X), classifier.predict_proba(X))


def test_the_optimizer_keeps_its_state_between_parts() -> None:
    classifier = small(optimizer=Momentum(momentum=0.9), learning_rate=0.05)
    classifier.partial_fit(X, Y, classes=[0, 1, 2])
    forgetful = deepcopy(classifier)
    forgetful._optimizer_state = {}
    both = [each.partial_fit(X, Y).predict_proba(X) for each in (classifier, forgetful)]
    assert not np.allclose(both[0], both[1], atol=1e-3)


def test_an_estimator_that_is_not_fitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        TenfoldClassifier().predict(X)
    assert "model_" not in vars(pickle.loads(pickle.dumps(TenfoldClassifier())))


# Digits


def fast(**settings: Any) -> DigitClassifier:
    defaults: dict[str, Any] = {"layout": "4c5/2-P", "min_steps": 20}
    return DigitClassifier(**defaults | settings)


def test_images_may_be_rows_arrays_and_data_frames(digits: Dataset, tmp_path: Path) -> None:
    images, labels = digits.images[:200], digits.require_labels()[:200]
    names = np.array([f"digit {i}" for i in range(10)])[labels]
    classifier = fast().fit(images, names)
    assert classifier.n_features_in_ == 784
    assert classifier.score(images, names) > 0.7
    probabilities = classifier.predict_proba(images)
    frame = pd.DataFrame(images.reshape(-1, 784), columns=[f"pixel{i}" for i in range(784)])
    for form in (images[..., 0], images.reshape(-1, 784), images.astype(np.float32) + 0.25):
        assert np.array_equal(classifier.predict_proba(form), probabilities)
    assert np.array_equal(fast().fit(frame, names).predict_proba(frame), probabilities)
    classifier.model_.save(tmp_path / "model.safetensors")
    loaded = load_model(tmp_path / "model.safetensors")
    assert loaded.classes == tuple(classifier.classes_)
    np.testing.assert_allclose(loaded.predict(images).probabilities, probabilities, atol=1e-6)
    assert np.array_equal(
        pickle.loads(pickle.dumps(classifier)).predict(images), classifier.predict(images)
    )


def test_distortions_and_views_of_a_recipe_are_used(digits: Dataset) -> None:
    images, labels = digits.images[:64], digits.require_labels()[:64] % 2
    settings: dict[str, Any] = {"layout": "4c5/2-P", "epochs": 2, "dropout": 0.0}
    classifier = DigitClassifier("champion", **settings).partial_fit(images, labels, classes=[0, 1])
    assert classifier.model_.test_time_shift == RECIPES["champion"].test_time_shift > 0
    assert classifier.model_.network.shapes[-1] == (2,)
    plain = DigitClassifier("champion", **settings, augment=None)
    plain.partial_fit(images, labels, classes=[0, 1])
    assert plain.loss_curve_ != classifier.loss_curve_


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((9, 8, 8)), "dim"),
        (np.zeros((9, 64)), "784 columns or the shape .N, 28, 28., got 64 features: use Tenfold"),
        (stream(0, "x").random((9, 784)), "values from .* multiply them by 255"),
        (np.full((9, 784), -1.0), "do not standardise them"),
        (np.full((9, 784), np.nan), "NaN"),
    ],
)
def test_other_images_are_refused(images: np.ndarray[Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fast().fit(images, np.arange(9) % 2)


def test_without_scikit_learn_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    monkeypatch.delitem(sys.modules, "tenfold.adapters.estimator")
    with pytest.raises(TenfoldError, match=r"need scikit-learn 1\.6 .*pip install '\.\[sklearn\]'"):
        __import__("tenfold.adapters.estimator")
