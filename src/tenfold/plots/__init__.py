"""Plots: results in, a matplotlib figure out. Nothing is computed here beyond arranging it.

Importing this room costs nothing: matplotlib is loaded when the first picture is drawn.
"""

from tenfold.plots.baselines import baselines_figure
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import learning_curves, metric_curves
from tenfold.plots.digits import label_suspects, misclassified, sample_predictions
from tenfold.plots.run_pictures import draw_comparison, draw_run
from tenfold.plots.seconds import accuracy_against_seconds
from tenfold.plots.sheet import contact_sheet
from tenfold.plots.style import save_picture

__all__ = [
    "accuracy_against_seconds",
    "baselines_figure",
    "confusion_figure",
    "contact_sheet",
    "draw_comparison",
    "draw_run",
    "label_suspects",
    "learning_curves",
    "metric_curves",
    "misclassified",
    "sample_predictions",
    "save_picture",
]
