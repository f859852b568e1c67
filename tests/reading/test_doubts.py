"""Doubts: every digit that is not accepted has a remark that says why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenfold.reading import doubts
from tenfold.reading.doubts import why_unsure
from tenfold.reading.picture import load_first
from tenfold.reading.pictures import read_loaded
from tenfold.reading.result import Result
from tenfold.reading.sentences import as_sentence

from .pages import page

SURE = np.array([0.9, 0.9, 0.9])
THRESHOLD = 0.8


@pytest.fixture(scope="module")
def result() -> Result:
    """The reading of a line of three digits."""
    _, found = read_loaded(load_first(page([[0, 4, 2]])))
    assert found is not None
    assert len(found.digits) == 3
    return found


def _changed(result: Result, **fields: Any) -> Result:
    """Return a reading whose digits have other values in these fields."""
    return replace(result, digits=[replace(found, **fields) for found in result.digits])


def test_a_digit_is_accepted_if_there_is_no_doubt(result: Result) -> None:
    assert why_unsure(result, SURE, THRESHOLD) == [()] * 3


@pytest.mark.parametrize(
    ("rival", "words"),
    [
        (None, "low confidence"),
        (7, "may also be a 7"),
        (8, "may also be an 8"),
        (10, "may be no digit"),
    ],
)
def test_a_digit_of_low_confidence_names_its_rival(
    result: Result, rival: int | None, words: str
) -> None:
    low = np.array([0.9, 0.7, 0.9])
    expected: list[tuple[str, ...]] = [(), (words,), ()]
    assert why_unsure(_changed(result, rival=rival), low, THRESHOLD) == expected


def test_without_a_threshold_all_digits_say_so(result: Result) -> None:
    words = ("no threshold for this error rate",)
    assert why_unsure(result, SURE, float("inf")) == [words] * 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"missing": (0.6,)}, "unread marks may be digits"),
        ({"missing": (0.6,), "pale": True}, "faint marks were not read"),
        ({"missing": (0.6,), "reread": True}, "found only when read as a single digit"),
        ({"missing": (0.4,), "pale": True}, ""),
    ],
)
def test_ink_that_was_not_read_is_named(result: Result, fields: dict[str, Any], words: str) -> None:
    expected = (words,) if words else ()
    assert why_unsure(replace(result, **fields), SURE, THRESHOLD) == [expected] * 3


def test_a_dispute_is_named(result: Result) -> None:
    words = ("another reading shows other digits",)
    assert why_unsure(_changed(result, disputed=True), SURE, THRESHOLD) == [words] * 3


def test_marks_that_are_cut_off_are_named(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "beside_rests", lambda _: np.array([False, False, True]))
    words = ("ink beside it is cut off",)
    unread = replace(result, missing=(0.6,))
    assert why_unsure(unread, SURE, THRESHOLD) == [words] * 3


def test_too_many_marks_are_named(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "has_too_many", lambda _: True)
    words = ("too many marks in the picture",)
    assert why_unsure(result, SURE, THRESHOLD) == [words] * 3


def test_a_digit_says_what_else_it_may_be(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not if the picture is known to show a digit."""
    circle, thing = np.array([True, False, False]), np.array([False, False, True])
    monkeypatch.setattr(doubts, "what_else", lambda _: {"may be a circle": circle})
    monkeypatch.setattr(doubts, "are_things", lambda _, chosen: chosen & thing)
    expected = [("may be a circle",), (), ("may be an object with a shadow",)]
    assert why_unsure(result, SURE, THRESHOLD) == expected
    assert why_unsure(result, SURE, THRESHOLD, single=True) == [()] * 3


def test_digits_beside_touching_marks_say_so(result: Result) -> None:
    """The first digit was cut out of touching marks, and is improbable."""
    first, *others = result.digits
    part = replace(first, candidate=replace(first.candidate, is_part=True))
    cut = replace(result, digits=[part, *others])
    assert why_unsure(cut, SURE, THRESHOLD) == [()] * 3
    beside = ("touching marks in its line",)
    assert why_unsure(cut, np.array([0.5, 0.9, 0.9]), THRESHOLD) == [
        *[("cut out of touching marks",), beside, beside]
    ]


def test_the_rival_of_a_clear_digit_is_none(result: Result) -> None:
    assert [found.rival for found in result.digits] == [None] * 3


@pytest.mark.parametrize(
    ("remark", "sentence"),
    [
        ("faint", "It is faint."),
        ("may also be a 7", "It may also be a 7."),
        ("unread marks may be digits", "Other marks were not read; they may be digits."),
    ],
)
def test_remarks_become_sentences(remark: str, sentence: str) -> None:
    assert as_sentence(remark) == sentence
