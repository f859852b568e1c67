"""Section: the mistakes of the network, as counts, by digit, and as images."""

from typing import Any, TypeAlias

import numpy as np

from tenfold.evaluation import confusion_matrix, most_confused_pairs
from tenfold.nn.array import Array
from tenfold.plots.formatting import class_noun, number_of, percent, with_article
from tenfold.report.blocks import Block, Matrix, Section, SideBySide, Table, Tile, Tiles
from tenfold.report.context import Context
from tenfold.report.figures import figure_title

__all__ = ["mistakes_section"]

_PAIRS = 10  # number of the most frequent mistakes in the table
_Names: TypeAlias = tuple[str, ...]


def mistakes_section(context: Context) -> Section | None:
    """Return the section on mistakes; None if the run has no predictions."""
    predictions = context.predictions
    if predictions is None or not len(predictions.labels):
        return None
    names = predictions.names
    matrix = confusion_matrix(predictions.labels, predictions.predicted, len(names))
    pairs = most_confused_pairs(matrix, _PAIRS)
    tables = [_by_digit(matrix, names), *([_pairs_table(pairs, matrix, names)] if pairs else [])]
    matrices = SideBySide(_matrices(matrix, names, predictions.part))
    blocks: list[Block] = [matrices, SideBySide(tables)]
    blocks += _galleries(context, predictions.part, names)
    return Section("mistakes", "Mistakes", _intro(matrix, pairs, names, predictions.part), blocks)


def _intro(matrix: Array, pairs: list[tuple[int, int, int]], names: _Names, part: str) -> str:
    wrong = int(matrix.sum() - np.trace(matrix))
    if not pairs:
        return f"There is no mistake on the {matrix.sum():,} {part} images."
    label, predicted, times = pairs[0]
    pair = f"{with_article(names[label])} predicted as {with_article(names[predicted])}"
    return (
        f"{number_of(wrong, 'mistake')} in {number_of(int(matrix.sum()), f'{part} image')}. The "
        f"most frequent: {pair} ({times:,} of {matrix[label].sum():,})."
    )


def _matrices(matrix: Array, names: _Names, part: str) -> list[Matrix]:
    noun = class_noun(names)
    plural = {"digit": "digits", "class": "classes"}[noun]
    counts = (
        f"Rows are true {plural}, columns predicted {plural}. Correct predictions are on the "
        f"diagonal: {np.trace(matrix):,} of {matrix.sum():,} {part} images. The stronger the "
        "colour of a mistake, the larger its share of the row."
    )
    images = matrix.sum(axis=1)
    rates = np.diag(matrix) / np.maximum(images, 1)
    worst = int(np.argmin(np.where(images > 0, rates, 2)))
    shares = (
        "The same in percent of the row, rounded down to one decimal. The most difficult "
        f"{noun} is {names[worst]}: {percent(rates[worst])} of "
        f"{number_of(int(images[worst]), 'image')} are predicted correctly."
    )
    title = figure_title("confusion")
    return [
        Matrix(f"{title}, counts", counts, matrix, names),
        Matrix(f"{title}, percent", shares, matrix, names, rates=True),
    ]


def _by_digit(matrix: Array, names: _Names) -> Table:
    noun = class_noun(names)
    correct, images, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    rows = [
        [
            names[digit],
            f"{images[digit]:,}",
            f"{correct[digit]:,}",
            _share(correct[digit], images[digit]),
            _share(correct[digit], predicted[digit]),
            _share(2 * correct[digit], images[digit] + predicted[digit]),
        ]
        for digit in range(len(matrix))
    ]
    caption = (
        f"Results by {noun}. Recall: share of the images of a {noun} that are predicted correctly. "
        f"Precision: share of the predictions of a {noun} that are correct. F1: the harmonic mean "
        "of the two."
    )
    return Table(caption, [noun, "images", "correct", "recall", "precision", "F1"], rows)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "none"


def _pairs_table(pairs: list[tuple[int, int, int]], matrix: Array, names: _Names) -> Table:
    noun = class_noun(names)
    rows = [
        [
            f"{names[label]} → {names[predicted]}",
            f"{times:,}",
            percent(times / matrix[label].sum()),
            f"{matrix[predicted, label]:,}",
        ]
        for label, predicted, times in pairs
    ]
    return Table(
        f"The most frequent mistakes: true → predicted {noun}. Reverse: how often the second "
        f"{noun} was predicted as the first.",
        ["mistake", "count", f"share of the {noun}", "reverse"],
        rows,
    )


def _galleries(context: Context, part: str, names: _Names) -> list[Tiles]:
    digits = context.study("digits")
    if digits is None:
        return []
    galleries, noun = [], class_noun(names)
    if samples := [_tile(digit, names) for digit in digits["samples"]]:
        caption = (
            f"{len(samples)} {part} images, evenly spread, with the true {noun} (→ the predicted "
            f"{noun}, if it is wrong) and the confidence."
        )
        galleries.append(Tiles(figure_title("sample-predictions"), caption, samples))
    if wrong := [_tile(digit, names) for digit in digits["mistakes"]]:
        which = (
            f"the {len(wrong)} most confident mistakes" if len(wrong) > 1 else "the only mistake"
        )
        caption = f"True → predicted {noun} and the confidence in the prediction: {which}."
        galleries.append(Tiles(figure_title("misclassified"), caption, wrong))
    return galleries


def _tile(digit: dict[str, Any], names: _Names) -> Tile:
    label, predicted = names[digit["label"]], names[digit["predicted"]]
    wrong = label != predicted
    shown = f"A handwritten {label}" if label.isdigit() else f"Labelled “{label}”"
    outcome = f"predicted as {with_article(predicted)}" if wrong else "predicted correctly"
    return Tile(
        f"data:image/png;base64,{digit['png']}",
        f"{shown}, {outcome}",
        f"{label} → {predicted}" if wrong else f"{label}",
        f"{percent(digit['confidence'], 1)}",
        wrong,
    )
