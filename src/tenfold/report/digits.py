"""Study: the digits that the page shows, with their predictions."""

import base64
import io
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.recipes import Split
from tenfold.runs import PartPredictions, Run, read_predictions

__all__ = ["study_digits"]

_SAMPLES, _MISTAKES = 20, 60  # largest numbers of digits


def study_digits(run: Run, split: Split) -> dict[str, Any]:
    """Return ``samples``, evenly spread over the held-out images, and ``mistakes``.

    Each is a list of dicts: ``index`` among the held-out images, ``label``, ``predicted``,
    ``confidence``, and ``png``, the image as base64. The most confident mistakes come first.

    Args:
        run: A finished run.
        split: Data of the run.

    Raises:
        TenfoldError: If the predictions are damaged or belong to other images.
    """
    predictions = read_predictions(run)
    images = None if predictions is None else getattr(split, predictions.part)
    if predictions is None or images is None:
        return {"samples": [], "mistakes": []}
    predictions.check(images, run.folder)
    count = len(predictions.labels)
    spread = np.linspace(0, count - 1, min(_SAMPLES, count)).round().astype(int)
    wrong = np.flatnonzero(~predictions.is_correct)
    by_confidence = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")]
    return {
        "samples": _digit_rows(predictions, images.images, spread),
        "mistakes": _digit_rows(predictions, images.images, by_confidence[:_MISTAKES]),
    }


def _digit_rows(predictions: PartPredictions, images: Array, chosen: Array) -> list[dict[str, Any]]:
    return [
        {
            "index": int(index),
            "label": int(predictions.labels[index]),
            "predicted": int(predictions.predicted[index]),
            "confidence": round(float(predictions.confidence[index]), 6),
            "png": _png(images[index]),
        }
        for index in chosen
    ]


def _png(image: Array) -> str:
    """Return an image (H, W, C) as a base64 PNG, dark on white, with the channels averaged."""
    from PIL import Image

    ink = 255 - image.mean(axis=-1).round().astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(ink).save(content, "PNG", optimize=True)
    return base64.b64encode(content.getvalue()).decode("ascii")
