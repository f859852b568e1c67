"""Matplotlib figures of results, and the catalogue of all figures of a run.

Importing this package is cheap: matplotlib is imported when the first figure is drawn.
"""

from tenfold.plots.baselines import baselines_figure
from tenfold.plots.calibration import confidence_figure, reliability_figure, risk_figure
from tenfold.plots.catalogue import FIGURES, CatalogueFigure, FigureData, ReportEntry, planned_steps
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import Over, learning_curves, metric_curves
from tenfold.plots.digits import label_suspects, misclassified, sample_predictions
from tenfold.plots.distributions import distributions_figure
from tenfold.plots.landscape import paths_figure
from tenfold.plots.layers import (
    activations_figure,
    dead_units_figure,
    gradients_figure,
    updates_figure,
)
from tenfold.plots.maps import map_figure
from tenfold.plots.robustness import corruptions_figure, robustness_figure
from tenfold.plots.run_pictures import draw_comparison, draw_figures, draw_run, model_figures
from tenfold.plots.schedule import schedule_figure
from tenfold.plots.seconds import accuracy_against_seconds
from tenfold.plots.sheet import contact_sheet
from tenfold.plots.style import check_figure_name, save_figure, svg_text
from tenfold.plots.tuning import tuning_figure
from tenfold.plots.weights import filters_figure, weights_figure

__all__ = [
    "FIGURES",
    "CatalogueFigure",
    "FigureData",
    "Over",
    "PageEntry",
    "ReportEntry",
    "accuracy_against_seconds",
    "activations_figure",
    "baselines_figure",
    "check_figure_name",
    "check_picture_name",
    "confidence_figure",
    "confusion_figure",
    "contact_sheet",
    "corruptions_figure",
    "dead_units_figure",
    "distributions_figure",
    "draw_comparison",
    "draw_figures",
    "draw_run",
    "filters_figure",
    "gradients_figure",
    "label_suspects",
    "learning_curves",
    "map_figure",
    "metric_curves",
    "misclassified",
    "model_figures",
    "paths_figure",
    "planned_steps",
    "reliability_figure",
    "risk_figure",
    "robustness_figure",
    "sample_predictions",
    "save_figure",
    "save_picture",
    "schedule_figure",
    "svg_text",
    "tuning_figure",
    "updates_figure",
    "weights_figure",
]

check_picture_name, save_picture = check_figure_name, save_figure  # their names in version 0.2
PageEntry = ReportEntry  # its name in version 0.2
