"""Predictions: the rule for "blank" and "unsure", rows, text, and a class that is not a digit."""

import numpy as np
import pytest

from tenfold.models import Predictions

DIGITS = tuple("0123456789")


def predictions(
    confidence: list[float],
    digit: list[int],
    blank: list[bool] | None = None,
    unsure_below: float | None = None,
    classes: tuple[str, ...] = DIGITS,
) -> Predictions:
    """Return predictions of the given classes; the other classes share the rest equally."""
    rest = (1 - np.array(confidence)[:, np.newaxis]) / (len(classes) - 1)
    probabilities = np.repeat(rest, len(classes), axis=1)
    probabilities[np.arange(len(digit)), digit] = confidence
    marks = np.zeros(len(digit), bool) if blank is None else np.array(blank)
    return Predictions(probabilities, marks, unsure_below, classes)


def test_predicted_class_and_confidence() -> None:
    found = predictions([0.9, 0.5], [7, 0])
    assert len(found) == 2
    assert found.digit.tolist() == [7, 0]
    assert found.digit.dtype == np.int64
    assert found.confidence.tolist() == [0.9, 0.5]
    assert [found.name(i) for i in range(2)] == ["7", "0"]


def test_unsure_is_blank_or_below_the_threshold() -> None:
    confidence, digit, blank = [0.9, 0.95, 0.99, 0.3], [7] * 4, [False, False, True, True]
    assert predictions(confidence, digit, blank).unsure.tolist() == blank
    found = predictions(confidence, digit, blank, unsure_below=0.95)
    assert found.unsure.tolist() == [True, False, True, True]  # 0.95 reaches the threshold


def test_rows_are_plain_data() -> None:
    found = predictions([0.91, 0.5, 0.9], [7, 0, 1], [False, False, True])
    assert found.row(0) == {
        "digit": 7,
        "confidence": 0.91,
        "probabilities": [0.01] * 7 + [0.91] + [0.01] * 2,
    }
    assert found.row(2) == {"blank": True}
    threshold = predictions([0.91, 0.5], [7, 0], unsure_below=0.8)
    assert [threshold.row(i)["unsure"] for i in range(2)] == [False, True]


def test_text() -> None:
    found = predictions([0.9984, 0.512, 0.9], [7, 4, 1], [False, False, True], 0.9)
    assert [found.text(i) for i in range(3)] == ["7  99.8%", "4  51.2%  unsure", "blank"]


def test_a_class_that_is_not_a_digit_has_a_name_but_no_digit() -> None:
    classes = (*DIGITS, "not a digit")
    found = predictions([0.99, 0.9, 0.4], [10, 3, 10], unsure_below=0.5, classes=classes)
    assert found.digit.tolist() == [10, 3, 10]
    row = found.row(0)
    assert (row["class"], row["confidence"], row["unsure"]) == ("not a digit", 0.99, False)
    assert "digit" not in row
    assert len(row["probabilities"]) == 11
    assert (found.row(1)["digit"], found.row(1)["class"]) == (3, "3")
    assert [found.text(i) for i in range(3)] == [
        *("not a digit  99.0%", "3  90.0%", "not a digit  40.0%  unsure")
    ]


def test_classes_with_other_names_have_no_digit() -> None:
    found = predictions([0.9], [1], classes=("cat", "dog"))
    assert found.row(0) == {
        "confidence": 0.9,
        "class": "dog",
        "probabilities": [pytest.approx(0.1), 0.9],
    }


def test_notebook_table_has_a_row_for_each_image() -> None:
    html = predictions([0.9984, 0.512, 0.9], [7, 4, 1], [False, False, True], 0.9)._repr_html_()
    assert html.count("</tr>") == 4
    for cell in ("99.8%", "51.2%", "unsure", "blank"):
        assert html.count(f">{cell}</td>") == 1
