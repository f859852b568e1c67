"""Catalogue: optimizers compared on a small network."""

from typing import TYPE_CHECKING, Any

from tenfold.inspection import PATH_OPTIMIZERS, OptimizerPaths
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.curves import learning_curves
from tenfold.plots.formatting import percent
from tenfold.plots.landscape import paths_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "LANDSCAPE", "adam_caption"]

LANDSCAPE = "784-32-10"
"""Inputs, hidden units and outputs of the network whose loss the optimizers minimise.

It is small, so that the study takes a second.
"""

_SECTION = "inside"
_NAMES = {"Adam": "Adam", "SGD": "gradient descent"}


def _paths(data: FigureData) -> OptimizerPaths:
    result: dict[str, Any] = data.study("paths") or {}
    return OptimizerPaths.from_dict(result)


def _steps(paths: OptimizerPaths) -> int:
    return len(next(iter(paths.losses.values()))) - 1


def _adam(data: FigureData) -> "Figure":
    """Draw the loss of Adam and of gradient descent over the same steps from the same start."""
    paths = _paths(data)
    runs = {
        name: [
            {"epoch": step, "step": step, "train_loss": loss}
            for step, loss in enumerate(paths.losses[key])
        ]
        for key, name in _NAMES.items()
    }
    return learning_curves(runs, "loss", over="step", size=(5.6, 3.4))


def adam_caption(paths: OptimizerPaths) -> str:
    """Return the caption of the comparison of Adam with gradient descent."""
    adam, descent = (paths.losses[key] for key in _NAMES)
    reached = next((step for step, loss in enumerate(adam) if loss <= descent[-1]), None)
    rates = [f"(learning rate {PATH_OPTIMIZERS[key].learning_rate:g})" for key in _NAMES]
    text = (
        f"A small network ({LANDSCAPE}: inputs, hidden units and outputs), not that of this run, "
        "was trained twice from the same weights, on the same 512 training images in each step. "
        f"After {_steps(paths)} steps the loss is {adam[-1]:.3f} with Adam {rates[0]} and "
        f"{descent[-1]:.3f} with gradient descent {rates[1]}"
    )
    return f"{text}." if reached is None else f"{text}; Adam had this loss after {reached} steps."


def _paths_caption(data: FigureData) -> str:
    paths = _paths(data)
    best = min(paths.losses, key=lambda name: paths.losses[name][-1])
    return (
        f"The loss of the same small network ({LANDSCAPE}) on the plane that is closest to the "
        f"paths of {len(paths.losses)} optimizers over {_steps(paths)} steps from one start. The "
        f"plane contains {percent(paths.explained, 0)} of the squared distances of the weights "
        "from their start. "
        f"The lowest final loss is that of {best}, {paths.losses[best][-1]:.3f}."
    )


FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="adam-and-gradient-descent",
        title="Adam against gradient descent",
        sources=("studies/paths",),
        draw=_adam,
        report=ReportEntry(
            _SECTION,
            lambda data: adam_caption(_paths(data)),
            "Two curves, loss over steps.",
        ),
    ),
    CatalogueFigure(
        name="optimizer-paths",
        title="Optimizer paths",
        sources=("studies/paths",),
        draw=lambda data: paths_figure(_paths(data)),
        report=ReportEntry(
            _SECTION,
            _paths_caption,
            "Contours of the loss with a path for each optimizer.",
            keep_white=True,
        ),
    ),
)
"""Figures of the optimizers."""
