"""Proportion: what a few lines without a network reach on the same images."""

from tenfold.plots import baselines_figure
from tenfold.report.blocks import Section
from tenfold.report.context import Context
from tenfold.report.formatting import count, percent
from tenfold.report.svg import drawn
from tenfold.runs import PartMetrics

__all__ = ["proportion"]

_SIZE = (5.8, 3.0)  # inches


def proportion(context: Context) -> Section | None:
    """Return the errors of the baselines and of the run on one axis."""
    own = context.scores.get("test") or context.scores.get("validation")
    found = context.study("baselines") if own is not None else None
    if own is None or found is None:
        return None
    rows = found["baselines"]
    best = max(rows, key=lambda name: rows[name]["accuracy"])
    lead = (
        f"Without a network, the best of {count(len(rows), 'simple method')} ({best}) reads "
        f"{percent(rows[best]['accuracy'])} after {found['train']:,} training images; this run "
        f"reads {percent(own.accuracy)}."
    )
    words = (
        f"Shares of errors with their 95 % intervals. The simple methods learned from "
        f"{found['train']:,} of the training images and were asked about {found['asked']:,} of the "
        "held-out ones, so that their part of the page takes a second."
    )
    figure = baselines_figure(rows, {"this run": _told(own)})
    picture = drawn(figure, "baselines", "In proportion", words, f"Dots on an axis. {words}", _SIZE)
    return Section("proportion", "In proportion", lead, [picture])


def _told(own: PartMetrics) -> dict[str, object]:
    return {"accuracy": own.accuracy, "interval95": list(own.interval95)}
