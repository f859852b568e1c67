"""Numbers and lists as text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenfold.plots.formatting import (
    axis_percent,
    joined,
    number_of,
    percent,
    seconds,
    short_percent,
    table_percent,
    with_article,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (percent(0.99264), "99.26%"),
        (percent(0.99999), "> 99.99%"),
        (percent(1.0), "100.00%"),
        (percent(0.00001), "< 0.01%"),
        (percent(0.0), "0.00%"),
        (percent(0.9996, 1), "> 99.9%"),
        (table_percent(0.9999), "99.9"),
        (table_percent(0.0005), "<0.1"),
        (table_percent(0.29), "29.0"),
        (table_percent(1), "100"),
        (table_percent(0), "0"),
        (number_of(1, "epoch"), "1 epoch"),
        (number_of(2000, "epoch"), "2,000 epochs"),
        (seconds(3.68), "3.7 s"),
        (seconds(545), "9 min 5 s"),
        (seconds(7801), "2 h 10 min"),
        (joined(["a", "b", "c"]), "a, b and c"),
        (with_article("8"), "an 8"),
        (with_article("1"), "a 1"),
    ],
)
def test_numbers_as_text(written: str, expected: str) -> None:
    assert written.replace("\N{NO-BREAK SPACE}", " ") == expected


@given(st.integers(0, 60_000), st.integers(1, 60_000))
def test_only_exact_shares_give_0_and_100_percent(part: int, whole: int) -> None:
    share = min(part, whole) / whole
    assert (percent(share).startswith("100.00")) == (share == 1)
    assert (percent(share).startswith("0.00")) == (share == 0)
    assert (table_percent(share) == "100") == (share == 1)
    assert (table_percent(share) == "0") == (share == 0)


@given(st.floats(0, 1))
@example(0.99951)
@example(1.0)
def test_rounded_percent_gives_100_only_for_1(share: float) -> None:
    text = short_percent(share)
    assert (text == "100.0%") == (share == 1)
    assert float(text.strip("> %")) == pytest.approx(100 * share, abs=0.1)


def test_axis_percent_has_no_trailing_zeros() -> None:
    assert [axis_percent(share) for share in (0, 0.5, 0.975, 0.1 + 0.2, 1)] == [
        *("0%", "50%", "97.5%", "30%", "100%")
    ]
