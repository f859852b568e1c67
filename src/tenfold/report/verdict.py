"""Verdict: how good the network is, in one number, one sentence, and the intervals around it."""

import math

from tenfold.report.blocks import Block, Headline, Interval, Intervals, Prose, Section, Stat, Stats
from tenfold.report.context import Context
from tenfold.report.formatting import count, percent, seconds
from tenfold.report.reproduce import changes
from tenfold.runs import PartMetrics

__all__ = ["verdict"]

_SHOWN = 3
_NAMES = {
    "test": "test",
    "uncontested": "uncontested",
    "validation": "validation",
    "train": "training",
}


def verdict(context: Context) -> Section:
    """Return what a reader wants to know first."""
    part = next(name for name in ("test", "validation", "train") if name in context.scores)
    first, *others = _stats(context, part)
    headline = Headline(first, _intervals(context))
    blocks: list[Block] = [headline, Stats(others), Prose(_meaning(context, part))]
    return Section("verdict", "The verdict", _sentence(part, context.scores[part]), blocks)


def _sentence(part: str, score: PartMetrics) -> str:
    wrong = score.n - score.correct
    seen = {
        "test": "test images that it had never seen",
        "validation": "validation images that it was not trained on",
        "train": "images that it was trained on",
    }[part]
    rate = f": one mistake in {score.n / wrong:,.0f}" if 0 < wrong <= score.n / 10 else ""
    return (
        f"Of {score.n:,} {seen}, the network reads {score.correct:,} right and {wrong:,} wrong"
        f"{rate}."
    )


def _stats(context: Context, part: str) -> list[Stat]:
    metrics, scores = context.metrics, context.scores
    best = scores[part]
    stats = [
        Stat(
            f"{_NAMES[part].capitalize()} accuracy",
            percent(best.accuracy),
            f"95 % interval {percent(best.interval95[0])} to {percent(best.interval95[1])}",
        )
    ]
    if others := scores.get("uncontested"):
        note = f"of the {others.n:,} test images whose label nobody contests"
        stats.append(Stat("Uncontested", percent(others.accuracy), note))
    if part != "validation" and (held_out := scores.get("validation")):
        note = f"{held_out.correct:,} of {held_out.n:,}, on which choices are made"
        stats.append(Stat("Validation", percent(held_out.accuracy), note))
    epochs = count(metrics.epochs, "epoch")
    images = f" of {scores['train'].n:,} images" if "train" in scores else ""
    time = Stat("Training", seconds(metrics.train_seconds), f"{epochs}{images}")
    size = Stat(
        "Size",
        f"{metrics.parameters:,}",
        "parameters"
        if metrics.multiply_adds is None
        else f"parameters; {metrics.multiply_adds:,} multiply-adds an image",
    )
    origin = Stat("Recipe", context.run.recipe.name, _origin(context))
    return [*stats, time, size, origin]


def _origin(context: Context) -> str:
    """Return the seed and the first settings that differ from the recipe of that name."""
    changed = changes(context.run) or []
    more = [f"{len(changed) - _SHOWN} more changed"] if len(changed) > _SHOWN else []
    return "; ".join([f"seed {context.run.seed}", *changed[:_SHOWN], *more])


def _intervals(context: Context) -> Intervals:
    """Return all scores on an axis that begins at a round number below the lowest interval."""
    found = {name: context.scores[name] for name in _NAMES if name in context.scores}
    lowest = min(score.interval95[0] for score in found.values())
    step = 10 ** math.floor(math.log10(max(1 - lowest, 1e-4)))
    low = max(0.0, 1 - step * math.ceil((1 - lowest) / step - 1e-9))
    rows = [
        Interval(
            _NAMES[name],
            score.accuracy,
            low,
            high,
            f"{percent(score.accuracy)} ({percent(low)} to {percent(high)})",
        )
        for name, score in found.items()
        for low, high in [score.interval95]
    ]
    caption = "Accuracy on each part of the data: the mark is what was measured, the bar its 95 % "
    caption += "interval (Wilson). Where the bars of two parts overlap, their difference may be "
    caption += "chance."
    return Intervals(caption, rows, low, 1.0, (f"{100 * low:g} %", "100 %"))


def _meaning(context: Context, part: str) -> str:
    scores = context.scores
    sentences = []
    if part == "test":
        sentences.append(
            "The test images were opened once, when everything about the recipe had been decided."
        )
    elif part == "validation":
        sentences.append(
            "There are no test images. Choices are made on the validation images, so that this "
            "number may flatter."
        )
    else:
        sentences.append("Nothing was held out, so this says little about other images.")
    if part != "train" and "train" in scores:
        more = 100 * (scores["train"].accuracy - scores[part].accuracy)
        known = f"On the images it was trained with, it reads {percent(scores['train'].accuracy)}"
        sentences.append(
            f"{known}; the difference, {more:.2f} points, is what does not carry over to others, "
            "give or take what the intervals say."
            if more >= 0.005
            else f"{known}, not more: what it learned carries over to others."
        )
    if credit := context.run.recipe.credit:
        form = {"as_written": ", as it was written", "corrected": ", corrected"}
        sentences.append(f"The recipe is after {credit}{form.get(context.run.form, '')}.")
    return " ".join(sentences)
