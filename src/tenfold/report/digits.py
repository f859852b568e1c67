"""Digits: the images that the page shows, chosen once and kept with the answers given on them."""

import base64
import io
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.recipes import Split
from tenfold.runs import PartPredictions, Run, read_predictions

__all__ = ["shown_digits"]

_SAMPLES, _MISTAKES = 20, 60


def shown_digits(run: Run, split: Split) -> dict[str, Any]:
    """Return ``samples``, spread evenly over the images, and ``mistakes``, surest first.

    Each is a list of dicts: ``index`` among the held-out images, ``label``, ``predicted``,
    ``confidence``, and ``png``, the image in base64.

    Raises:
        TenfoldError: if the answers are damaged, or given on other images.
    """
    answers = read_predictions(run)
    images = None if answers is None else getattr(split, answers.part)
    if answers is None or images is None:
        return {"samples": [], "mistakes": []}
    answers.check(images, run.folder)
    count = len(answers.labels)
    spread = np.linspace(0, count - 1, min(_SAMPLES, count)).round().astype(int)
    wrong = np.flatnonzero(answers.labels != answers.predicted)
    surest = wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:_MISTAKES]
    return {
        "samples": _described(answers, images.images, spread),
        "mistakes": _described(answers, images.images, surest),
    }


def _described(answers: PartPredictions, images: Array, chosen: Array) -> list[dict[str, Any]]:
    return [
        {
            "index": int(index),
            "label": int(answers.labels[index]),
            "predicted": int(answers.predicted[index]),
            "confidence": round(float(answers.confidence[index]), 6),
            "png": _png(images[index]),
        }
        for index in chosen
    ]


def _png(image: Array) -> str:
    """Return an image (H, W, C) as a PNG in base64: dark ink on white, the channels averaged."""
    from PIL import Image

    ink = 255 - image.mean(axis=-1).round().astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(ink).save(content, "PNG", optimize=True)
    return base64.b64encode(content.getvalue()).decode("ascii")
