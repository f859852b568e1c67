"""The header of the drawing of a reading: titles, warnings and the legend."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading import DigitRead, Reading
from tenfold.reading.show.fonts import balanced, text_width, wrapped
from tenfold.reading.show.header import Kind, header_texts

IMAGE: Array = np.zeros((28, 28, 1), np.uint8)


def _reading(*lines: int, unsure: bool = False) -> Reading:
    """A reading of lines with these numbers of digits; only the first digit may be unsure."""
    digits = [
        DigitRead(7, 0.5, (0, 0, 9, 9), line, unsure and line == k == 0, IMAGE)
        for line, count in enumerate(lines)
        for k in range(count)
    ]
    return Reading(tuple(digits), ("Light ink on a darker background was read.",), (99, 99))


def _title(reading: Reading, width: int = 600) -> list[str]:
    return [text.text for text in header_texts(reading, width) if text.size > 15]


def test_each_number_has_its_confidence() -> None:
    assert _title(_reading(1)) == ["7", "50.0%"]
    assert _title(_reading(2, 1, unsure=True)) == ["77?", "25.0%", "/", "7", "50.0%"]
    assert _title(Reading((), (), (9, 9))) == ["no digits"]


def test_a_long_number_is_cut_into_rows() -> None:
    texts = [text for text in header_texts(_reading(60), 600) if text.size > 20]
    assert "".join(text.text for text in texts) == "7" * 60
    assert len({text.place[1] for text in texts}) == len(texts) > 1


def test_a_title_of_too_many_numbers_ends_with_dots() -> None:
    title = [text for text in header_texts(_reading(*[3] * 200), 600) if text.size > 15]
    assert title[-1].text == "..."
    assert max(text.place[2] for text in title) <= 20 + 600
    assert len({text.place[1] for text in title if text.size > 20}) == 4


@pytest.mark.parametrize(
    ("lines", "unsure", "words"),
    [
        ((1,), False, ""),
        ((1,), True, ""),
        ((3,), False, "3 digits."),
        ((3,), True, "3 digits, 1 unsure."),
        ((2, 2), True, "4 digits in 2 lines, 1 unsure."),
    ],
)
def test_the_number_of_unsure_digits_is_said(
    lines: tuple[int, ...], unsure: bool, words: str
) -> None:
    notes = [text for text in header_texts(_reading(*lines, unsure=unsure), 1500) if text.size < 17]
    said = [text.text for text in notes if text.text[0].isdigit()]
    assert said == ([words] if words else [])
    [warning] = [text for text in notes if text.kind == Kind.WARNING]
    assert warning.text == "Note: Light ink on a darker background was read."


def test_lines_of_similar_lengths_are_as_few_as_possible() -> None:
    text = "one two three four five six seven eight nine ten " * 3
    for width in (200, 400, 700):
        lines = balanced(text.strip(), 15, width)
        assert " ".join(lines) == text.strip()
        assert len(lines) == len(wrapped(text.strip(), 15, width))
        widths = [text_width(line, 15) for line in lines]
        assert max(widths) <= width
        assert min(widths) > 0.5 * max(widths)
