"""Submissions to the competition."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import read_submission, write_submission
from tenfold.errors import TenfoldError
from tenfold.models import Predictions
from tenfold.nn.array import Array
from tests.data.damage import damaged, read_or_none

LABELS = [3, 0, 9]
SUBMISSION = b"ImageId,Label\n1,3\n2,0\n3,9\n"


def test_a_submission_is_written_in_the_format_of_the_competition(tmp_path: Path) -> None:
    write_submission(tmp_path / "file.csv", np.array(LABELS, np.uint8))
    assert (tmp_path / "file.csv").read_bytes() == SUBMISSION


@given(labels=arrays.arrays(np.int64, st.integers(1, 50), elements=st.integers(0, 9)))
def test_a_written_submission_is_read_back(labels: Array, scratch: Path) -> None:
    write_submission(scratch / "submission.csv", labels)
    result = read_submission(scratch / "submission.csv")
    assert np.array_equal(result, labels)
    assert result.dtype == np.int64


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((3, 10)), r"got float64 of shape \(3, 10\).*labels\.argmax\(axis=1\)"),
        (np.zeros(3), r"got float64.*Convert them with labels\.astype\(np\.int64\)"),
        (np.full(3, 0.5), r"got float64 of shape \(3,\)\.$"),
        (["1", "2"], r"got <U1.*labels\.astype\(float\)\.astype\(np\.int64\)"),
        ([[1], [2, 3]], r"got a list\.$"),
        (None, r"got None\.$"),
        (
            Predictions(np.eye(10), np.zeros(10, bool), None, tuple("0123456789")),
            r"got a Predictions\. Give its digit: predictions\.digit\.",
        ),
        (np.zeros(0, int), r"shape \(0,\)"),
        (np.array([1, 10]), "digits from 0 to 9, got 1 to 10"),
        (np.array([-1, 1]), "got -1 to 1"),
    ],
)
def test_wrong_labels_raise_and_write_nothing(labels: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=message):
        write_submission(tmp_path / "file.csv", labels)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        SUBMISSION[:-1],
        SUBMISSION + b"\n",
        SUBMISSION.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + SUBMISSION,
        SUBMISSION.replace(b",", b", "),
    ],
)
def test_submissions_of_other_programs_are_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    assert read_submission(tmp_path / "file.csv").tolist() == LABELS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first line of a submission must be 'ImageId,Label', got ''"),
        (b"1,3\n2,0\n", "got '1,3'"),
        (b"id,label\n1,3\n", "got 'id,label'"),
        (b"ImageId,Label\n", "has a header but no rows"),
        (b"ImageId,Label\n0,3\n", "line 2: the line must be '1,' and a digit, got '0,3'"),
        (b"ImageId,Label\n1,3\n3,0\n", "line 3: the line must be '2,' and a digit, got '3,0'"),
        (b"ImageId,Label\n1,3\n\n2,10\n", "line 4: .* got '2,10'"),
        (b"ImageId,Label\n1,3.0\n", "line 2: .* got '1,3.0'"),
        (b"ImageId,Label\n1,3,4\n", "line 2: .* got '1,3,4'"),
        (b"ImageId,Label\n1\n", "line 2: .* got '1'"),
        (b'ImageId,Label\n1,"3\n', "line 2: unexpected end"),
        (b"ImageId,Label\n1,\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_wrong_submission_raises(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(TenfoldError, match=message) as error:
        read_submission(tmp_path / "file.csv")
    assert "file.csv" in str(error.value)


@settings(max_examples=100)
@given(damaged(SUBMISSION))
def test_any_bytes_give_a_submission_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    labels = read_or_none(read_submission, scratch / "damaged.csv", content)
    assert labels is None or (labels.min() >= 0 and labels.max() <= 9)


def test_a_repeated_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(SUBMISSION * 2)
    with pytest.raises(TenfoldError, match="line 5 repeats 'ImageId,Label', as in files that were"):
        read_submission(tmp_path / "file.csv")
