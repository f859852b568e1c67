"""Run pictures: everything that can be seen of a finished run, drawn from its folder alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.data import Dataset
from tenfold.evaluation import confusion_matrix
from tenfold.files import make_folder
from tenfold.inspection import LayerRow
from tenfold.plots.calibration import confidence_figure
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import Over, Runs, learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.distributions import distributions_figure
from tenfold.plots.layers import (
    activations_figure,
    dead_units_figure,
    gradients_figure,
    updates_figure,
)
from tenfold.plots.model_pictures import run_figures
from tenfold.plots.style import save_picture
from tenfold.runs import (
    PartPredictions,
    Run,
    RunMetrics,
    curve_points,
    mean_records,
    read_predictions,
)

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
    metrics = run.results()  # refuses an unfinished run
    rows = run.layers()
    records: Runs = {run.recipe.name: run.records()}
    curves: Runs = {run.recipe.name: curve_points(records[run.recipe.name], rows)}
    answers = read_predictions(run)
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


def draw_comparison(
    runs: Mapping[str, Run | Sequence[Run]],
    path: str | Path,
    metrics: Sequence[str] = (),
    over: Over = "epoch",
) -> Path:
    """Draw metrics of several runs on one PNG figure.

    Args:
        runs: finished or not, by the names to show; of several under one name, as of a series, the
            mean is drawn.
        path: the file, ending in ``.png``.
        metrics: as of ``metric_curves``; by default accuracy, loss and, where recorded, cost,
            RMSE and R2.
        over: what the x axis counts.

    Raises:
        TenfoldError: if no record holds one of the metrics, records are damaged, the file cannot
            be written, or matplotlib is missing.
    """
    records: Runs = {
        name: some.records()
        if isinstance(some, Run)
        else mean_records([run.records() for run in some])
        for name, some in runs.items()
    }
    keys = metrics or ("accuracy", "loss", *_recorded(records, _ERRORS))
    return save_picture(metric_curves(records, keys, over=over), path)


def _draw_layers(rows: list[LayerRow]) -> dict[str, "Figure"]:
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


def _threshold(metrics: RunMetrics, part: str) -> float | None:
    """Return the confidence below which the model says "unsure"; None if it never does."""
    found = metrics.part(part)
    return None if found is None else found.unsure_below


def _draw_answers(
    answers: PartPredictions, images: Dataset | None, threshold: float | None
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
