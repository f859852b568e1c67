"""Counts of right and wrong answers, worked out by hand."""

import pytest
from benchmarks.reading.answer import Answer, Digit
from benchmarks.reading.score import Tally, matched, right_digits


def _answer(*lines: str, confidence: float = 0.97, verdict: str = "digits") -> Answer:
    digits = [Digit(d, confidence, i) for i, line in enumerate(lines) for d in line]
    return Answer(lines, tuple(digits), verdict)


def test_a_number_is_exact_or_not_and_its_digits_are_compared() -> None:
    tally = Tally()
    assert tally.add(("12345",), _answer("12345"), 10)
    assert not tally.add(("12345",), _answer("1235"), 20)  # one is missing
    assert not tally.add(("12345",), _answer("12345", "8"), 40)  # one is too many
    assert (tally.n, tally.exact, tally.digits, tally.errors) == (3, 1, 15, 2)
    assert (tally.pictures, tally.answered, tally.answered_right) == (3, 3, 1)
    # 15 digits were read with 0.97; all but the 8 are right.
    assert tally.at[0.95][:2] == [15, 14]
    assert tally.at[0.95][2] == pytest.approx(15 * 0.97)
    assert tally.at[0.99][:2] == [0, 0]
    assert tally.to_dict()["ms"] == 20


def test_an_unsure_answer_can_be_exact_but_is_not_an_answer() -> None:
    tally = Tally()
    assert tally.add(("7",), _answer("7", verdict="unsure"), 1)
    assert (tally.exact, tally.answered) == (1, 0)
    assert tally.at[0.9][0] == 0


def test_a_picture_without_digits_is_right_when_nothing_is_answered() -> None:
    tally = Tally()
    assert tally.add((), Answer(), 1)
    assert tally.add((), _answer("4", verdict="unsure"), 1)
    assert not tally.add((), _answer("4"), 1)
    assert (tally.n, tally.exact, tally.answered) == (3, 2, 1)
    assert tally.at[0.95][:2] == [1, 0]


def test_the_lines_of_a_page_are_matched_in_any_order() -> None:
    truth = ("111", "222", "333")
    assert matched(truth, ("333", "121")) == [("333", "333"), ("111", "121"), ("222", None)]
    tally = Tally()
    tally.add(truth, _answer("333", "121", "222"), 1)
    assert (tally.n, tally.exact, tally.errors) == (3, 2, 1)


def test_wrong_digits_are_found_by_aligning() -> None:
    found = right_digits(("12345",), _answer("92345"))
    assert [right for _, right in found] == [False, True, True, True, True]
    found = right_digits(("12345",), _answer("2345"))
    assert all(right for _, right in found)
    found = right_digits(("12345",), _answer("123945"))
    assert [digit.text for digit, right in found if not right] == ["9"]


@pytest.mark.parametrize(
    ("text", "lines"), [("12 34", ("1234",)), ("7.", ("7",)), ("b00k", ("00",)), ("l0ve", ())]
)
def test_of_text_only_digits_are_kept_if_they_are_at_least_half(
    text: str, lines: tuple[str, ...]
) -> None:
    answer = Answer.of_lines([(text, 0.5)])
    assert answer.lines == lines
    assert answer.verdict == ("digits" if lines else "none")
    assert Answer.from_dict(answer.to_dict()) == answer
