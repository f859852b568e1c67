import numpy as np
import pytest
from matplotlib.lines import Line2D

from tenfold.nn import Constant, Cosine, Exponential, OneCycle, Schedule, StepDecay, Triangular
from tenfold.plots import schedule_figure
from tests.plots.pictures import assert_readable, words

ALL: dict[str, Schedule] = {
    "a": Constant(0.005),
    "b": StepDecay(0.01, warmup=0.1),
    "c": Exponential(0.01),
    "d": Cosine(0.01, warmup=0.05),
    "e": OneCycle(0.012),
    "f": Triangular(0.011),
}


def curve(line: Line2D) -> tuple[list[float], list[float]]:
    x, y = np.asarray(line.get_xydata()).T
    return x.tolist(), y.tolist()


def test_learning_rate_of_every_step() -> None:
    schedule = OneCycle(0.015)
    figure = schedule_figure(schedule, 215)
    (axes,) = figure.axes
    (line,) = axes.lines
    steps, rates = curve(line)
    assert steps == list(range(215))
    assert rates == [schedule(step, 215) for step in range(215)]
    assert axes.get_title(loc="left") == "Learning rate over 215 steps"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "learning rate")
    assert axes.get_ylim()[0] == 0
    assert words(figure)[-1] == "one cycle, peak 0.015"
    assert_readable(figure)


def test_a_long_run_is_sampled_from_first_to_last_step() -> None:
    schedule = Cosine(0.01, warmup=0.05)
    (line,) = schedule_figure({"long": schedule}, 123_456).axes[0].lines
    steps, rates = curve(line)
    assert (steps[0], steps[-1]) == (0, 123_455)
    assert len(steps) == 1000
    assert all(step.is_integer() for step in steps)
    assert rates == [schedule(int(step), 123_456) for step in steps]


def test_shapes_differ_in_line_and_are_named() -> None:
    figure = schedule_figure(ALL, 300)
    assert len({str(vars(line)["_unscaled_dash_pattern"]) for line in figure.axes[0].lines}) == 6
    assert words(figure)[-6:] == [
        "a, constant, peak 0.005",
        "b, steps after 10% warm-up, peak 0.01",
        "c, exponential, peak 0.01",
        "d, cosine after 5% warm-up, peak 0.01",
        "e, one cycle, peak 0.012",
        "f, triangular schedule, peak 0.011",
    ]
    assert_readable(figure)


def test_runs_of_different_length_are_drawn_over_shares() -> None:
    figure = schedule_figure({"a": ALL["a"], "e": ALL["e"]}, {"a": 10, "e": 2000})
    (axes,) = figure.axes
    assert axes.get_xlabel() == "share of the run"
    short, long = axes.lines
    assert curve(short)[0] == pytest.approx(np.arange(10) / 10)
    assert curve(long)[0][-1] == pytest.approx(1999 / 2000)
    assert words(figure)[-2:] == [
        "a, constant, peak 0.005, 10 steps",
        "e, one cycle, peak 0.012, 2,000 steps",
    ]
    assert "20%" in words(figure)


def test_unknown_steps_give_shares() -> None:
    figure = schedule_figure({"f": ALL["f"]})
    assert figure.axes[0].get_xlabel() == "share of the run"
    assert words(figure)[-1] == "f, triangular schedule, peak 0.011"
    _, rates = curve(figure.axes[0].lines[0])
    assert max(rates) == pytest.approx(0.011, rel=1e-2)


def test_a_run_of_one_step_can_be_drawn() -> None:
    figure = schedule_figure(ALL["e"], 1)
    (line,) = figure.axes[0].lines
    assert (curve(line)[0], line.get_marker()) == ([0], "o")  # a line of one point is invisible
    assert_readable(figure)


def test_no_schedule_and_no_steps_raise() -> None:
    with pytest.raises(ValueError, match="at least one schedule"):
        schedule_figure({}, 10)
    with pytest.raises(ValueError, match=r"steps must be None or a whole number from 1 .*, got 0"):
        schedule_figure({"a": ALL["a"]}, 0)
    with pytest.raises(ValueError, match="got 0 for 'e'"):
        schedule_figure({"a": ALL["a"], "e": ALL["e"]}, {"a": 3})
