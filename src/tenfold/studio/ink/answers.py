"""What the networks say about a drawing."""

from dataclasses import dataclass

import numpy as np

from tenfold.images.normalization import bounding_box
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.reading import DigitRead, read
from tenfold.reading.glyph import make_glyph
from tenfold.reading.sentences import as_sentence
from tenfold.studio.ink.strokes import SIDE

__all__ = ["Answer", "answer_final", "answer_now", "is_empty"]

_INK = 0.5  # a pixel that is covered by more than this share counts as ink
_MIN_INK = 4  # with fewer pixels of ink, a drawing counts as empty
# Advice that follows some remarks of ``tenfold.reading``.
_ADVICE = {
    "very small": " Draw larger.",
    "in several pieces": " Close the gaps.",
    "cut out of touching marks": " Leave gaps between the digits.",
}


@dataclass(frozen=True)
class Answer:
    """The answer to a drawing.

    Attributes:
        verdict: ``"accepted"``, ``"unsure"``, or ``"none"`` if it does not look like a digit.
        number: The digits from left to right, line by line.
        images: (D, 28, 28, 1) uint8, what the network sees of each digit.
        probabilities: (D, 10) float32.
        unsure: For each digit, whether the network is unsure.
        words: What was done with the ink, and what is unusual about it, as sentences.
    """

    verdict: str
    number: str
    images: Array
    probabilities: Array
    unsure: tuple[bool, ...]
    words: tuple[str, ...] = ()


def is_empty(ink: Array) -> bool:
    """Return whether there is too little ink to be read."""
    return int(np.count_nonzero(ink > _INK)) < _MIN_INK


def answer_now(ink: Array, model: Model) -> Answer:
    """Return the answer while the user draws: all ink counts as one digit.

    Args:
        ink: (SIDE, SIDE) float32 from 0 to 1, not empty.
        model: The network, without test-time augmentation.
    """
    return _answer(make_glyph(ink, ink > _INK).image[np.newaxis], model)


def answer_final(ink: Array, model: Model) -> Answer:
    """Return the answer to a finished drawing, which may show several digits.

    ``tenfold.reading`` decides whether there are digits, finds them, and reports what is unusual
    about them. The chosen network then gives the probabilities.

    Args:
        ink: As for ``answer_now``.
        model: The network.
    """
    found = read(np.rint(255 * (1 - ink)).astype(np.uint8)).digits
    if len(found) > 1:
        return _answer_number(found, model)
    answer = _answer(make_glyph(ink, ink > _INK).image[np.newaxis], model)
    words = [_preparation(ink)]
    if not found:
        words.append("It does not look like a single digit or a number.")
        return _with(answer, "none", (True,), words)
    words += [_advice(remark) for remark in found[0].remarks]
    if str(found[0].digit) != answer.number:
        words.append(
            f"Two networks disagree: that of tenfold read recognises the digit {found[0].digit}."
        )
        return _with(answer, "unsure", (True,), words)
    return _with(answer, answer.verdict, answer.unsure, words)


def _answer_number(found: tuple[DigitRead, ...], model: Model) -> Answer:
    answer = _answer(np.stack([digit.image for digit in found]), model)
    number = "".join(str(digit.digit) for digit in found)
    differs = [a != b for a, b in zip(number, answer.number, strict=True)]
    unsure = tuple(digit.unsure or other for digit, other in zip(found, differs, strict=True))
    words = [f"{len(found)} digits were found, and each was prepared on its own."]
    for position, digit in enumerate(found, 1):
        words += [f"Digit {position}: {_advice(each)}" for each in digit.remarks]
        if differs[position - 1]:
            words.append(
                f"Digit {position}: two networks disagree. One recognises {digit.digit}, the other "
                f"{answer.number[position - 1]}."
            )
    verdict = "unsure" if any(unsure) else "accepted"
    return Answer(verdict, number, answer.images, answer.probabilities, unsure, tuple(words))


def _answer(images: Array, model: Model) -> Answer:
    predictions = model.predict(images, threads=1)
    unsure = tuple(map(bool, predictions.unsure))
    return Answer(
        "unsure" if any(unsure) else "accepted",
        "".join(map(str, predictions.digit)),
        images,
        predictions.probabilities.astype(np.float32),
        unsure,
    )


def _with(answer: Answer, verdict: str, unsure: tuple[bool, ...], words: list[str]) -> Answer:
    return Answer(verdict, answer.number, answer.images, answer.probabilities, unsure, tuple(words))


def _advice(remark: str) -> str:
    """Return a remark about a digit as a sentence, with advice if there is any."""
    return as_sentence(remark) + _ADVICE.get(remark, "")


def _preparation(ink: Array) -> str:
    """Return what was done with the ink, as a sentence."""
    rows, columns = bounding_box(ink > _INK)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    values = ink / ink.sum()
    right = float(values.sum(axis=0) @ np.arange(SIDE)) - SIDE / 2
    down = float(values.sum(axis=1) @ np.arange(SIDE)) - SIDE / 2
    offsets = [
        f"{abs(share):.0%} {names[share > 0]} the middle"
        for share, names in (
            (right / SIDE, ("left of", "right of")),
            (down / SIDE, ("above", "below")),
        )
        if abs(share) >= 0.05
    ]
    position = " and ".join(offsets) if offsets else "in the middle"
    size = max(height, width) / SIDE
    return (
        f"The ink takes {size:.0%} of the pad and is {position}: it was scaled to 20 pixels and "
        "centred by its mass, as MNIST's digits were."
    )
