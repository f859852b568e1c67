"""Schedules: the learning rate over a run, of one recipe or of several."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn import Schedule
from tenfold.plots.style import COLOURS, FAINT, percent, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["schedule_figure"]

_LINES = ("-", "--", "-.", ":", (0, (7, 2)), (0, (3, 1, 1, 1, 1, 1)))
_POINTS = 1000  # of a long curve

_SHAPES = {
    "Constant": "constant",
    "StepDecay": "steps",
    "Exponential": "exponential",
    "Cosine": "cosine",
    "OneCycle": "one cycle",
    "Triangular": "triangle",
}


@picture
def schedule_figure(
    schedules: Schedule | Mapping[str, Schedule], steps: int | Mapping[str, int] | None = None
) -> "Figure":
    """Draw the learning rate of every step: one schedule, or several by the names of their recipes.

    A name stands in the legend with the shape of its schedule, its warm-up and its peak; each
    has a colour and a line of its own.

    Args:
        schedules: one alone, or several by name.
        steps: of the whole run, the same for all or by name; where they differ, or are not known,
            the x axis is the share of the run that is done.

    Raises:
        ValueError: without a schedule, if a number of steps is missing or below 1.
        TenfoldError: if matplotlib is missing.
    """
    from matplotlib.figure import Figure

    named = {"": schedules} if isinstance(schedules, Schedule) else dict(schedules)
    totals = _totals(named, steps)
    shared = next(iter(totals.values())) if len(set(totals.values())) == 1 else None
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for index, (name, schedule) in enumerate(named.items()):
        total = totals[name] or _POINTS
        points = np.unique(np.linspace(0, total - 1, min(total, _POINTS)).round().astype(int))
        rates = [schedule(int(step), total) for step in points]
        told = f"{totals[name]:,} steps" if shared is None and totals[name] else ""
        axes.plot(
            points if shared else points / total,
            rates,
            color=COLOURS[index % len(COLOURS)],
            linestyle=_LINES[index % len(_LINES)],
            marker="o" if len(points) == 1 else "",
            label=", ".join(filter(None, (name, _shape(schedule), told))),
        )
    axes.set_title(
        f"Learning rate over {shared:,} steps" if shared else "Learning rate over the run"
    )
    axes.set_ylabel("learning rate")
    axes.set_xlabel("step" if shared else "share of the run")
    axes.set_ylim(bottom=0)
    if shared is None:
        axes.xaxis.set_major_formatter(percent)
    figure.legend(loc="outside lower left", ncols=1, labelcolor=FAINT)
    return figure


def _totals(
    named: Mapping[str, Schedule], steps: int | Mapping[str, int] | None
) -> dict[str, int | None]:
    """Return how many steps each schedule has, None where that is not known."""
    if not named:
        raise ValueError("name at least one schedule to draw")
    if steps is None:
        return dict.fromkeys(named)
    totals = {name: steps if isinstance(steps, int) else steps.get(name, 0) for name in named}
    for name, total in totals.items():
        if total < 1:
            raise ValueError(f"a run has at least 1 step, not {total} as for {name!r}")
    return dict(totals)


def _shape(schedule: Schedule) -> str:
    """Say a schedule in words: its shape, its warm-up, its peak."""
    name = type(schedule).__name__
    warm = f" after {percent(schedule.warmup)} warm-up" if schedule.warmup else ""
    return f"{_SHAPES.get(name, name)}{warm}, peak {schedule.learning_rate:g}"
