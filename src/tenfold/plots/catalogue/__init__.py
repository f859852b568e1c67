"""The catalogue of figures: one list for ``pictures/`` of a run folder and for the report.

To add a figure, write a function that draws it, and add an entry to a file in this folder.
"""

from tenfold.plots.catalogue import curves, layers, model, optimizers, predictions, robustness
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry, planned_steps

__all__ = ["FIGURES", "CatalogueFigure", "FigureData", "ReportEntry", "planned_steps"]

FIGURES: tuple[CatalogueFigure, ...] = (
    *curves.FIGURES,
    *model.FIGURES,
    *layers.FIGURES,
    *optimizers.FIGURES,
    *predictions.FIGURES,
    *robustness.FIGURES,
)
"""Every figure of a run, in the order in which the report shows them."""
