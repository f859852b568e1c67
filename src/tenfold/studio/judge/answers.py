"""What the view Judge sends to its page, as plain data and arrays."""

from typing import Any

import numpy as np

from tenfold.evaluation import confusion_matrix, reliability
from tenfold.evaluation.intervals import wilson_interval
from tenfold.evaluation.risk import selective_metrics
from tenfold.inspection import digit_maps
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.judge.evaluator import PartialResult
from tenfold.studio.judge.request import EvaluationRequest
from tenfold.studio.library import Library

__all__ = ["THRESHOLDS", "digits_behind", "map_answer", "summary"]

THRESHOLDS = (
    *(i / 20 for i in range(19)),
    *(i / 100 for i in range(91, 100)),
    *(i / 1000 for i in range(991, 1000)),
    *(i / 10000 for i in range(9991, 10000)),
)
"""Thresholds of the confidence for "unsure", closer to each other near 1."""

_MOST_DIGITS = 48  # largest number of digits that are shown for a cell of the confusion matrix
_MAPPED = 400  # number of digits on a map
_BINS = 10  # number of bins of the confidence


def summary(result: PartialResult) -> dict[str, Any]:
    """Return accuracy, confusion matrix, calibration, and the effect of each threshold."""
    predicted, confidence, correct = _predictions(result)
    n, right = len(correct), int(correct.sum())
    bins = reliability(confidence, correct, _BINS)
    below = result.model.unsure_below
    return {
        "model": result.request.model,
        "strengths": dict(result.request.strengths),
        "images": n,
        "total": result.total,
        "right": right,
        "interval": list(wilson_interval(right, n)),
        "matrix": confusion_matrix(result.labels, predicted).tolist(),
        "bins": [
            {"low": low, "high": high, "count": count, "confidence": mean, "accuracy": accuracy}
            for low, high, count, mean, accuracy in zip(
                bins.edges[:-1].tolist(),
                bins.edges[1:].tolist(),
                bins.count.tolist(),
                bins.confidence.tolist(),
                bins.accuracy.tolist(),
                strict=True,
            )
        ],
        "calibration_error": bins.expected_error,
        "temperature": result.model.temperature,
        "unsure_below": below,
        "thresholds": [selective_metrics(confidence, correct, each) for each in THRESHOLDS],
    }


def digits_behind(
    result: PartialResult, images: Array, true: int, predicted: int
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the digits behind a cell of the confusion matrix, the most confident ones first.

    If ``true`` or ``predicted`` is -1, return the digits of all cells that count mistakes.
    """
    answers, confidence, correct = _predictions(result)
    if true < 0 or predicted < 0:
        chosen = np.flatnonzero(~correct)
    else:
        chosen = np.flatnonzero((result.labels == true) & (answers == predicted))
    order = chosen[np.argsort(-confidence[chosen], kind="stable")]
    shown = order[:_MOST_DIGITS]
    fields = {
        "true": true,
        "predicted": predicted,
        "count": len(order),
        "digits": [
            {
                "index": int(i),
                "label": int(result.labels[i]),
                "answer": int(answers[i]),
                "confidence": float(confidence[i]),
            }
            for i in shown
        ],
    }
    return fields, {"images": result.request.distorted_images(images, shown)}


def map_answer(
    library: Library, request: EvaluationRequest, model: Model
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return a map of 400 test digits at each stage of a network, and the digits."""
    data = library.data("test").subset(slice(_MAPPED))
    data = type(data)(request.distort(data.images), data.labels, data.name)
    maps = digit_maps(model.network, data)
    fields = {
        "model": request.model,
        "stages": [
            {"name": each.stage, "size": each.size, "purity": each.purity} for each in maps.maps
        ],
        "labels": maps.labels.tolist(),
        "answers": model.network.predict(data.images).tolist(),
    }
    positions = np.stack([_unit_square(each.positions) for each in maps.maps])
    return fields, {"positions": positions, "images": data.images}


def _predictions(result: PartialResult) -> tuple[Array, Array, Array]:
    """Return the predicted class, its probability, and whether it is correct."""
    predicted = result.probabilities.argmax(axis=1)
    confidence = np.minimum(result.probabilities.max(axis=1), 1)
    return predicted, confidence, predicted == result.labels


def _unit_square(positions: Array) -> Array:
    """Scale positions (N, 2) to 0 to 1, with the same scale along both axes."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    size = float((high - low).max()) or 1.0
    return ((positions - (low + high) / 2) / size + 0.5).astype(np.float32)
