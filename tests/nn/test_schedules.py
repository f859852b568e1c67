import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import Constant, Cosine, Exponential, OneCycle, Schedule, StepDecay, Triangular

FALLING = [Constant, StepDecay, Exponential, Cosine]
totals = st.integers(1, 300)
rates = st.floats(1e-6, 10)
warmups = st.floats(0, 0.9)


def curve(schedule: Schedule, total: int) -> list[float]:
    return [schedule(step, total) for step in range(total)]


@pytest.mark.parametrize("kind", FALLING)
@given(rate=rates, total=totals)
def test_without_warmup_the_rate_starts_at_the_peak_and_never_rises(
    kind: type[Schedule], rate: float, total: int
) -> None:
    values = curve(kind(rate), total)
    assert values[0] == rate
    assert all(b <= a * (1 + 1e-15) for a, b in pairwise(values))
    assert all(0 < value <= rate for value in values)


@pytest.mark.parametrize("kind", FALLING)
@given(rate=rates, total=totals, warmup=warmups)
def test_warmup_rises_linearly_before_the_schedule(
    kind: type[Schedule], rate: float, total: int, warmup: float
) -> None:
    values = curve(kind(rate, warmup=warmup), total)
    rising = math.ceil(warmup * total)
    for step in range(rising):
        assert values[step] == pytest.approx((step + 1) * values[0], rel=1e-12)
        assert values[step] <= rate
    tail = values[rising:]
    assert all(b <= a * (1 + 1e-15) for a, b in pairwise(tail))


def test_warmup_worked_by_hand() -> None:
    # 40% of 10 steps rise: by 1/5 of the peak each, and the fifth step is the peak itself.
    values = curve(Constant(1.0, warmup=0.4), 10)
    assert values == pytest.approx([0.2, 0.4, 0.6, 0.8] + [1.0] * 6)


def test_whole_curve_follows_the_warmup() -> None:
    values = curve(Cosine(1.0, warmup=0.5), 8)
    assert values[:4] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert values[4:] == pytest.approx(curve(Cosine(1.0), 4))


def test_step_decay_drops_at_equally_spaced_points() -> None:
    values = curve(StepDecay(2.0, decay=0.5, drops=3), 8)
    assert values == [2, 2, 1, 1, 0.5, 0.5, 0.25, 0.25]


def test_exponential_falls_by_a_constant_factor() -> None:
    values = curve(Exponential(3.0, final=0.01), 50)
    factor = 0.01 ** (1 / 50)
    assert [b / a for a, b in pairwise(values)] == pytest.approx([factor] * 49)
    assert values[-1] * factor == pytest.approx(0.03)


def test_cosine_is_halfway_down_in_the_middle() -> None:
    schedule = Cosine(2.0, final=0.1)
    assert schedule(0, 100) == 2
    assert schedule(50, 100) == pytest.approx((2 + 0.2) / 2)
    assert schedule(25, 100) == pytest.approx(0.2 + 1.8 * (1 + math.sqrt(0.5)) / 2)
    assert schedule(100, 100) == pytest.approx(0.2)


@given(rate=rates, total=st.integers(2, 300), rise=st.floats(0.01, 0.99))
def test_one_cycle_rises_once_and_falls_once(rate: float, total: int, rise: float) -> None:
    values = curve(OneCycle(rate, rise=rise), total)
    peak = math.ceil(rise * total)
    up, down = values[:peak], values[peak:]
    assert values[0] == pytest.approx(rate / 25)
    assert all(a <= b for a, b in pairwise(up))
    assert all(a >= b for a, b in pairwise(down))
    assert all(rate / 250_000 <= value <= rate * (1 + 1e-15) for value in values)


def test_one_cycle_has_the_stated_ends_and_peak() -> None:
    schedule = OneCycle(5.0, rise=0.25, start=10, final=1000)
    assert schedule(0, 80) == pytest.approx(0.5)
    assert schedule(10, 80) == pytest.approx((0.5 + 5) / 2)
    assert schedule(20, 80) == 5
    assert schedule(50, 80) == pytest.approx((5 + 0.005) / 2)
    assert schedule(80, 80) == pytest.approx(0.005)


@pytest.mark.parametrize("kind", [OneCycle, Triangular])
def test_warmup_of_a_schedule_with_its_own_rise_raises(kind: type[Schedule]) -> None:
    message = rf"^warmup must be 0 for {kind.__name__}, got 0\.1: .* rise sets its length$"
    with pytest.raises(ValueError, match=message):
        kind(0.1, warmup=0.1)


def test_triangle_is_linear_on_both_sides() -> None:
    values = curve(Triangular(2.0, rise=0.4, start=0.5, final=0.1), 10)
    assert values[:5] == pytest.approx([1.0, 1.25, 1.5, 1.75, 2.0])
    assert values[5:] == pytest.approx([1.7, 1.4, 1.1, 0.8, 0.5])


@given(rate=rates, total=st.integers(2, 300), rise=st.floats(0.01, 0.99))
def test_triangle_rises_once_and_falls_once(rate: float, total: int, rise: float) -> None:
    values = curve(Triangular(rate, rise=rise), total)
    top = values.index(max(values))
    assert all(b >= a for a, b in pairwise(values[: top + 1]))
    assert all(b <= a for a, b in pairwise(values[top:]))
    assert all(0 <= value <= rate * (1 + 1e-12) for value in values)
