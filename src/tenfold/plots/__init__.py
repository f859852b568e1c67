"""Plots: results in, a matplotlib figure out. Nothing is computed here beyond arranging it.

Importing this room costs nothing: matplotlib is loaded when the first picture is drawn.
"""

from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.maps import map_figure
from tenfold.plots.model_pictures import model_figures, planned_steps
from tenfold.plots.run_pictures import draw_comparison, draw_run
from tenfold.plots.schedule import schedule_figure
from tenfold.plots.seconds import accuracy_against_seconds
from tenfold.plots.sheet import contact_sheet
from tenfold.plots.style import save_picture
from tenfold.plots.weights import filters_figure, weights_figure

__all__ = [
    "accuracy_against_seconds",
    "confusion_figure",
    "contact_sheet",
    "draw_comparison",
    "draw_run",
    "filters_figure",
    "learning_curves",
    "map_figure",
    "metric_curves",
    "misclassified",
    "model_figures",
    "planned_steps",
    "sample_predictions",
    "save_picture",
    "schedule_figure",
    "weights_figure",
]
