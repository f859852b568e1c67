"""Robustness: the right images are asked about, and what comes out survives JSON."""

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
    """A small network that knows these digits."""
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


def test_each_count_is_that_of_the_network_itself(
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
        assert (curve.unit, curve.none) == (one.unit, one.none)


def test_worse_images_mean_fewer_right_answers(result: Robustness) -> None:
    assert result.clean.accuracy > 0.97
    for curve in result.curves.values():
        strengths = [strength for strength, _ in curve.points]
        accuracies = [tally.accuracy for _, tally in curve.points]
        best = strengths.index(curve.none)
        assert accuracies[best] == result.clean.accuracy
        for way in (accuracies[best:], accuracies[best::-1]):
            assert all(b <= a + 0.04 for a, b in itertools.pairwise(way))
        assert min(accuracies) < 0.9
    assert 0.1 < result.mean_accuracy < 0.9


def test_the_mean_and_the_relative_error_by_hand() -> None:
    corruptions = {"fog": CorrectCount(50, 100), "zigzag": CorrectCount(90, 100)}
    found = Robustness("d", 0, CorrectCount(98, 100), {}, corruptions)
    assert found.mean_accuracy == pytest.approx(0.7)
    assert found.relative_error == pytest.approx(15)  # 30 % of mistakes for 2 %
    perfect = Robustness("d", 0, CorrectCount(100, 100), {}, corruptions)
    assert perfect.relative_error is None


def test_it_survives_json(result: Robustness) -> None:
    told = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert Robustness.from_dict(told) == result
    assert told["clean"]["interval95"] == list(wilson_interval(result.clean.correct, 150))
    assert told["mean_accuracy"] == result.mean_accuracy


def damaged(told: dict[str, Any], what: str) -> Any:
    if what == "missing":
        return {key: value for key, value in told.items() if key != "curves"}
    if what == "more right than asked":
        return told | {"clean": {"correct": 3, "n": 2}}
    if what == "no mapping":
        return told | {"corruptions": [1, 2]}
    return told | {"curves": {"blur": {"unit": "x", "none": 0, "points": [{"n": 2}]}}}


@pytest.mark.parametrize("what", ["missing", "more right than asked", "no mapping", "no strength"])
def test_damaged_descriptions_are_refused(result: Robustness, what: str) -> None:
    with pytest.raises(TenfoldError, match="not what a robustness result looks like"):
        Robustness.from_dict(damaged(result.to_dict(), what))


def test_an_ensemble_is_asked_as_one(network: Network, digits: Dataset) -> None:
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


def test_more_images_than_there_are_means_all(network: Network, digits: Dataset) -> None:
    assert measure_robustness(network, digits.subset(slice(0, 7)), 50).clean.n == 7


def test_data_that_cannot_be_measured_is_refused(network: Network, digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match="no labels"):
        measure_robustness(network, Dataset(digits.images))
    for images in (np.zeros((3, 32, 32, 1), np.uint8), np.zeros((0, 28, 28, 1), np.uint8)):
        empty = Dataset(images, np.zeros(len(images), np.int64), "odd")
        with pytest.raises(TenfoldError, match="28 x 28 pixels"):
            measure_robustness(network, empty)
    with pytest.raises(ValueError, match="at least one image, not 0"):
        measure_robustness(network, digits, 0)


def test_impossible_counts_are_refused() -> None:
    for correct, n in ((0, 0), (-1, 2), (3, 2)):
        with pytest.raises(ValueError, match="correct"):
            CorrectCount(correct, n)


def test_a_curve_in_plain_data() -> None:
    told = DistortionCurve("pixels", 0.0, ((0.0, CorrectCount(1, 2)),)).to_dict()
    (point,) = told.pop("points")
    assert told == {"unit": "pixels", "none": 0.0}
    assert (point["strength"], point["accuracy"], point["correct"]) == (0.0, 0.5, 1)
