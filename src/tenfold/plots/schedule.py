"""The learning rate over a run, for one schedule or several."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import numpy as np

from tenfold.nn import Schedule
from tenfold.nn.constraints import Whole
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, styled_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["schedule_figure"]

_LINE_STYLES = ("-", "--", "-.", ":", (0, (7, 2)), (0, (3, 1, 1, 1, 1, 1)))
_MAX_POINTS = 1000  # largest number of points of a curve

_Steps = Annotated[int, Whole(1, 2**53 - 1)]

_SHAPES = {
    "Constant": "constant",
    "StepDecay": "steps",
    "Exponential": "exponential",
    "Cosine": "cosine",
    "OneCycle": "one cycle",
    "Triangular": "triangular schedule",
}


@styled_figure
def schedule_figure(
    schedules: Schedule | Mapping[str, Schedule], steps: _Steps | Mapping[str, _Steps] | None = None
) -> "Figure":
    """Draw the learning rate of every step, for one schedule or for several by recipe name.

    The legend gives the shape of each schedule, its warm-up and its peak.

    Args:
        schedules: One schedule, or several by name.
        steps: Number of steps of the whole run, for all schedules or by name; None if unknown. If
            they differ or are unknown, the x axis is the share of the run.

    Raises:
        ValueError: If there is no schedule, or a number of steps is missing or below 1.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    by_name = {"": schedules} if isinstance(schedules, Schedule) else dict(schedules)
    totals = _totals(by_name, steps)
    common_steps = next(iter(totals.values())) if len(set(totals.values())) == 1 else None
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for index, (name, schedule) in enumerate(by_name.items()):
        total = totals[name] or _MAX_POINTS
        points = np.unique(np.linspace(0, total - 1, min(total, _MAX_POINTS)).round().astype(int))
        rates = [schedule(int(step), total) for step in points]
        length = f"{totals[name]:,} steps" if common_steps is None and totals[name] else ""
        axes.plot(
            points if common_steps else points / total,
            rates,
            color=COLOURS[index % len(COLOURS)],
            linestyle=_LINE_STYLES[index % len(_LINE_STYLES)],
            marker="o" if len(points) == 1 else "",
            label=", ".join(filter(None, (name, _shape(schedule), length))),
        )
    axes.set_title(
        f"Learning rate over {common_steps:,} steps"
        if common_steps
        else "Learning rate over the run"
    )
    axes.set_ylabel("learning rate")
    axes.set_xlabel("step" if common_steps else "share of the run")
    axes.set_ylim(bottom=0)
    if common_steps is None:
        axes.xaxis.set_major_formatter(axis_percent)
    figure.legend(loc="outside lower left", ncols=1, labelcolor=FAINT)
    return figure


def _totals(
    by_name: Mapping[str, Schedule], steps: int | Mapping[str, int] | None
) -> dict[str, int | None]:
    """Return the number of steps of each schedule; None if it is unknown."""
    if not by_name:
        raise ValueError("schedules must contain at least one schedule")
    if steps is None:
        return dict.fromkeys(by_name)
    totals = {name: steps if isinstance(steps, int) else steps.get(name, 0) for name in by_name}
    for name, total in totals.items():
        if total < 1:
            raise ValueError(f"steps must be at least 1, got {total} for {name!r}")
    return dict(totals)


def _shape(schedule: Schedule) -> str:
    """Return the shape, the warm-up and the peak of a schedule as text."""
    name = type(schedule).__name__
    warm_up = f" after {axis_percent(schedule.warmup)} warm-up" if schedule.warmup else ""
    return f"{_SHAPES.get(name, name)}{warm_up}, peak {schedule.learning_rate:g}"
