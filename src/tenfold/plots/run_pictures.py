"""The figures of a run that are written to its folder ``pictures``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.data import Dataset
from tenfold.files import make_folder
from tenfold.models import Model
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.plots.catalogue import FIGURES, FigureData
from tenfold.plots.catalogue.curves import is_recorded
from tenfold.plots.curves import PROBABILITY_ERRORS, Over, Runs, metric_curves
from tenfold.plots.style import save_figure
from tenfold.recipes import Recipe
from tenfold.runs import Run, mean_records

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_comparison", "draw_figures", "draw_run", "model_figures"]


@checked
def draw_figures(data: FigureData) -> "dict[str, Figure]":
    """Return the figures that have a file name and can be drawn from the data, by file name.

    Args:
        data: The data of a run or of a model.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    return {
        figure.file: figure.draw(data) for figure in FIGURES if figure.file and figure.applies(data)
    }


@checked
def draw_run(run: Run, images: Dataset | None = None) -> list[Path]:
    """Draw the figures of a finished run into its folder's ``pictures/``, and return the files.

    Args:
        run: A finished run.
        images: Images of the predictions: the test images, or the validation images if there are
            no test images; None to draw only figures that need no images.

    Raises:
        TenfoldError: If the run is not finished, a file is damaged, the predictions belong to
            other images, a file cannot be written, or matplotlib is not installed.
    """
    figures = draw_figures(FigureData.from_run(run, images))
    folder = make_folder(run.folder / "pictures")
    return [save_figure(figure, folder / f"{name}.png") for name, figure in figures.items()]


@checked
def model_figures(
    model: Model,
    image: Array | None = None,
    recipe: Recipe | None = None,
    steps: Size | None = None,
) -> "dict[str, Figure]":
    """Return the figures of a model by file name: weights, feature maps and learning rate.

    Args:
        model: The model.
        image: Image whose feature maps are drawn, (H, W, C), 0 to 255; None if none are drawn.
        recipe: Recipe whose learning rate is drawn; None if unknown.
        steps: Number of steps of the whole run; None if unknown.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    return draw_figures(FigureData(model=model, image=image, recipe=recipe, steps=steps))


@checked
def draw_comparison(
    runs: Mapping[str, Run | Sequence[Run]],
    path: PathLike,
    metrics: Sequence[str] = (),
    over: Over = "epoch",
) -> Path:
    """Draw metrics of several runs in one PNG figure, and return its path.

    Args:
        runs: Runs, finished or not, by the name to show. If a name has several runs, such as a
            series, their mean is drawn.
        path: The file; its name must end in ``.png``.
        metrics: Names of the metrics; by default accuracy, loss and, if recorded, MSE, RMSE and
            R².
        over: Quantity on the x axis.

    Raises:
        TenfoldError: If no record contains one of the metrics, a file is damaged or cannot be
            written, or matplotlib is not installed.
    """
    records: Runs = {
        name: series.records()
        if isinstance(series, Run)
        else mean_records([run.records() for run in series])
        for name, series in runs.items()
    }
    rows = [row for recorded in records.values() for row in recorded]
    errors = [key for key in PROBABILITY_ERRORS if is_recorded(rows, key)]
    return save_figure(
        metric_curves(records, metrics or ("accuracy", "loss", *errors), over=over), path
    )
