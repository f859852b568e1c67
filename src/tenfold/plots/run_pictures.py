"""Run pictures: everything that can be seen of a finished run, drawn from its folder alone."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import confusion_matrix
from tenfold.files import make_folder
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import Over, Runs, learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.style import save_picture
from tenfold.recipes import Answers, Run, mean_records, read_answers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_comparison", "draw_run", "read_records"]

_ERRORS = ("cost", "rmse", "r2")


def draw_run(run: Run, images: Dataset | None = None) -> list[Path]:
    """Draw a finished run into its folder's ``pictures/`` and return the files.

    learning-curve.png, loss.png, errors.png (cost, RMSE and R2, if they were recorded), and of the
    test answers, or else the validation answers: confusion.png, and with their images
    sample-predictions.png and misclassified.png.

    Args:
        run: a finished run.
        images: the images that the answers belong to: test, or validation if there is no test;
            None to draw what needs no images.

    Raises:
        TenfoldError: if the run is not finished, its files are damaged, the images are others, a
            file cannot be written, or matplotlib is missing.
    """
    run.metrics()  # refuses an unfinished run
    records: Runs = {run.recipe.name: read_records(run)}
    answers = read_answers(run)
    if answers is not None and images is not None:
        answers.check(images, run.folder)
    figures = {
        "learning-curve": learning_curves(records),
        "loss": learning_curves(records, "loss"),
    }
    if errors := _recorded(records, _ERRORS):
        figures["errors"] = metric_curves(records, errors)
    if answers is not None:
        figures |= _draw_answers(answers, images)
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
        name: read_records(some)
        if isinstance(some, Run)
        else mean_records(list(map(read_records, some)))
        for name, some in runs.items()
    }
    keys = metrics or ("accuracy", "loss", *_recorded(records, _ERRORS))
    return save_picture(metric_curves(records, keys, over=over), path)


def read_records(run: Run) -> list[dict[str, Any]]:
    """Return a run's epoch records, once it is sure that they can be drawn.

    Raises:
        TenfoldError: if a line is no record of an epoch, or holds what is no number.
    """
    rows: list[Any] = run.records()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(_counts(row.get(key)) for key in ("epoch", "step")):
            problem = "is no record of an epoch"
        elif not all(_can_be_drawn(value) for value in row.values()):
            problem = "holds what is no number, or one beyond all reason"
        else:
            continue
        path = run.folder / "records.jsonl"
        raise TenfoldError(
            f"{path} is damaged (line {number} {problem}): restore it or train again"
        )
    return rows


def _counts(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 2**53


def _can_be_drawn(value: object) -> bool:
    if value is None:
        return True  # left out, as if it were not there
    return isinstance(value, int | float) and not 1e100 < abs(value) < math.inf


def _recorded(records: Runs, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the keys that some record holds."""
    return tuple(
        key for key in keys if any(key in row for rows in records.values() for row in rows)
    )


def _draw_answers(answers: Answers, images: Dataset | None) -> dict[str, "Figure"]:
    """Return figures by file name: the confusion, and the digits if there are images."""
    matrix = confusion_matrix(answers.labels, answers.predicted)
    figures = {"confusion": confusion_figure(matrix)}
    if images is not None:
        shown = (images.images, answers.labels, answers.predicted, answers.confidence)
        figures["sample-predictions"] = sample_predictions(*shown)
        figures["misclassified"] = misclassified(*shown)
    return figures
