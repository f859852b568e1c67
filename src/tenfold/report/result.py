"""Section: the accuracy of the network, with intervals."""

import math

from tenfold.plots.formatting import number_of, percent, seconds
from tenfold.report.blocks import (
    Block,
    Headline,
    Interval,
    Intervals,
    Paragraph,
    Section,
    Stat,
    Stats,
)
from tenfold.report.context import Context
from tenfold.report.reproduce import changed_settings
from tenfold.runs import PartMetrics

__all__ = ["result_section"]

_MAX_SETTINGS = 3  # changed settings that are listed
_NAMES = {
    "test": "test",
    "uncontested": "undisputed",
    "validation": "validation",
    "train": "training",
}
_IMAGES = {
    "test": "test images, which the network was not trained on,",
    "validation": "validation images, which the network was not trained on,",
    "train": "training images",
}
_USES = {
    "test": "The test images were used only once, after all choices had been made.",
    "validation": "There are no test images. Choices were made on the validation images, so this "
    "accuracy may be too high.",
    "train": "No images were held out, so this accuracy says little about new images.",
}


def result_section(context: Context) -> Section:
    """Return the section on the accuracy on test images, else validation or training images."""
    part = next(name for name in ("test", "validation", "train") if name in context.scores)
    first, *more = _stats(context, part)
    headline = Headline(first, _intervals(context.scores))
    blocks: list[Block] = [headline, Stats(more), Paragraph(_meaning(context, part))]
    return Section("result", "Result", _intro(part, context.scores[part]), blocks)


def _intro(part: str, score: PartMetrics) -> str:
    wrong = score.wrong
    rate = f": one mistake in {score.n / wrong:,.0f}" if 0 < wrong <= score.n / 10 else ""
    return (
        f"Of {score.n:,} {_IMAGES[part]} {score.correct:,} are predicted correctly and {wrong:,} "
        f"wrongly{rate}."
    )


def _stats(context: Context, part: str) -> list[Stat]:
    metrics, scores = context.metrics, context.scores
    score = scores[part]
    interval = "95% interval {} to {}".format(*map(percent, score.interval95))
    stats = [Stat(f"{_NAMES[part].capitalize()} accuracy", percent(score.accuracy), interval)]
    if undisputed := scores.get("uncontested"):
        note = f"on the {undisputed.n:,} test images whose label is not disputed"
        stats.append(Stat("Undisputed labels", percent(undisputed.accuracy), note))
    if part != "validation" and (held_out := scores.get("validation")):
        note = f"{held_out.correct:,} of {held_out.n:,} images, used for choices"
        stats.append(Stat("Validation", percent(held_out.accuracy), note))
    epochs = f"{number_of(metrics.epochs, 'epoch')} of {metrics.train.n:,} images"
    stats.append(Stat("Training time", seconds(metrics.train_seconds), epochs))
    adds = metrics.multiply_adds
    cost = "" if adds is None else f"{adds:,} multiply-adds per image"
    stats.append(Stat("Parameters", f"{metrics.parameters:,}", cost))
    return [*stats, Stat("Recipe", context.run.recipe.name, _origin(context))]


def _origin(context: Context) -> str:
    """Return the seed and the first settings that differ from the built-in recipe of this name."""
    changed = changed_settings(context.run) or []
    more = [f"{len(changed) - _MAX_SETTINGS} more changed"] if len(changed) > _MAX_SETTINGS else []
    return "; ".join([f"seed {context.run.seed}", *changed[:_MAX_SETTINGS], *more])


def _intervals(scores: dict[str, PartMetrics]) -> Intervals:
    """Return all scores on an axis that starts at a round number below the lowest interval."""
    lowest = min(score.interval95[0] for score in scores.values())
    step = 10 ** math.floor(math.log10(max(1 - lowest, 1e-4)))
    start = max(0.0, 1 - step * math.ceil((1 - lowest) / step - 1e-9))
    rows = [
        Interval(
            _NAMES[name],
            scores[name].accuracy,
            low,
            high,
            f"{percent(scores[name].accuracy)} ({percent(low)} to {percent(high)})",
        )
        for name in _NAMES
        if name in scores
        for low, high in [scores[name].interval95]
    ]
    caption = (
        "Accuracy on each split of the data: the mark is the measured value, the bar its 95% "
        "interval (Wilson). If the bars of two splits overlap, their difference may be chance."
    )
    return Intervals(caption, rows, start, 1.0, (f"{100 * start:g}%", "100%"))


def _meaning(context: Context, part: str) -> str:
    scores = context.scores
    sentences = [_USES[part]]
    if part != "train":
        accuracy = scores["train"].accuracy
        more = 100 * (accuracy - scores[part].accuracy)
        known = f"On the training images the accuracy is {percent(accuracy)}"
        sentences.append(
            f"{known}, {more:.2f} percentage points higher. The intervals show how uncertain this "
            "difference, the generalisation gap, is."
            if more >= 0.005
            else f"{known}, not higher: the network does not overfit."
        )
    if credit := context.run.recipe.credit:
        form = {"as_written": ", as written by its author", "corrected": ", corrected"}
        sentences.append(f"The recipe follows {credit}{form.get(context.run.form, '')}.")
    return " ".join(sentences)
