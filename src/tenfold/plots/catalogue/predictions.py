"""Catalogue: the predictions on the held-out images."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tenfold.data import Dataset
from tenfold.evaluation import confusion_matrix, reliability, risk_coverage
from tenfold.nn.array import Array
from tenfold.plots.calibration import confidence_figure, reliability_figure, risk_figure
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.confusion import confusion_figure
from tenfold.plots.digits import misclassified, sample_predictions
from tenfold.plots.formatting import number_of, percent
from tenfold.runs import PartPredictions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES"]

_SECTION = "confidence"
_SIZE = (4.8, 4.6)  # inches
_FILE = "predictions.npz"


def _predictions(data: FigureData) -> PartPredictions:
    assert data.predictions is not None
    return data.predictions


def _arrays(data: FigureData) -> tuple[Array, Array]:
    """Return the confidence of each prediction, and whether it is correct."""
    predictions = _predictions(data)
    return predictions.confidence, predictions.is_correct


def _draw_digits(data: FigureData, draw: Callable[..., "Figure"]) -> "Figure":
    """Draw images with their labels, predictions and confidences."""
    predictions, images = _predictions(data), data.images
    assert isinstance(images, Dataset)
    answers = predictions.labels, predictions.predicted, predictions.confidence
    return draw(images.images, *answers, names=predictions.names)


def _confusion(data: FigureData) -> "Figure":
    predictions = _predictions(data)
    return confusion_figure(
        confusion_matrix(predictions.labels, predictions.predicted, predictions.classes),
        predictions.names,
    )


def _reliability_caption(data: FigureData) -> str:
    confidence, correct = _arrays(data)
    error = reliability(confidence, correct).expected_error
    return (
        "Each mark is a bin of predictions with similar confidence; on the dashed line, accuracy "
        f"equals confidence. {percent((confidence > 0.99).mean(), 1)} of the predictions have a "
        f"confidence above 99%. Expected calibration error: {percent(error)}."
    )


def _risk_caption(data: FigureData) -> str:
    confidence, correct = _arrays(data)
    error = float(risk_coverage(confidence, correct).error[-1])
    text = (
        "Further to the left, the network says “unsure” more often, first for the predictions with "
        f"the lowest confidence. Of all predictions, {percent(error)} are wrong"
    )
    if data.unsure_below is not None:
        accepted = confidence >= data.unsure_below
        wrong = int((~correct & accepted).sum())
        text += (
            f". With “unsure” below {data.unsure_below:.3f}, a threshold chosen on the validation "
            f"images, the network accepts {percent(float(accepted.mean()))} of the predictions, "
            f"with {number_of(wrong, 'mistake')}"
        )
    return f"{text}."


FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="confusion",
        title="Confusion matrix",
        sources=(_FILE,),
        draw=_confusion,
        file="confusion",
    ),
    CatalogueFigure(
        name="reliability",
        title="Reliability",
        sources=(_FILE,),
        draw=lambda data: reliability_figure(*_arrays(data)),
        report=ReportEntry(
            _SECTION, _reliability_caption, "A reliability diagram.", _SIZE, layout="beside"
        ),
    ),
    CatalogueFigure(
        name="risk",
        title="Error rate against coverage",
        sources=(_FILE,),
        draw=lambda data: risk_figure(*_arrays(data), data.unsure_below),
        report=ReportEntry(
            _SECTION,
            _risk_caption,
            "A curve, error rate of the accepted images over their share.",
            _SIZE,
            layout="beside",
        ),
    ),
    CatalogueFigure(
        name="confidence",
        title="Reliability, and error rate against coverage",
        sources=(_FILE,),
        draw=lambda data: confidence_figure(*_arrays(data), data.unsure_below),
        file="confidence",
    ),
    CatalogueFigure(
        name="sample-predictions",
        title="Sample predictions",
        sources=(_FILE, "images"),
        draw=lambda data: _draw_digits(data, sample_predictions),
        file="sample-predictions",
    ),
    CatalogueFigure(
        name="misclassified",
        title="Misclassified digits",
        sources=(_FILE, "images"),
        draw=lambda data: _draw_digits(data, misclassified),
        file="misclassified",
    ),
)
"""Figures of the predictions."""
