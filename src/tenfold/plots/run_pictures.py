"""Run pictures: everything that can be seen of a finished run, drawn from its folder alone."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import confusion_matrix
from tenfold.files import make_folder
from tenfold.nn.array import Array
from tenfold.plots.calibration import confidence_figure
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import Runs, learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.distributions import distributions_figure
from tenfold.plots.layers import (
    activations_figure,
    dead_units_figure,
    gradients_figure,
    updates_figure,
)
from tenfold.plots.model_pictures import run_figures
from tenfold.plots.rows import by_update, can_be_drawn, counts, layer_rows
from tenfold.plots.style import save_picture
from tenfold.recipes import Run
from tenfold.training import Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_comparison", "draw_run"]

_ERRORS = ("cost", "rmse", "r2")


def draw_run(run: Run, images: Dataset | None = None) -> list[Path]:
    """Draw a finished run into its folder's ``pictures/`` and return the files.

    learning-curve.png, loss.png, errors.png (cost, RMSE and R2, if they were recorded),
    schedule.png, of the model weights.png and, if it makes images of an image, filters.png; if the
    network was watched, activations.png, gradients.png, updates.png, distributions.png, and
    dead-units.png (if units can die); and of the test answers, or else the validation answers:
    confusion.png, confidence.png (reliability, and error against coverage), and with their images
    sample-predictions.png and misclassified.png.

    Args:
        run: a finished run.
        images: the images that the answers belong to: test, or validation if there is no test;
            None to draw what needs no images.

    Raises:
        TenfoldError: if the run is not finished, its files are damaged, the images are others, a
            file cannot be written, or matplotlib is missing.
    """
    metrics = run.metrics()  # refuses an unfinished run
    rows = layer_rows(run)
    records: Runs = {run.recipe.name: _records(run)}
    curves: Runs = {run.recipe.name: by_update(records[run.recipe.name], rows)}
    answers = _read_answers(run.folder / "predictions.npz")
    if answers is not None and images is not None:
        answers.check(images, run.folder)
    figures = {
        "learning-curve": learning_curves(curves),
        "loss": learning_curves(curves, "loss"),
    }
    if errors := _recorded(records, _ERRORS):
        figures["errors"] = metric_curves(records, errors)
    figures |= run_figures(run, images)
    figures |= _draw_layers(rows)
    if answers is not None:
        figures |= _draw_answers(answers, images, _threshold(metrics, answers.part))
    folder = make_folder(run.folder / "pictures")
    return [save_picture(figure, folder / f"{name}.png") for name, figure in figures.items()]


def draw_comparison(runs: Mapping[str, Run], path: str | Path) -> Path:
    """Draw several runs' accuracy, loss and, where recorded, cost, RMSE and R2 on one PNG figure.

    Args:
        runs: finished or not, by the names to show.
        path: the file, ending in ``.png``.

    Raises:
        TenfoldError: if there is no record, records are damaged, the file cannot be written, or
            matplotlib is missing.
    """
    records: Runs = {name: _records(run) for name, run in runs.items()}
    keys = ("accuracy", "loss", *_recorded(records, _ERRORS))
    return save_picture(metric_curves(records, keys), path)


def _records(run: Run) -> list[dict[str, float]]:
    rows: list[Any] = run.records()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(counts(row.get(key)) for key in ("epoch", "step")):
            problem = "is no record of an epoch"
        elif not all(can_be_drawn(value) for value in row.values()):
            problem = "holds what is no number, or one beyond all reason"
        else:
            continue
        path = run.folder / "records.jsonl"
        raise TenfoldError(
            f"{path} is damaged (line {number} {problem}): restore it or train again"
        )
    return rows


def _draw_layers(rows: list[Row]) -> dict[str, "Figure"]:
    """Return figures by file name, of whatever the rows hold."""
    figures = {
        "activations": ("mean", activations_figure),
        "gradients": ("gradient_rms", gradients_figure),
        "updates": ("update_ratio", updates_figure),
        "dead-units": ("dead", dead_units_figure),
        "distributions": ("histograms", distributions_figure),
    }
    return {
        name: draw(rows)
        for name, (key, draw) in figures.items()
        if any(row.get(key) is not None for row in rows)
    }


def _recorded(records: Runs, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the keys that some record holds."""
    return tuple(
        key for key in keys if any(key in row for rows in records.values() for row in rows)
    )


@dataclass(frozen=True)
class _Answers:
    """What a run answered on one part: three arrays (N,), labels and predicted being int64."""

    part: str
    labels: Array
    predicted: Array
    confidence: Array

    def check(self, images: Dataset, folder: Path) -> None:
        if len(images) != len(self.labels) or (
            images.labels is not None and (images.labels != self.labels).any()
        ):
            raise TenfoldError(
                f"{folder} holds answers on {len(self.labels)} {self.part} images, and "
                f"{images.name} ({len(images)} images) is not what they were given on: name the "
                "data that the run was trained with"
            )


def _threshold(metrics: dict[str, Any], part: str) -> float | None:
    """Return below which confidence the run's model says "unsure", None if nothing is told."""
    try:
        return min(1.0, max(0.0, float(metrics[part]["unsure"]["threshold"])))
    except (KeyError, TypeError, ValueError):
        return None


def _draw_answers(
    answers: _Answers, images: Dataset | None, threshold: float | None
) -> dict[str, "Figure"]:
    """Return figures by file name: counts and confidence, and the digits if there are images."""
    matrix = confusion_matrix(answers.labels, answers.predicted)
    right = answers.labels == answers.predicted
    figures = {
        "confusion": confusion_figure(matrix),
        "confidence": confidence_figure(answers.confidence, right, threshold),
    }
    if images is not None:
        shown = (images.images, answers.labels, answers.predicted, answers.confidence)
        figures["sample-predictions"] = sample_predictions(*shown)
        figures["misclassified"] = misclassified(*shown)
    return figures


def _read_answers(path: Path) -> _Answers | None:
    """Return the test answers, else the validation answers, else None."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            parts = [part for part in ("test", "validation") if f"{part}_labels" in archive]
            if not parts:
                return None
            names = (f"{parts[0]}_{field}" for field in ("labels", "predicted", "confidence"))
            labels, predicted, confidence = (archive[name] for name in names)
            return _checked(parts[0], labels, predicted, confidence)
    except Exception as error:  # a zip can be damaged in every way there is
        raise TenfoldError(
            f"cannot read the answers in {path} ({error}): restore the file or train again"
        ) from error


def _checked(part: str, labels: Array, predicted: Array, confidence: Array) -> _Answers:
    """Return the answers; raise ValueError if they are not digits, one of each for an image."""
    for digits in (labels, predicted):
        if digits.dtype.kind not in "iu" or not np.isin(digits, range(CLASSES)).all():
            raise ValueError(f"the {part} answers are not digits from 0 to {CLASSES - 1}")
    if not labels.shape == predicted.shape == confidence.shape == (labels.size,):
        raise ValueError(f"the {part} labels, answers and confidences differ in number")
    if confidence.dtype.kind != "f" or not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError(f"the {part} confidences are not probabilities")
    return _Answers(part, labels.astype(np.int64), predicted.astype(np.int64), confidence)
