"""Robustness: counts on distorted images, summaries, and the description as JSON."""

import itertools
import json
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import wilson_interval
from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.inspection import CorrectCount, DistortionCurve, Robustness, measure_robustness
from tenfold.models import Ensemble, Model
from tenfold.nn import Adam, Dense, Flatten, Network, Normalize, OneCycle, ReLU
from tenfold.training import fit


@pytest.fixture(scope="module")
def network(digits: Dataset) -> Network:
    """A small network that was trained on these digits."""
    layers = [Normalize(), Flatten(), Dense(784, 24), ReLU(), Dense(24, 10)]
    network = Network(layers, seed=0)
    for _ in fit(
        network, digits, optimizer=Adam(), schedule=OneCycle(0.01), epochs=12, batch_size=50
    ):
        pass
    return network


@pytest.fixture(scope="module")
def result(network: Network, digits: Dataset) -> Robustness:
    return measure_robustness(network, digits, images=150, seed=2)


def test_counts_agree_with_the_predictions_of_the_network(
    result: Robustness, network: Network, digits: Dataset
) -> None:
    chosen = digits.subset(np.arange(0, 600, 4))  # 150, spread evenly
    labels = chosen.require_labels()
    assert result.clean == CorrectCount(int((network.predict(chosen.images) == labels).sum()), 150)
    assert list(result.corruptions) == list(CORRUPTIONS)
    for name in ("fog", "zigzag", "shear"):
        right = network.predict(CORRUPTIONS[name](chosen.images, 2)) == labels
        assert result.corruptions[name] == CorrectCount(int(right.sum()), 150)
    assert list(result.curves) == list(DISTORTIONS)
    for name, place in (("rotation", 3), ("contrast", 5), ("stroke thickness", 0)):
        one, curve = DISTORTIONS[name], result.curves[name]
        right = network.predict(one(chosen.images, one.strengths[place], 2)) == labels
        assert curve.points[place] == (one.strengths[place], CorrectCount(int(right.sum()), 150))
        assert (curve.unit, curve.neutral) == (one.unit, one.neutral)


def test_accuracy_falls_with_the_strength_of_a_distortion(result: Robustness) -> None:
    assert result.clean.accuracy > 0.97
    for curve in result.curves.values():
        strengths = [strength for strength, _ in curve.points]
        accuracies = [count.accuracy for _, count in curve.points]
        best = strengths.index(curve.neutral)
        assert accuracies[best] == result.clean.accuracy
        for way in (accuracies[best:], accuracies[best::-1]):
            assert all(b <= a + 0.04 for a, b in itertools.pairwise(way))
        assert min(accuracies) < 0.9
    assert 0.1 < result.mean_accuracy < 0.9


def test_mean_accuracy_and_relative_error_by_hand() -> None:
    corruptions = {"fog": CorrectCount(50, 100), "zigzag": CorrectCount(90, 100)}
    found = Robustness("d", 0, CorrectCount(98, 100), {}, corruptions)
    assert found.mean_accuracy == pytest.approx(0.7)
    assert found.relative_error == pytest.approx(15)  # 30% errors instead of 2%
    perfect = Robustness("d", 0, CorrectCount(100, 100), {}, corruptions)
    assert perfect.relative_error is None


def test_result_survives_json(result: Robustness) -> None:
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert Robustness.from_dict(data) == result
    assert data["clean"]["interval95"] == list(wilson_interval(result.clean.correct, 150))
    assert data["mean_accuracy"] == result.mean_accuracy


def damaged(data: dict[str, Any], what: str) -> Any:
    if what == "missing":
        return {key: value for key, value in data.items() if key != "curves"}
    if what == "more right than images":
        return data | {"clean": {"correct": 3, "n": 2}}
    if what == "not a mapping":
        return data | {"corruptions": [1, 2]}
    return data | {"curves": {"blur": {"unit": "x", "none": 0, "points": [{"n": 2}]}}}


@pytest.mark.parametrize(
    "what", ["missing", "more right than images", "not a mapping", "no strength"]
)
def test_damaged_description_raises(result: Robustness, what: str) -> None:
    with pytest.raises(TenfoldError, match="data must describe a robustness result"):
        Robustness.from_dict(damaged(result.to_dict(), what))


def test_model_and_ensemble_are_measured_as_their_network(
    network: Network, digits: Dataset
) -> None:
    done: list[tuple[int, int]] = []
    found = measure_robustness(
        Ensemble([Model(network), Model(network)]),
        digits,
        10,
        progress=lambda *counts: done.append(counts),
    )
    assert found == measure_robustness(network, digits, 10)
    sets = len(CORRUPTIONS) + sum(len(one.strengths) - 1 for one in DISTORTIONS.values())
    assert done == [(count, sets) for count in range(sets + 1)]


def test_more_images_than_the_dataset_has_means_all(network: Network, digits: Dataset) -> None:
    assert measure_robustness(network, digits.subset(slice(0, 7)), 50).clean.n == 7


def test_unsuitable_data_raises(network: Network, digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match="no labels"):
        measure_robustness(network, Dataset(digits.images))
    for images in (np.zeros((3, 32, 32, 1), np.uint8), np.zeros((0, 28, 28, 1), np.uint8)):
        empty = Dataset(images, np.zeros(len(images), np.int64), "odd")
        with pytest.raises(TenfoldError, match="28 x 28 pixels"):
            measure_robustness(network, empty)
    with pytest.raises(ValueError, match="images must be a whole number of at least 1, got 0"):
        measure_robustness(network, digits, 0)


def test_invalid_counts_raise() -> None:
    for correct, n in ((0, 0), (-1, 2), (3, 2)):
        message = r"(n must be a whole number of at least 1|correct must be .* from 0 to)"
        with pytest.raises(ValueError, match=message):
            CorrectCount(correct, n)


def test_curve_as_plain_data() -> None:
    data = DistortionCurve("pixels", 0.0, ((0.0, CorrectCount(1, 2)),)).to_dict()
    (point,) = data.pop("points")
    assert data == {"unit": "pixels", "none": 0.0}
    assert (point["strength"], point["accuracy"], point["correct"]) == (0.0, 0.5, 1)
