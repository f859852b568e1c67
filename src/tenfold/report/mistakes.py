"""Section: the mistakes of the network, as counts, by digit, and as images."""

from typing import Any

import numpy as np

from tenfold.evaluation import confusion_matrix, most_confused_pairs
from tenfold.nn.array import Array
from tenfold.plots.formatting import number_of, percent, with_article
from tenfold.report.blocks import Block, Matrix, Section, SideBySide, Table, Tile, Tiles
from tenfold.report.context import Context
from tenfold.report.figures import figure_title

__all__ = ["mistakes_section"]

_PAIRS = 10


def mistakes_section(context: Context) -> Section | None:
    """Return the section on mistakes; None if the run has no predictions."""
    predictions = context.predictions
    if predictions is None or not len(predictions.labels):
        return None
    matrix = confusion_matrix(predictions.labels, predictions.predicted)
    pairs = most_confused_pairs(matrix, _PAIRS)
    tables = [_by_digit(matrix), *([_pairs_table(pairs, matrix)] if pairs else [])]
    blocks: list[Block] = [SideBySide(_matrices(matrix, predictions.part)), SideBySide(tables)]
    blocks += _galleries(context, predictions.part)
    return Section("mistakes", "Mistakes", _intro(matrix, pairs, predictions.part), blocks)


def _intro(matrix: Array, pairs: list[tuple[int, int, int]], part: str) -> str:
    wrong = int(matrix.sum() - np.trace(matrix))
    if not pairs:
        return f"There is no mistake on the {matrix.sum():,} {part} images."
    label, predicted, times = pairs[0]
    return (
        f"{number_of(wrong, 'mistake')} in {number_of(int(matrix.sum()), f'{part} image')}. The "
        f"most frequent: {with_article(label)} predicted as {with_article(predicted)} ({times:,} "
        f"of {matrix[label].sum():,})."
    )


def _matrices(matrix: Array, part: str) -> list[Matrix]:
    counts = (
        "Rows are true digits, columns predicted digits. Correct predictions are on the diagonal: "
        f"{np.trace(matrix):,} of {matrix.sum():,} {part} images. The stronger the colour of a "
        "mistake, the larger its share of the row."
    )
    images = matrix.sum(axis=1)
    rates = np.diag(matrix) / np.maximum(images, 1)
    worst = int(np.argmin(np.where(images > 0, rates, 2)))
    shares = (
        "The same in percent of the row, cut to one decimal. The most difficult digit is "
        f"{worst}: {percent(rates[worst])} of {number_of(int(images[worst]), 'image')} are "
        "predicted correctly."
    )
    title = figure_title("confusion")
    return [
        Matrix(f"{title}, counts", counts, matrix),
        Matrix(f"{title}, percent", shares, matrix, rates=True),
    ]


def _by_digit(matrix: Array) -> Table:
    correct, images, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    rows = [
        [
            str(digit),
            f"{images[digit]:,}",
            f"{correct[digit]:,}",
            _share(correct[digit], images[digit]),
            _share(correct[digit], predicted[digit]),
            _share(2 * correct[digit], images[digit] + predicted[digit]),
        ]
        for digit in range(len(matrix))
    ]
    caption = (
        "Results by digit. Recall: share of its images that are predicted correctly. Precision: "
        "share of its predictions that are correct. F1: their harmonic mean."
    )
    return Table(caption, ["digit", "images", "correct", "recall", "precision", "F1"], rows)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "none"


def _pairs_table(pairs: list[tuple[int, int, int]], matrix: Array) -> Table:
    rows = [
        [
            f"{label} → {predicted}",
            f"{times:,}",
            percent(times / matrix[label].sum()),
            f"{matrix[predicted, label]:,}",
        ]
        for label, predicted, times in pairs
    ]
    return Table(
        "The most frequent mistakes: true → predicted digit. Reverse: how often the second digit "
        "was predicted as the first.",
        ["mistake", "count", "share of the digit", "reverse"],
        rows,
    )


def _galleries(context: Context, part: str) -> list[Tiles]:
    digits = context.study("digits")
    if digits is None:
        return []
    galleries = []
    if samples := [_tile(digit) for digit in digits["samples"]]:
        caption = (
            f"{len(samples)} {part} images, evenly spread, with the true digit (→ the predicted "
            "digit, if it is wrong) and the confidence."
        )
        galleries.append(Tiles(figure_title("sample-predictions"), caption, samples))
    if wrong := [_tile(digit) for digit in digits["mistakes"]]:
        which = f"the {len(wrong)} most confident mistakes" if len(wrong) > 1 else "the only one"
        caption = f"True → predicted digit and the confidence in the prediction: {which}."
        galleries.append(Tiles(figure_title("misclassified"), caption, wrong))
    return galleries


def _tile(digit: dict[str, Any]) -> Tile:
    label, predicted = digit["label"], digit["predicted"]
    wrong = label != predicted
    outcome = f"predicted as {with_article(predicted)}" if wrong else "predicted correctly"
    return Tile(
        f"data:image/png;base64,{digit['png']}",
        f"A handwritten {label}, {outcome}",
        f"{label} → {predicted}" if wrong else f"{label}",
        f"{percent(digit['confidence'], 1)}",
        wrong,
    )
