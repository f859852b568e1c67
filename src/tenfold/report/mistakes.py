"""Mistakes: where the network errs, in counts, by digit, and in the digits themselves."""

from typing import Any

import numpy as np

from tenfold.evaluation import confusion_matrix, most_confused_pairs
from tenfold.nn.array import Array
from tenfold.report.blocks import Beside, Block, Matrix, Section, Table, Tile, Tiles
from tenfold.report.context import Context
from tenfold.report.formatting import a, count, percent

__all__ = ["mistakes"]

_PAIRS = 10


def mistakes(context: Context) -> Section | None:
    """Return confusion, a table by digit, the commonest confusions, samples and a gallery."""
    answers = context.answers
    if answers is None or not len(answers.labels):
        return None
    matrix = confusion_matrix(answers.labels, answers.predicted)
    pairs = most_confused_pairs(matrix, _PAIRS)
    tables = [_by_digit(matrix), *([_pairs_table(pairs, matrix)] if pairs else [])]
    blocks: list[Block] = [Beside(_matrices(matrix, answers.part)), Beside(tables)]
    blocks += _galleries(context, answers.part)
    return Section("mistakes", "Where it errs", _lead(matrix, pairs, answers.part), blocks)


def _lead(matrix: Array, pairs: list[tuple[int, int, int]], part: str) -> str:
    wrong = int(matrix.sum() - np.trace(matrix))
    if not pairs:
        return f"Nowhere on the {matrix.sum():,} {part} images: there is no mistake to show."
    label, taken, times = pairs[0]
    return (
        f"{count(wrong, 'mistake')} in {count(int(matrix.sum()), f'{part} image')}. The commonest: "
        f"{a(label)} taken for {a(taken)} ({times:,} of {matrix[label].sum():,})."
    )


def _matrices(matrix: Array, part: str) -> list[Matrix]:
    counts = (
        "A row is what the digit is, a column what it was taken for; right answers stand on the "
        f"diagonal. {np.trace(matrix):,} of {matrix.sum():,} {part} images are there. The stronger "
        "the colour, the larger the share of the row."
    )
    shown = matrix.sum(axis=1)
    rates = np.diag(matrix) / np.maximum(shown, 1)
    worst = int(np.argmin(np.where(shown > 0, rates, 2)))
    shares = (
        "The same in percent of the row, cut to one decimal. "
        f"The {worst} is hardest: {percent(rates[worst])} of {count(int(shown[worst]), 'image')} "
        "are read right."
    )
    return [
        Matrix("Confusion, counts", counts, matrix),
        Matrix("Confusion, rates", shares, matrix, rates=True),
    ]


def _by_digit(matrix: Array) -> Table:
    right, shown, said = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    rows = [
        [
            str(digit),
            f"{shown[digit]:,}",
            f"{right[digit]:,}",
            _share(right[digit], shown[digit]),
            _share(right[digit], said[digit]),
            _share(2 * right[digit], shown[digit] + said[digit]),
        ]
        for digit in range(len(matrix))
    ]
    caption = (
        "Digit by digit. Recall: how many of its images were read right. Precision: how many of "
        "the images read as it were it. F1: their harmonic mean."
    )
    return Table(caption, ["digit", "images", "right", "recall", "precision", "F1"], rows)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "none"


def _pairs_table(pairs: list[tuple[int, int, int]], matrix: Array) -> Table:
    rows = [
        [
            f"{label} taken for {taken}",
            f"{times:,}",
            percent(times / matrix[label].sum()),
            f"{matrix[taken, label]:,}",
        ]
        for label, taken, times in pairs
    ]
    head = ["confusion", "times", "of its images", "reverse"]
    return Table(
        "The commonest confusions. Reverse: how often the second digit was taken for the first.",
        head,
        rows,
    )


def _galleries(context: Context, part: str) -> list[Tiles]:
    found = context.study("digits")
    if found is None:
        return []
    galleries = []
    if samples := [_tile(shown) for shown in found["samples"]]:
        caption = f"{len(samples)} {part} images, spread evenly over all, with what each is "
        caption += "(→ what it was taken for, if that is wrong) and how sure the network was."
        galleries.append(Tiles("Sample predictions", caption, samples))
    if wrong := [_tile(shown) for shown in found["mistakes"]]:
        caption = (
            "What each is → what it was taken for, and below how sure the network was of that: the "
        )
        caption += f"{len(wrong)} most confident mistakes." if len(wrong) > 1 else "only mistake."
        galleries.append(Tiles("Misclassified", caption, wrong))
    return galleries


def _tile(shown: dict[str, Any]) -> Tile:
    label, taken = shown["label"], shown["predicted"]
    wrong = label != taken
    return Tile(
        f"data:image/png;base64,{shown['png']}",
        f"A handwritten {label}" + (f", taken for {a(taken)}" if wrong else ", read right"),
        f"{label} → {taken}" if wrong else f"{label}",
        f"{percent(shown['confidence'], 1)}",
        wrong,
    )
