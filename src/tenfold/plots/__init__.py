"""Plots: results in, a matplotlib figure out. Nothing is computed here beyond arranging it.

Importing this room costs nothing: matplotlib is loaded when the first picture is drawn.
"""

from tenfold.plots.confusion import confusion_figure
from tenfold.plots.curves import Over, learning_curves, metric_curves
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.run_pictures import draw_comparison, draw_run, read_records
from tenfold.plots.seconds import accuracy_against_seconds
from tenfold.plots.sheet import contact_sheet
from tenfold.plots.style import save_picture, svg_text

__all__ = [
    "Over",
    "accuracy_against_seconds",
    "confusion_figure",
    "contact_sheet",
    "draw_comparison",
    "draw_run",
    "learning_curves",
    "metric_curves",
    "misclassified",
    "read_records",
    "sample_predictions",
    "save_picture",
    "svg_text",
]
