"""Plots: results in, a matplotlib figure out. Nothing is computed here beyond arranging it.

Importing this room costs nothing: matplotlib is loaded when the first picture is drawn.
"""

from tenfold.plots.calibration import confidence_figure, reliability_figure, risk_figure
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.distributions import distributions_figure
from tenfold.plots.landscape import paths_figure
from tenfold.plots.layers import (
    activations_figure,
    dead_units_figure,
    gradients_figure,
    updates_figure,
)
from tenfold.plots.robustness import corruptions_figure, robustness_figure
from tenfold.plots.run_pictures import draw_comparison, draw_run
from tenfold.plots.seconds import accuracy_against_seconds
from tenfold.plots.sheet import contact_sheet
from tenfold.plots.style import save_picture

__all__ = [
    "accuracy_against_seconds",
    "activations_figure",
    "confidence_figure",
    "confusion_figure",
    "contact_sheet",
    "corruptions_figure",
    "dead_units_figure",
    "distributions_figure",
    "draw_comparison",
    "draw_run",
    "gradients_figure",
    "learning_curves",
    "metric_curves",
    "misclassified",
    "paths_figure",
    "reliability_figure",
    "risk_figure",
    "robustness_figure",
    "sample_predictions",
    "save_picture",
    "updates_figure",
]
