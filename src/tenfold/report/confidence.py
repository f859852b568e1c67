"""Confidence: whether the network is as often right as it says, and when it should say nothing."""

from tenfold.evaluation import reliability, risk_coverage
from tenfold.plots import reliability_figure, risk_figure
from tenfold.report.blocks import Beside, Block, Picture, Section, Stat, Stats
from tenfold.report.context import Context
from tenfold.report.formatting import count, percent
from tenfold.report.svg import drawn
from tenfold.runs import PartPredictions

__all__ = ["confidence"]

_SIZE = (4.8, 4.6)  # inches


def confidence(context: Context) -> Section | None:
    """Return reliability, risk against coverage, and what the numbers of confidence are."""
    answers = context.answers
    if answers is None or not len(answers.labels):
        return None
    error = reliability(answers.confidence, answers.labels == answers.predicted).expected_error
    threshold = _threshold(context, answers)
    stats = _stats(context, answers.part, error)
    blocks: list[Block] = [Beside(_pictures(answers, threshold, error)), Stats(stats)]
    lead = (
        f"On average, what it says and how often it is right lie {100 * error:.2f} points apart on "
        f"the {answers.part} images."
    )
    return Section("confidence", "Can its confidence be trusted?", lead, blocks)


def _threshold(context: Context, answers: PartPredictions) -> float | None:
    part = context.metrics.part(answers.part)
    return None if part is None else part.unsure_below


def _pictures(answers: PartPredictions, threshold: float | None, error: float) -> list[Picture]:
    right = answers.labels == answers.predicted
    surest = (answers.confidence > 0.99).mean()
    words = (
        f"Each mark is a bin of answers about equally sure; on the dashed line they would be right "
        f"as often as they say. {percent(surest, 1)} of the answers are more than 99 % sure. "
        f"Expected calibration error: {percent(error)}."
    )
    risk = risk_coverage(answers.confidence, right)
    said = (
        f"The further to the left, the more often it says nothing, the least sure first. "
        f"Of all images {percent(float(risk.error[-1]))} are wrong"
    )
    if threshold is not None:
        kept = answers.confidence >= threshold
        wrong = int((~right & kept).sum())
        said += (
            f"; saying “unsure” below {threshold:.3f}, a threshold chosen on validation, "
            f"it answers {percent(float(kept.mean()))} of them, {count(wrong, 'mistake')} among "
            "these"
        )
    figure = reliability_figure(answers.confidence, right)
    return [
        drawn(
            figure, "reliability", "Reliability", words, f"A reliability diagram. {words}", _SIZE
        ),
        drawn(
            risk_figure(answers.confidence, right, threshold),
            "risk",
            "Saying “unsure”",
            f"{said}.",
            f"Error among the answered images against their share. {said}.",
            _SIZE,
        ),
    ]


def _stats(context: Context, part: str, error: float) -> list[Stat]:
    metrics, temperature = context.metrics.part(part), context.metrics.temperature
    values = {} if metrics is None else metrics.values
    found = [Stat("Calibration error", percent(error), f"on the {part} images")]
    for key, name, note in (
        ("loss", "Cross-entropy", "mean of -ln p of the right digit"),
        ("brier", "Brier score", "mean squared distance from the truth, 0 to 2"),
    ):
        if key in values:
            found.append(Stat(name, f"{values[key]:.4f}", note))
    if "top2" in values:
        found.append(Stat("Among its first two", percent(values["top2"]), "is the right digit"))
    if temperature is not None:
        fitted = "fitted on the validation images; below 1 it had been too modest, above 1 too sure"
        note = "left as it was" if temperature == 1 else fitted
        found.append(Stat("Temperature", f"{temperature:.3f}", note))
    return found
