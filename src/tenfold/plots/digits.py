"""Images of digits with their labels and predictions."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from tenfold.evaluation.array_checks import check_classes, check_confidence
from tenfold.images.polarity import check_bytes
from tenfold.nn.array import Array
from tenfold.nn.constraints import Count, Size
from tenfold.nn.mapping_rules import DictWith
from tenfold.plots.formatting import class_noun, number_of, short_percent
from tenfold.plots.style import DARK_GREEN, DARK_ORANGE, FAINT, INK, PALE, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["label_suspects", "misclassified", "sample_predictions"]

# In inches. A tile is an image with a caption above it and a note below it.
_IMAGE, _CELL_WIDTH, _CELL_HEIGHT, _MARGIN, _HEAD_HEIGHT = 0.95, 1.3, 1.55, 0.3, 0.75
_MIN_WIDTH = 6.0  # inches; the title above a single digit needs this width

_Suspect = Annotated[
    Mapping[str, Any],
    DictWith("index", "given", "suggested", "p_suggested", "likely_error"),
]


@styled_figure
def sample_predictions(
    images: Array,
    labels: Array,
    predicted: Array,
    confidence: Array,
    count: Size = 20,
    names: Sequence[str] | None = None,
) -> "Figure":
    """Draw some digits, evenly spread over all images, with their predictions.

    The caption of a correct prediction is "✓ 7" in green. The caption of a wrong prediction is
    "✗ 7 → 1", true and predicted digit, in dark orange, and the image has a heavy frame.

    Args:
        images: Images, (N, H, W, C) uint8; the channels are averaged.
        labels: True classes, (N,).
        predicted: Predicted classes, (N,).
        confidence: Probability of each predicted class, (N,).
        count: Number of digits to draw; all if there are fewer.
        names: Names of the classes; their numbers by default.

    Raises:
        ValueError: If the arrays are not as described or ``count`` is below 1.
        TenfoldError: If matplotlib is not installed.
    """
    _check(images, labels, predicted, confidence, names)
    chosen = np.linspace(0, len(images) - 1, min(count, len(images))).round().astype(int)
    wrong = labels != predicted
    true, found = _named(labels[chosen], names), _named(predicted[chosen], names)
    captions = [
        (f"✗ {one} → {other}", DARK_ORANGE) if is_wrong else (f"✓ {one}", DARK_GREEN)
        for one, other, is_wrong in zip(true, found, wrong[chosen], strict=True)
    ]
    return _tiles(
        f"Sample predictions: {len(chosen)} of {number_of(len(images), 'image')}",
        f"✓ correct, ✗ wrong: true → predicted {class_noun(names)}; below each digit, "
        "the confidence",
        images[chosen],
        captions,
        _confidence_notes(confidence[chosen]),
    )


@styled_figure
def misclassified(
    images: Array,
    labels: Array,
    predicted: Array,
    confidence: Array,
    count: Size = 20,
    names: Sequence[str] | None = None,
) -> "Figure":
    """Draw the mistakes with true and predicted digit, the most confident first.

    If there are no mistakes, the figure says so.

    Args:
        images: Images, (N, H, W, C) uint8; the channels are averaged.
        labels: True classes, (N,).
        predicted: Predicted classes, (N,).
        confidence: Probability of each predicted class, (N,).
        count: Number of mistakes to draw; all if there are fewer.
        names: Names of the classes; their numbers by default.

    Raises:
        ValueError: If the arrays are not as described or ``count`` is below 1.
        TenfoldError: If matplotlib is not installed.
    """
    _check(images, labels, predicted, confidence, names)
    wrong = np.flatnonzero(labels != predicted)
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    prefix = f"The {len(chosen)} most confident of " if len(chosen) < len(wrong) else ""
    title = f"{prefix}{number_of(len(wrong), 'mistake')} in {number_of(len(images), 'image')}"
    return _tiles(
        title,
        f"true → predicted {class_noun(names)}; below each, the confidence in the prediction"
        if len(wrong)
        else "all predictions are correct",
        images[chosen],
        [
            (f"{one} → {other}", INK)
            for one, other in zip(
                _named(labels[chosen], names), _named(predicted[chosen], names), strict=True
            )
        ],
        _confidence_notes(confidence[chosen]),
    )


@styled_figure
def label_suspects(
    images: Array, rows: Sequence[_Suspect], total: Count, count: Size = 50
) -> "Figure":
    """Draw the images whose label may be wrong, with a suggested label and its probability.

    Likely label errors have a heavy frame and dark orange text; the others are hard to read, but
    may be labelled correctly.

    Args:
        images: Images of the rows, (N, H, W, C) uint8; the channels are averaged.
        rows: A dict for each image, as from ``LabelErrors.row``: ``index``, ``given``,
            ``suggested``, ``p_suggested`` and ``likely_error``, and ``part`` if the images are
            from several splits.
        total: Number of images that were searched.
        count: Number of images to draw, from the first; all if there are fewer.

    Raises:
        ValueError: If images and rows differ in number or ``count`` is below 1.
        TenfoldError: If matplotlib is not installed.
    """
    check_bytes("images", images)
    if len(images) != len(rows):
        raise ValueError(
            f"images and rows must have the same length, got {len(images)} images and {len(rows)} "
            "rows"
        )
    rows = rows[:count]
    likely = sum(bool(row["likely_error"]) for row in rows)
    return _tiles(
        f"{number_of(len(rows), 'label')} that may be wrong among {number_of(total, 'image')}, "
        f"{likely} likely wrong",
        "given label, suggested label and its probability, from networks not trained on the image"
        if rows
        else "no labels that may be wrong",
        images[:count],
        [
            (
                f"label {row['given']}, maybe {row['suggested']}",
                DARK_ORANGE if row["likely_error"] else INK,
            )
            for row in rows
        ],
        [
            f"{short_percent(row['p_suggested'])}, {row.get('part', 'no.')} {row['index']}"
            for row in rows
        ],
    )


def _check(
    images: Array,
    labels: Array,
    predicted: Array,
    confidence: Array,
    names: Sequence[str] | None,
) -> None:
    lengths = [len(each) if each.ndim else 0 for each in (images, labels, predicted, confidence)]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"images, labels, predicted and confidence must have the same length, got {lengths}"
        )
    check_bytes("images", images)
    classes = np.iinfo(np.int64).max if names is None else len(names)
    check_classes(labels, classes, len(images), "labels")
    check_classes(predicted, classes, len(images), "predicted")
    if len(images) or confidence.size:
        check_confidence(confidence, labels == predicted)


def _named(classes: Array, names: Sequence[str] | None) -> list[str]:
    return [str(index) if names is None else names[index] for index in classes.tolist()]


def _confidence_notes(confidence: Array) -> list[str]:
    return [f"{short_percent(float(share))} sure" for share in confidence]


def _tiles(
    title: str,
    explanation: str,
    images: Array,
    captions: Sequence[tuple[str, str]],
    notes: Sequence[str],
) -> "Figure":
    """Draw images in rows, on axes whose unit is an inch and whose y axis points downwards."""
    from matplotlib.figure import Figure

    columns = min(len(images), max(5, math.ceil(math.sqrt(len(images))))) or 1
    rows = math.ceil(len(images) / columns)
    width = max(_MIN_WIDTH, 2 * _MARGIN + columns * _CELL_WIDTH - (_CELL_WIDTH - _IMAGE))
    height = _HEAD_HEIGHT + rows * _CELL_HEIGHT + _MARGIN / 2
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(_MARGIN, 0.32, title, size=10.5, weight="bold")
    axes.text(_MARGIN, 0.54, explanation, color=FAINT)
    for index, (image, caption, note) in enumerate(zip(images, captions, notes, strict=True)):
        row, column = divmod(index, columns)
        left = _MARGIN + column * _CELL_WIDTH
        _tile(axes, left, _HEAD_HEIGHT + row * _CELL_HEIGHT, image, caption, note)
    return figure


def _tile(
    axes: "Axes", left: float, top: float, image: Array, caption: tuple[str, str], note: str
) -> None:
    from matplotlib.patches import Rectangle

    text, colour = caption
    right, upper, lower = left + _IMAGE, top + 0.3, top + 0.3 + _IMAGE
    axes.text(left, upper - 0.08, text, color=colour, weight="bold")
    grey = image.mean(axis=-1)
    axes.imshow(grey, cmap="gray_r", vmin=0, vmax=255, extent=(left, right, lower, upper))
    is_marked = colour == DARK_ORANGE
    frame = {"edgecolor": colour, "linewidth": 2} if is_marked else {"edgecolor": PALE}
    axes.add_patch(Rectangle((left, upper), _IMAGE, _IMAGE, fill=False, **frame))
    axes.text(left, lower + 0.15, note, size=7.5, color=FAINT)
