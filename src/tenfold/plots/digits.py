"""Digits: the images themselves, with what the network made of them."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.plots.style import FAINT, INK, PALE, RIGHT, WRONG, picture, rounded_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["label_suspects", "misclassified", "sample_predictions"]

# Inches: a tile is an image with its caption above and a note below, such as the confidence.
_IMAGE, _CELL_WIDTH, _CELL_HEIGHT, _MARGIN, _HEAD = 0.95, 1.3, 1.55, 0.3, 0.75
_NARROWEST = 6.0  # a title needs its room, even above a single digit


@picture
def sample_predictions(
    images: Array, labels: Array, predicted: Array, confidence: Array, count: int = 20
) -> "Figure":
    """Draw some digits, evenly spread over all images, with the network's answers.

    Above a digit stands what it is: "✓ 7" in green, or in vermillion and with a heavy frame
    "✗ 7, not 1" if the 7 was taken for a 1.

    Args:
        images: (N, H, W, C) uint8; the channels are averaged.
        labels: what they are, (N,).
        predicted: what they were taken for, (N,).
        confidence: the probability given to that, (N,).
        count: how many to draw; all if there are fewer.

    Raises:
        ValueError: if the arrays differ in length or ``count`` is below 1.
        TenfoldError: if matplotlib is missing.
    """
    _check(images, labels, predicted, confidence, count)
    chosen = np.linspace(0, len(images) - 1, min(count, len(images))).round().astype(int)
    wrong = labels != predicted
    captions = [
        (f"✗ {labels[i]}, not {predicted[i]}", WRONG) if wrong[i] else (f"✓ {labels[i]}", RIGHT)
        for i in chosen
    ]
    return _tiles(
        f"Sample predictions: {len(chosen)} of {_counted(len(images), 'image')}",
        "✓ right, ✗ what it is, not what it was taken for; below, how sure the network was",
        images[chosen],
        captions,
        _sure(confidence[chosen]),
    )


@picture
def misclassified(
    images: Array, labels: Array, predicted: Array, confidence: Array, count: int = 20
) -> "Figure":
    """Draw the most confident mistakes first, with what each is and what it was taken for.

    Arguments and errors are those of ``sample_predictions``. Without a mistake, a text says so.
    """
    _check(images, labels, predicted, confidence, count)
    wrong = np.flatnonzero(labels != predicted)
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    most = f"The {len(chosen)} most confident of " if len(chosen) < len(wrong) else ""
    title = f"{most}{_counted(len(wrong), 'mistake')} in {_counted(len(images), 'image')}"
    return _tiles(
        title,
        "what each is and was taken for; below, how sure the network was of that"
        if len(wrong)
        else "the network was right every time: there is nothing to show",
        images[chosen],
        [(f"{labels[i]} taken for {predicted[i]}", INK) for i in chosen],
        _sure(confidence[chosen]),
    )


@picture
def label_suspects(
    images: Array, rows: Sequence[Mapping[str, Any]], total: int, count: int = 50
) -> "Figure":
    """Draw the images whose label is doubted, with the label, another one and its probability.

    The images of likely label errors have a heavy frame and vermillion words; the others are
    hard, but may well be labelled right.

    Args:
        images: (N, H, W, C) uint8 of the rows; the channels are averaged.
        rows: what is said of each, as by ``LabelErrors.row``: ``index``, ``given``, ``suggested``,
            ``p_suggested`` and ``likely_error``, and ``part`` if there are several.
        total: among how many images they were found.
        count: how many to draw, from the first; all if there are fewer.

    Raises:
        ValueError: if images and rows differ in number or ``count`` is below 1.
        TenfoldError: if matplotlib is missing.
    """
    if len(images) != len(rows) or count < 1:
        raise ValueError(f"{len(images)} images need as many rows, not {len(rows)}; {count} >= 1")
    rows = rows[:count]
    likely = sum(bool(row["likely_error"]) for row in rows)
    return _tiles(
        f"{_counted(len(rows), 'suspect')} among {_counted(total, 'image')}, "
        f"{likely} likely labelled wrong",
        "its label, then what else it may be, and how sure of that networks are that never saw it"
        if rows
        else "no label is doubted: there is nothing to show",
        images[:count],
        [
            (f"{row['given']}, or a {row['suggested']}?", WRONG if row["likely_error"] else INK)
            for row in rows
        ],
        [
            f"{rounded_percent(row['p_suggested'])}, {row.get('part', 'no.')} {row['index']}"
            for row in rows
        ],
    )


def _check(images: Array, labels: Array, predicted: Array, confidence: Array, count: int) -> None:
    lengths = [len(images), len(labels), len(predicted), len(confidence)]
    if len(set(lengths)) > 1:
        raise ValueError(f"images, labels, predicted and confidence differ in length: {lengths}")
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")


def _sure(confidence: Array) -> list[str]:
    return [f"{rounded_percent(float(sure))} sure" for sure in confidence]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _tiles(
    title: str,
    explanation: str,
    images: Array,
    captions: Sequence[tuple[str, str]],
    notes: Sequence[str],
) -> "Figure":
    """Lay images out in rows on one axes whose unit is the inch, y downwards."""
    from matplotlib.figure import Figure

    columns = min(len(images), max(5, math.ceil(math.sqrt(len(images))))) or 1
    rows = math.ceil(len(images) / columns)
    width = max(_NARROWEST, 2 * _MARGIN + columns * _CELL_WIDTH - (_CELL_WIDTH - _IMAGE))
    height = _HEAD + rows * _CELL_HEIGHT + _MARGIN / 2
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(_MARGIN, 0.32, title, size=10.5, weight="bold")
    axes.text(_MARGIN, 0.54, explanation, color=FAINT)
    for index, (image, caption, note) in enumerate(zip(images, captions, notes, strict=True)):
        row, column = divmod(index, columns)
        left = _MARGIN + column * _CELL_WIDTH
        _tile(axes, left, _HEAD + row * _CELL_HEIGHT, image, caption, note)
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
    frame = {"edgecolor": WRONG, "linewidth": 2} if colour == WRONG else {"edgecolor": PALE}
    axes.add_patch(Rectangle((left, upper), _IMAGE, _IMAGE, fill=False, **frame))
    axes.text(left, lower + 0.15, note, size=7.5, color=FAINT)
