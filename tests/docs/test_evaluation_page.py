"""The numbers in docs/evaluation.md are those of the bundled model and of the formulas."""

import math
from pathlib import Path

import numpy as np
import pytest

from tenfold.evaluation import (
    brier_score,
    cross_entropy,
    images_needed,
    probability_errors,
    wilson_interval,
)
from tenfold.models import DEFAULT_MODEL, bundled_models
from tests.docs.page import table

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "evaluation.md").read_text("utf-8")


def test_table_of_the_bundled_model_shows_its_metrics() -> None:
    metrics = bundled_models()[DEFAULT_MODEL].metrics
    fitted, test = metrics["calibration"], metrics["test"]
    rows = table(TEXT, "images and number")
    unsure = test["unsure"]
    expected = {
        "validation: temperature": f"{fitted['temperature']}",
        "validation: cross-entropy": f"{fitted['loss_after']:.4f}",
        "validation: Brier score": f"{fitted['brier_after']:.4f}",
        "validation: calibration error": f"{100 * fitted['calibration_error_after']:.2f}%",
        "test: cross-entropy": f"{test['loss']:.4f}",
        "test: calibration error": f"{100 * test['calibration_error']:.2f}%",
        "test: accuracy": f"{100 * test['accuracy']:.2f}%",
        f"test: coverage, threshold {unsure['threshold']:.3f}": (
            f"{100 * unsure['coverage']:.2f}%"
        ),
        "test: error among the accepted": f"{100 * unsure['error']:.2f}%",
    }
    assert {name: row["after"] for name, row in rows.items()} == expected
    assert rows["validation: cross-entropy"]["before"] == f"{fitted['loss_before']:.4f}"
    low, high = unsure["interval95"]
    assert f"{unsure['wrong']} errors in {unsure['answered']:,} accepted images" in TEXT
    assert f"from {100 * low:.2f} to {100 * high:.2f}%" in TEXT


def test_table_of_the_losses_agrees_with_the_code() -> None:
    rows = table(TEXT, "number")
    labels = np.arange(10)
    guess, wrong = np.full((10, 10), 0.1), np.roll(np.eye(10), 1, axis=1)
    for column, probabilities in (("uniform guess", guess), ("certain and wrong", wrong)):
        errors = probability_errors(probabilities, labels)
        values = {
            "Brier score": brier_score(probabilities, labels),
            "MSE": errors["cost"],
            "RMSE": errors["rmse"],
            "$R^2$": errors["r2"],
        }
        for name, value in values.items():
            assert float(rows[name][column]) == pytest.approx(value, abs=5e-3)
    assert cross_entropy(guess, labels) == pytest.approx(math.log(10))
    assert f"= {math.log(10):.3f}" in rows["cross-entropy"]["uniform guess"]


def test_numbers_in_the_text_agree_with_the_code() -> None:
    assert f"at least {images_needed(0.001):,} images" in TEXT
    low, high = wilson_interval(9970, 10_000)
    assert f"from {100 * low:.2f} to {100 * high:.2f}%" in TEXT
