import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import csv_table
from tenfold.data.csv_table import (
    csv_lines,
    format_table,
    parse_any_block,
    parse_plain_block,
    parse_table,
)
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

NAMES = ["label", "a", "b"]
TABLES = arrays.arrays("u1", st.tuples(st.integers(1, 9), st.just(3)))


def parse(content: bytes) -> Array:
    return parse_table(content, 0, NAMES, "file", label=0)


@given(TABLES)
def test_a_written_table_is_read_back(table: Array) -> None:
    table[:, 0] %= 10
    text = b"".join(format_table(table))
    assert text == "".join(f"{a},{b},{c}\n" for a, b, c in table).encode()
    assert np.array_equal(parse(text), table)


def test_the_size_of_blocks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.arange(3 * 80, dtype=np.uint8).reshape(-1, 3)
    table[:, 0] %= 10
    monkeypatch.setattr(csv_table, "_ROWS", 7)
    text = b"".join(format_table(table))
    for block in (1, 8, 64):  # shorter than a line, as long as one, longer
        monkeypatch.setattr(csv_table, "_BLOCK", block)
        assert np.array_equal(parse(text), table)
        assert np.array_equal(parse(text[:-1]), table)
        with pytest.raises(TenfoldError, match=r"file, line 82, column 'b': the value .* got 'x'"):
            parse(text + b"0,0,x\n")  # the first line after a header is line 2


@given(st.lists(st.lists(st.integers(0, 300), min_size=3, max_size=3), min_size=1))
def test_plain_tables_give_the_same_in_both_parsers(rows: list[list[int]]) -> None:
    text = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    fast = parse_plain_block(text, len(NAMES))
    legal = all(value <= 255 for row in rows for value in row)
    assert (fast is not None) == legal
    if fast is not None:
        assert fast.dtype == np.uint8
        assert np.array_equal(fast, parse_any_block(text, 2, NAMES, "file"))


CELLS = st.sampled_from(["0", "1", "9", "07", "20", "255"])
ODD_CELLS = st.sampled_from(["256", "1000", "", " 1", "2.0", '"3"', "x"])
LINES = st.lists(CELLS, min_size=3, max_size=3) | st.lists(
    CELLS | ODD_CELLS, min_size=2, max_size=4
)


@settings(max_examples=300)
@given(st.lists(LINES.map(",".join), max_size=4).map("\n".join), st.sampled_from(["\n", "", ","]))
@example("1,2,3\n", "")
@example("1,23,4\n,1,2\n", "")
@example("1,1234,3\n", "")
@example("1,2\n3,4,5,6\n", "")
@example("1,2,3\n4,5,6", "")
@example("1\n2,3,", "")
@example("1,2,3\n4", "")
def test_the_fast_parser_agrees_or_returns_none(lines: str, end: str) -> None:
    text = (lines + end).encode()
    fast = parse_plain_block(text, len(NAMES))
    if fast is not None:
        assert np.array_equal(fast, parse_any_block(text, 2, NAMES, "file"))


@pytest.mark.parametrize(
    "line",
    [
        '"1","2","30"',
        " 1 , 2 ,\t30",
        "1.0,2.,30.00",
        "+1,02,0030",
        "1e0,0.2e1,3E+1",
        "1.000000000000000000e+00,2.000000000000000000e+00,3.000000000000000000e+01",
        '"1\n",2,30',
    ],
)
def test_unusual_notation_is_accepted(line: str) -> None:
    text = f"4,5,6\n{line}\n\n7,8,9\n  \n\n".encode()
    assert parse(text).tolist() == [[4, 5, 6], [1, 2, 30], [7, 8, 9]]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2,x", "column 'b': the value must be a whole number from 0 to 255, got 'x'"),
        ("1,2,256", "column 'b': .* got '256'"),
        ("1,-1,2", "column 'a': .* got '-1'"),
        ("A,1,2", "column 'label': the label must be a digit from 0 to 9, got 'A'"),
        ("-1,1,2", "column 'label': the label must be a digit .* got '-1'. Correct it, leave"),
        ("1,0.5,2", "column 'a': .* got '0.5'"),
        ("1,,2", "column 'a': .* got ''. The value is missing. Set"),
        ("1,1_0,2", "column 'a': .* got '1_0'"),
        ("1,\u0661,2", "column 'a'"),
        ("1,nan,2", "column 'a': .* got 'nan'. The value is missing"),
        ("1,1e999,2", "column 'a': .* got '1e999'"),
        ("1," + "9" * 99 + ",2", "column 'a': .* got '9{40}'\\."),
        ("1,2", "2 columns, but the first line has 3"),
        ("1,2,3,4", "4 columns, but the first line has 3"),
        ('1,"2"3,4', "expected after '\"'. Export it as plain CSV"),
        ('1,2,"3', "unexpected end of data"),
    ],
)
def test_a_wrong_cell_raises_with_line_and_column(line: str, message: str) -> None:
    with pytest.raises(TenfoldError, match=f"^file, line 3.*{message}"):
        parse(f"4,5,6\n{line}\n".encode())


def test_bytes_that_are_not_utf8_raise_with_their_line() -> None:
    with pytest.raises(TenfoldError, match="file, line 4: not UTF-8 text"):
        parse(b"1,2,3\n\n1,\xff,3\n")


def test_line_numbers_are_those_of_the_file() -> None:
    assert list(csv_lines('a,b\n\n"c\nd",e\r\n \nf', "file", first_line=10)) == [
        (10, ["a", "b"]),
        (13, ["c\nd", "e"]),  # where it ends
        (15, ["f"]),
    ]


def test_a_file_without_rows_gives_an_empty_table() -> None:
    assert parse(b"").shape == parse(b"\n\n").shape == (0, 3)
