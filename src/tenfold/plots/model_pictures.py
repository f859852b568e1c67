"""Model pictures: what can be seen of a trained network itself."""

from typing import TYPE_CHECKING

from tenfold.data import Dataset
from tenfold.models import Model, load_model
from tenfold.nn.array import Array
from tenfold.plots.schedule import schedule_figure
from tenfold.plots.weights import filters_figure, has_feature_maps, has_weights, weights_figure
from tenfold.recipes import Recipe
from tenfold.runs import Run, RunMetrics

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["model_figures", "planned_steps", "run_figures"]


def model_figures(
    model: Model,
    image: Array | None = None,
    recipe: Recipe | None = None,
    steps: int | None = None,
) -> "dict[str, Figure]":
    """Return figures by file name: weights, filters and schedule, as far as there are any.

    Args:
        model: what is shown.
        image: (H, W, C), whose feature maps are drawn, if the network has any; None for none.
        recipe: whose learning rate is drawn; None if it is not known.
        steps: of the whole run; None if that is not known.

    Raises:
        TenfoldError: if matplotlib is missing.
    """
    figures = {}
    network = model.network
    if has_weights(network):
        figures["weights"] = weights_figure(network)
    if image is not None and has_feature_maps(network):
        figures["filters"] = filters_figure(model, image)
    if recipe is not None:
        figures["schedule"] = schedule_figure({recipe.name: recipe.schedule}, steps)
    return figures


def run_figures(run: Run, images: Dataset | None) -> "dict[str, Figure]":
    """Return the ``model_figures`` of a finished run; without its model, the schedule alone.

    Args:
        run: a finished run.
        images: the first of them is looked at; None if there are none.

    Raises:
        TenfoldError: if the model file or the metrics are damaged, or matplotlib is missing.
    """
    steps = planned_steps(run.recipe, run.results())
    if not run.model.exists():
        return {"schedule": schedule_figure({run.recipe.name: run.recipe.schedule}, steps)}
    image = images.images[0] if images else None
    return model_figures(load_model(run.model), image, run.recipe, steps)


def planned_steps(recipe: Recipe, metrics: RunMetrics | None) -> int | None:
    """Return the number of steps that a recipe had planned; None if it is unknown.

    A run that stopped early made fewer steps, but its learning rate followed the planned number.

    Args:
        recipe: The recipe of the run.
        metrics: The results of the run; None if unknown.
    """
    if metrics is None or not 0 < metrics.epochs <= metrics.steps:
        return None
    return metrics.steps // metrics.epochs * recipe.epochs
