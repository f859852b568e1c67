"""Calibration and evaluation at the end of a run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.evaluation import fit_temperature, score, selective_metrics
from tenfold.models import load_model
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run
from tenfold.runs.finalization import calibrate, evaluate

from .execution import finish, new


def test_temperature_is_fitted_on_the_validation_images(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = finish(new(replace(tiny, test_time_shift=1), tmp_path / "run"), split)
    model, metrics = load_model(run.model), run.metrics()
    assert split.validation is not None
    after = score(model, split.validation)
    assert model.temperature == metrics["calibration"]["temperature"] != 1
    model.temperature = 1.0
    before = score(model, split.validation)
    expected = fit_temperature(before.probabilities, before.labels)
    assert metrics["calibration"]["temperature"] == expected
    assert metrics["calibration"]["loss_before"] == pytest.approx(before.loss)
    assert metrics["calibration"]["loss_after"] == metrics["validation"]["loss"]
    assert metrics["validation"]["loss"] == pytest.approx(after.loss, rel=1e-5)
    assert after.loss < before.loss
    assert np.array_equal(after.predicted, before.predicted)


def test_both_held_out_parts_have_all_metrics(finished_run: Run, split: Split) -> None:
    metrics, model = finished_run.metrics(), load_model(finished_run.model)
    for name, part in (("validation", split.validation), ("test", split.test)):
        assert part is not None
        expected = score(model, part).metrics()
        assert set(metrics[name]) == set(expected)
        assert metrics[name]["digits"] == expected["digits"]
        assert metrics[name]["confused"] == expected["confused"]
        for key in ("brier", "top2", "calibration_error"):
            assert metrics[name][key] == pytest.approx(expected[key], rel=1e-4)
    assert set(metrics["train"]) == {"accuracy", "n", "correct", "interval95", "loss"}


def test_predictions_have_the_second_digit_and_the_probability_of_the_correct_one(
    finished_run: Run, split: Split
) -> None:
    model = load_model(finished_run.model)
    archive = np.load(finished_run.folder / "predictions.npz")
    for name, part in (("validation", split.validation), ("test", split.test)):
        assert part is not None
        probabilities = model.predict_probabilities(part.images)
        correct = probabilities[np.arange(len(part)), part.require_labels()]
        assert archive[f"{name}_right"].dtype == np.float32
        assert archive[f"{name}_right"] == pytest.approx(correct, abs=1e-6)
        assert archive[f"{name}_second"].dtype == np.uint8
        np.testing.assert_array_equal(archive[f"{name}_second"], np.argsort(probabilities)[:, -2])


def test_classic_as_written_keeps_temperature_1(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = create_run(Run(tiny, 0, tmp_path / "written", form="as_written"))
    metrics = finish(run, split).metrics()
    assert metrics["calibration"]["temperature"] == 1
    assert load_model(run.model).temperature == 1
    other = finish(create_run(replace(run, folder=tmp_path / "corrected", form="corrected")), split)
    assert other.metrics()["calibration"]["temperature"] != 1


def test_without_validation_nothing_is_fitted(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = finish(new(tiny, tmp_path / "run"), Split(split.train, None, split.test))
    assert "calibration" not in run.metrics()
    assert "unsure" not in run.metrics()["test"]
    model = load_model(run.model)
    assert (model.temperature, model.unsure_below, model.unsure_error) == (1.0, None, None)


def test_few_validation_images_give_no_threshold(finished_run: Run) -> None:
    assert load_model(finished_run.model).unsure_below is None
    assert "unsure" not in finished_run.metrics()["test"]


@pytest.fixture(scope="module")
def halves() -> Split:
    """Images that are trivial to classify: ink on the left is a 0, on the right a 1."""
    images = np.zeros((3400, 28, 28, 1), np.uint8)
    labels = np.arange(3400) % 2
    images[labels == 0, :, :14] = 255
    images[labels == 1, :, 14:] = 255
    parts = np.split(np.arange(3400), [100, 3300])
    return Split(*(Dataset(images[part], labels[part]) for part in parts))


def test_threshold_is_saved_in_the_model_and_evaluated_on_the_test_images(
    tiny: Recipe, halves: Split, tmp_path: Path
) -> None:
    run = finish(new(replace(tiny, epochs=20, average=None), tmp_path / "run"), halves)
    model, unsure = load_model(run.model), run.metrics()["test"]["unsure"]
    assert (model.unsure_below, model.unsure_error) == (0.0, 0.001)
    assert (unsure["threshold"], unsure["coverage"], unsure["error"]) == (0.0, 1.0, 0.0)
    assert (unsure["n"], unsure["wanted_error"]) == (100, 0.001)


def test_calibrating_twice_gives_the_same_threshold_of_calibrated_confidences(
    finished_run: Run, split: Split
) -> None:
    model = load_model(finished_run.model)
    assert split.validation is not None
    error = 0.8 * (1 - score(model, split.validation).accuracy)
    first = calibrate(model, split.validation, error=error)
    below = model.unsure_below
    second = calibrate(model, split.validation, error=error)
    assert first.score.loss == second.score.loss < first.before.loss == second.before.loss
    assert model.unsure_below == below is not None
    assert model.unsure_error == error
    assert below in first.score.confidence
    assert below not in first.before.confidence
    result, metrics = evaluate(model, split.validation)
    expected = selective_metrics(result.confidence, result.is_correct, below)
    assert metrics["unsure"] == expected | {"wanted_error": error}
    assert 0 < expected["coverage"] < 1
    assert expected["error"] < error
