"""The end of a run: calibrate, save and evaluate the trained network."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation import (
    UNSURE_ERROR,
    Score,
    fit_temperature,
    score,
    selective_metrics,
    uncontested,
    unsure_threshold,
)
from tenfold.evaluation.totals import totals
from tenfold.files import write_bytes, write_json
from tenfold.models import Model, apply_temperature
from tenfold.recipes.sources import Split
from tenfold.runs.run import Run
from tenfold.training import EarlyStopping, TrainingState

__all__ = ["TemperatureFit", "calibrate", "evaluate", "finalize"]


@dataclass(frozen=True)
class TemperatureFit:
    """Predictions for the validation images before and after the temperature was fitted.

    Attributes:
        before: The predictions at T = 1.
        score: The predictions at the model's temperature.
    """

    before: Score
    score: Score

    def to_dict(self) -> dict[str, float]:
        """Return loss, Brier score and calibration error before and after, as plain data."""
        before, after = self.before.metrics(), self.score.metrics()
        names = ("loss", "brier", "calibration_error")
        return {f"{name}_before": before[name] for name in names} | {
            f"{name}_after": after[name] for name in names
        }


def calibrate(
    model: Model,
    validation: Dataset,
    temperature: float | None = None,
    error: float = UNSURE_ERROR,
    threads: int | None = None,
) -> TemperatureFit:
    """Fit the temperature of a model, and choose the confidence below which it says "unsure".

    Args:
        model: A trained model. Its ``temperature``, ``unsure_below`` and ``unsure_error`` are set.
        validation: Labelled images that it was not trained on.
        temperature: The temperature; None to fit it on these images.
        error: Target share of wrong predictions among the predictions that are not "unsure".
        threads: Number of threads; None for one per core.
    """
    model.temperature = 1.0
    before = score(model, validation, threads)
    if temperature is None:
        temperature = fit_temperature(before.probabilities, before.labels)
    model.temperature = temperature
    after = Score(before.labels, apply_temperature(before.probabilities, temperature))
    below = unsure_threshold(after.confidence, after.is_correct, error)
    model.unsure_below, model.unsure_error = below, None if below is None else error
    return TemperatureFit(before, after)


def evaluate(
    model: Model, test: Dataset, threads: int | None = None
) -> tuple[Score, dict[str, Any]]:
    """Return the predictions of a model for the test images, and all their metrics."""
    result = score(model, test, threads)
    metrics = result.metrics()
    if (undisputed := uncontested(result, test)) is not None:
        metrics["uncontested"] = undisputed
    if model.unsure_below is not None:
        metrics["unsure"] = selective_metrics(
            result.confidence, result.is_correct, model.unsure_below
        ) | {"wanted_error": model.unsure_error}
    return result, metrics


def finalize(run: Run, split: Split, state: TrainingState, threads: int | None = None) -> None:
    """Calibrate, save and evaluate the trained network. ``metrics.json`` is written last.

    The training images are evaluated with the network alone, without test-time augmentation and
    temperature. A classic in the form "as written" keeps temperature 1, since its author used none.

    Args:
        run: The run.
        split: The data of the run.
        state: The state at the end of training.
        threads: Number of threads; None for one per core.
    """
    network, recipe = state.network, run.recipe
    parts: dict[str, Any] = {"train": totals(network, split.train, threads)}
    scores: dict[str, Score] = {}
    provenance = run.provenance() | {"data": _fingerprints(split)}
    model = Model(network, test_time_shift=recipe.test_time_shift, provenance=provenance)
    model.classes = recipe.class_names
    if split.validation is not None:
        fixed = 1.0 if run.form == "as_written" else None
        calibration = calibrate(model, split.validation, fixed, threads=threads)
        scores["validation"] = calibration.score
        parts["validation"] = calibration.score.metrics()
        parts["calibration"] = {"temperature": model.temperature, **calibration.to_dict()}
    model.save(run.model)
    if split.test is not None:
        scores["test"], parts["test"] = evaluate(model, split.test, threads)
    _write_predictions(run, scores)
    metrics: dict[str, Any] = {
        "recipe": recipe.name,
        "form": run.form,
        "seed": run.seed,
        "epochs": state.progress.epoch,
        "steps": state.progress.step,
        "parameters": int(network.theta.value.size),
        "multiply_adds": network.multiply_adds,
        **parts,
        "seconds": {"train": round(state.seconds, 3)},
    }
    if isinstance(stopping := state.parts.get("stopping"), EarlyStopping):
        metrics["kept_epoch"] = stopping.epoch
    write_json(run.folder / "metrics.json", metrics)
    run.checkpoint.unlink(missing_ok=True)


def _fingerprints(split: Split) -> dict[str, str]:
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    return {name: part.fingerprint for name, part in parts.items() if part is not None}


def _write_predictions(run: Run, scores: dict[str, Score]) -> None:
    """Write the predictions for the held-out images to ``predictions.npz``."""
    arrays: dict[str, Any] = {}
    for name, result in scores.items():
        arrays[f"{name}_labels"] = result.labels.astype("u1")
        arrays[f"{name}_predicted"] = result.predicted.astype("u1")
        arrays[f"{name}_confidence"] = result.confidence.astype("f4")
        arrays[f"{name}_right"] = result.right_probability.astype("f4")
        arrays[f"{name}_second"] = result.second.astype("u1")
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    write_bytes(run.folder / "predictions.npz", content.getvalue())
