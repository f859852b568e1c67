"""Faults planted in the results of a run: found by the checks of runs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.doctor import Finding, run_checks
from tenfold.doctor.run.case import RunCase
from tenfold.doctor.run.generalization import DifferentParts, Overfitting, Underfitting
from tenfold.doctor.run.predictions import OneDigit, WeakDigit
from tenfold.doctor.run.training_curve import RisingLoss, StillImproving
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import PartPredictions, Run, RunMetrics
from tenfold.training import Selective
from tests.doctor.fixes import names, recipe_of
from tests.runs.made_up import part, run_metrics

RECIPE = apply_settings(RECIPES["mlp"], ["learning_rate=0.1"])
SELECTIVE = replace(RECIPE, selective=Selective())


def case(recipe: Any = RECIPE, **contents: Any) -> RunCase:
    """Return a finished run with these contents."""
    run = Run(recipe, 0, Path("runs/none"))
    return RunCase(run, "tenfold train mlp", **{"metrics": run_metrics()} | contents)


def accuracies(*values: float, rates: tuple[float, ...] = ()) -> list[dict[str, Any]]:
    rates = rates or (0.01,) * len(values)
    return [
        {"epoch": epoch, "train_loss": 0.5, "validation_accuracy": accuracy, "learning_rate": rate}
        for epoch, (accuracy, rate) in enumerate(zip(values, rates, strict=True), 1)
    ]


def losses(*pairs: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"epoch": epoch, "train_loss": train, "validation_loss": validation}
        for epoch, (train, validation) in enumerate(pairs, 1)
    ]


@pytest.mark.parametrize(
    ("train", "validation", "severity"),
    [
        ((980, 1000), (9, 10), None),  # ten images prove nothing
        ((54_900, 55_000), (4_900, 5_000), None),  # 99.8 and 98%: usual
        ((55_000, 55_000), (4_800, 5_000), "warning"),  # 100 and 96%
        ((55_000, 55_000), (4_000, 5_000), "serious"),
        ((900, 1000), (880, 1000), None),
    ],
)
def test_overfitting_is_reported_if_chance_does_not_explain_the_gap(
    train: tuple[int, int], validation: tuple[int, int], severity: str | None
) -> None:
    metrics = run_metrics(train=part(*train), validation=part(*validation))
    finding = Overfitting().run(case(metrics=metrics))
    if severity is None:
        assert finding is None
        return
    assert finding is not None
    assert (finding.name, finding.severity) == ("overfitting", severity)
    assert "augment=Augment" in finding.fix


FITTED = run_metrics(train=part(99, 100), validation=part(98, 100))
RISING = losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.25))


def test_rising_validation_loss_is_reported_as_overfitting() -> None:
    finding = Overfitting().run(case(metrics=FITTED, records=RISING))
    assert finding is not None
    assert "fell to 0.2 in epoch 2 and rose to 0.25 by epoch 3" in finding.evidence
    assert finding.fix == "tenfold train mlp --set patience=5"


@pytest.mark.parametrize(
    ("metrics", "records"),
    [
        (FITTED, losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.23))),  # by less than a fifth
        (FITTED, losses((0.5, 0.2), (0.6, 0.4))),  # the training loss rose, too
        (replace(FITTED, kept_epoch=2), RISING),  # the best weights were kept
        (replace(FITTED, validation=None), RISING),
    ],
)
def test_other_losses_are_not_reported_as_overfitting(
    metrics: RunMetrics, records: list[dict[str, Any]]
) -> None:
    assert Overfitting().run(case(metrics=metrics, records=records)) is None


def test_training_loss_of_sampled_images_is_ignored_by_overfitting() -> None:
    harder = losses((0.5, 0.4), (0.2, 0.2), (0.3, 0.25))
    assert Overfitting().run(case(metrics=FITTED, records=harder)) is None
    finding = Overfitting().run(case(SELECTIVE, metrics=FITTED, records=harder))
    assert finding is not None
    assert finding.evidence.endswith("rose to 0.25 by epoch 3")


def underfitting(correct: int, loss: float, epochs: int) -> Finding | None:
    metrics = run_metrics(train=part(correct, 1000, loss), epochs=epochs)
    return Underfitting().run(case(metrics=metrics))


def test_short_training_is_reported_as_underfitting() -> None:
    finding = underfitting(900, 0.4, epochs=2)
    assert finding is not None
    assert (finding.severity, finding.fix) == ("warning", "tenfold train mlp --set epochs=6")


def test_small_network_is_reported_as_underfitting() -> None:
    finding = underfitting(100, 2.3, epochs=3)
    assert finding is not None
    assert (finding.severity, finding.fix) == ("serious", "tenfold train quick")
    assert "too small" in finding.cause


def test_training_accuracy_that_may_reach_95_percent_is_no_underfitting() -> None:
    assert underfitting(945, 0.1, epochs=2) is None  # its interval reaches 95.7%


def still_improving(records: list[dict[str, Any]], images: int = 5000) -> Finding | None:
    validation = part(images // 2, images) if images else None
    metrics = run_metrics(epochs=3, **{"validation": validation} if validation else {})
    return StillImproving().run(case(records=records, metrics=metrics))


def test_training_that_ended_too_early_is_found() -> None:
    finding = still_improving(accuracies(0.8, 0.9, 0.95))
    assert finding is not None
    assert "from 90.00% in epoch 2 to 95.00% in epoch 3" in finding.evidence
    assert finding.fix == "tenfold train mlp --set epochs=6"
    assert recipe_of(finding.fix).epochs == 6


def test_training_that_settled_is_not_reported() -> None:
    assert still_improving(accuracies(0.8, 0.95, 0.955)) is None
    assert still_improving(accuracies(0.8, 0.9, 0.95), images=50) is None  # noise
    assert still_improving(accuracies(0.8, 0.9, 0.95), images=0) is None
    assert still_improving(accuracies(0.8)) is None
    annealed = accuracies(0.9, 0.95, 0.97, rates=(0.01, 0.005, 1e-6))
    assert still_improving(annealed) is None


NAN = float("nan")


@pytest.mark.parametrize(
    ("last", "usual", "selective"),
    [(0.29, False, False), (0.31, True, False), (NAN, True, True)],
)
def test_rising_loss_is_found(last: float, usual: bool, selective: bool) -> None:
    records = losses((0.5, 1), (0.2, 1), (last, 1))
    finding = RisingLoss().run(case(records=records))
    assert (finding is not None) == usual
    if finding is not None:
        assert finding.fix == "tenfold train mlp --set learning_rate=0.01"
    assert (RisingLoss().run(case(SELECTIVE, records=records)) is not None) == selective


def test_run_without_records_has_no_rising_loss() -> None:
    assert RisingLoss().run(case()) is None


def test_validation_and_test_images_of_different_kinds_are_found() -> None:
    def found(**parts: dict[str, Any]) -> list[str]:
        return names(run_checks([DifferentParts()], case(metrics=run_metrics(**parts))))

    assert found(validation=part(990, 1000), test=part(950, 1000)) == ["different-parts"]
    assert found(validation=part(97, 100), test=part(93, 100)) == []
    assert found(test=part(93, 100)) == []


def predictions(labels: Array, predicted: Array) -> RunCase:
    confidence = np.ones(len(labels))
    return case(predictions=PartPredictions("test", labels, predicted, confidence))


def test_one_digit_predicted_for_nearly_everything_is_found() -> None:
    labels = np.arange(100) % 10
    finding = OneDigit().run(predictions(labels, np.where(labels < 8, 3, labels)))
    assert finding is not None
    assert "80 of 100 predictions are 3, and 10.0% of the labels" in finding.evidence
    assert OneDigit().run(predictions(labels, labels)) is None
    ones = np.ones(100, np.int64)
    assert OneDigit().run(predictions(ones, ones)) is None


def test_another_class_than_a_digit_is_named() -> None:
    labels, names = np.arange(100) % 10, (*"0123456789", "not a digit")
    given = np.where(labels < 8, 10, labels)
    confidence = np.ones(100)
    one = case(predictions=PartPredictions("test", labels, given, confidence, names))
    finding = OneDigit().run(one)
    assert finding is not None
    assert finding.what == 'the network predicts "not a digit" for more than half of the images'
    assert finding.evidence.endswith("the predictions include 3 of the 11 classes")
    labels = np.repeat(np.arange(10), 100)
    given = np.where(np.arange(1000) // 20 == 25, 10, labels)  # a fifth of the fives
    weak = case(predictions=PartPredictions("test", labels, given, np.ones(1000), names))
    finding = WeakDigit().run(weak)
    assert finding is not None
    assert 'most often it is predicted as "not a digit" (20 times)' in finding.evidence


def test_digit_far_worse_than_the_others_is_found() -> None:
    labels = np.repeat(np.arange(10), 100)
    predicted = labels.copy()
    predicted[500:520] = 3  # a fifth of the fives
    finding = WeakDigit().run(predictions(labels, predicted))
    assert finding is not None
    assert finding.evidence == (
        "80.0% of 100 images are predicted correctly, 100.0% of the others; most often it is "
        "predicted as 3 (20 times)"
    )
    predicted[504:520] = 5
    assert WeakDigit().run(predictions(labels, predicted)) is None
    assert WeakDigit().run(predictions(labels[:100], labels[:100])) is None
