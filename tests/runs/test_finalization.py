"""What a finished run holds of its calibration, and what calibrating does to a network."""

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

from .test_execution import finish, new


def test_the_temperature_is_that_of_the_validation_images(
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


def test_both_held_out_parts_have_a_whole_account(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = finish(new(tiny, tmp_path / "run"), split)
    metrics, model = run.metrics(), load_model(run.model)
    for name, part in (("validation", split.validation), ("test", split.test)):
        assert part is not None
        expected = score(model, part).metrics()
        assert set(metrics[name]) == set(expected)
        assert metrics[name]["digits"] == expected["digits"]
        assert metrics[name]["confused"] == expected["confused"]
        for key in ("brier", "top2", "calibration_error"):
            assert metrics[name][key] == pytest.approx(expected[key], rel=1e-4)
    assert set(metrics["train"]) == {"accuracy", "n", "correct", "interval95", "loss"}


def test_the_answers_say_what_the_right_digit_got_and_what_came_second(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = finish(new(tiny, tmp_path / "run"), split)
    model = load_model(run.model)
    archive = np.load(run.folder / "predictions.npz")
    for name, part in (("validation", split.validation), ("test", split.test)):
        assert part is not None
        said = model.predict_probabilities(part.images)
        got = said[np.arange(len(part)), part.require_labels()]
        assert archive[f"{name}_right"].dtype == np.float32
        assert archive[f"{name}_right"] == pytest.approx(got, abs=1e-6)
        assert archive[f"{name}_second"].dtype == np.uint8
        np.testing.assert_array_equal(archive[f"{name}_second"], np.argsort(said)[:, -2])


def test_a_classic_as_written_keeps_its_temperature(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
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


def test_few_validation_images_promise_no_error_rate(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = finish(new(tiny, tmp_path / "run"), split)
    assert load_model(run.model).unsure_below is None
    assert "unsure" not in run.metrics()["test"]


@pytest.fixture(scope="module")
def halves() -> Split:
    """Images that need no learning: ink on the left is a 0, on the right a 1."""
    images = np.zeros((3400, 28, 28, 1), np.uint8)
    labels = np.arange(3400) % 2
    images[labels == 0, :, :14] = 255
    images[labels == 1, :, 14:] = 255
    parts = np.split(np.arange(3400), [100, 3300])
    return Split(*(Dataset(images[part], labels[part]) for part in parts))


def test_the_threshold_goes_into_the_model_and_the_test_tells_what_it_is_worth(
    tiny: Recipe, halves: Split, tmp_path: Path
) -> None:
    run = finish(new(replace(tiny, epochs=20, average=None), tmp_path / "run"), halves)
    model, unsure = load_model(run.model), run.metrics()["test"]["unsure"]
    assert (model.unsure_below, model.unsure_error) == (0.0, 0.001)
    assert (unsure["threshold"], unsure["coverage"], unsure["error"]) == (0.0, 1.0, 0.0)
    assert (unsure["n"], unsure["wanted_error"]) == (100, 0.001)


def test_calibrating_is_the_same_a_second_time_and_the_threshold_is_of_tempered_answers(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    model = load_model(finish(new(tiny, tmp_path / "run"), split).model)
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
    result, told = evaluate(model, split.validation)
    expected = selective_metrics(result.confidence, result.right, below)
    assert told["unsure"] == expected | {"wanted_error": error}
    assert 0 < expected["coverage"] < 1
    assert expected["error"] < error
