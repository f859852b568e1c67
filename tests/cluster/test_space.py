"""The settings that a search may choose."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.cluster.space import Range, Space, Values, parse_space
from tenfold.errors import UsageError


def test_ranges_choices_and_fixed_values() -> None:
    space = parse_space(["lr=0.001..0.1", "hidden=64,128|256", "batch_size=16 .. 64", "epochs=3"])
    assert space == Space(
        {"lr": Range(0.001, 0.1), "hidden": Values(("64,128", "256")), "batch_size": Range(16, 64)},
        ("epochs=3",),
    )
    chosen = {"lr": 0.0123456, "hidden": "64,128", "batch_size": 20}
    assert space.settings(chosen) == ["epochs=3", "lr=0.01235", "hidden=64,128", "batch_size=20"]


def test_searches_of_version_0_2_can_be_continued() -> None:
    # The file of a search contains these texts, and a search continues only if they are equal.
    assert repr(Values(("64,128", "256"))) == "Choice(values=('64,128', '256'))"
    assert repr(Range(1, 9)) == "Range(low=1, high=9)"


@pytest.mark.parametrize(
    ("low", "high", "whole", "logarithmic"),
    [(1, 9, True, False), (1, 10, True, True), (0.0, 1.0, False, False), (-2, 3.5, False, False)],
)
def test_scale_of_a_range(low: float, high: float, whole: bool, logarithmic: bool) -> None:
    values = Range(low, high)
    assert (values.whole, values.logarithmic) == (whole, logarithmic)
    pytest.importorskip("optuna", reason="no Optuna: pip install '.[cluster]'")
    assert values.distribution().log == logarithmic


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["epochs=3"], "no setting to choose"),
        ([], "no setting to choose"),
        (["lr"], "must be KEY=LOW..HIGH, KEY=A|B or KEY=VALUE, got 'lr'"),
        (["lr=2..1"], "the lower one, got 'lr=2..1'"),
        (["lr=1..1"], "the lower one"),
        (["lr=a..b"], "must be numbers, got 'lr=a..b'"),
        (["lr=0..inf"], "must be numbers"),
        (["lr=0..1..2"], "must be numbers"),
        (["a=1|1"], "must be different and not empty"),
        (["a=1|"], "must be different and not empty"),
        (["a=1|2", "a=3|4"], "a must be given once"),
    ],
)
def test_other_forms_are_refused(texts: list[str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_space(texts)
    assert message in str(error.value)


@given(st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_read_or_refused(texts: list[str]) -> None:
    with suppress(UsageError):
        assert parse_space(texts).free


@given(st.floats(1e-6, 1e6), st.floats(1.001, 1e3))
def test_a_proposed_number_keeps_four_digits(low: float, factor: float) -> None:
    values = Range(low, low * factor)
    assert float(values.text(low)) == pytest.approx(low, rel=5e-4)
