"""Section: whether the confidence equals the accuracy, and when the model says "unsure"."""

from tenfold.evaluation import reliability
from tenfold.plots.formatting import percent
from tenfold.report.blocks import Block, Section, Stat, Stats
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["confidence_section"]

_METRICS = (
    ("loss", "Cross-entropy", "mean of -ln p of the true digit"),
    ("brier", "Brier score", "squared error of the probabilities, summed over the classes, 0 to 2"),
)


def confidence_section(context: Context) -> Section | None:
    """Return the section on confidence; None if the run has no predictions."""
    predictions = context.predictions
    if predictions is None or not len(predictions.labels):
        return None
    error = reliability(predictions.confidence, predictions.is_correct).expected_error
    blocks: list[Block] = figure_blocks(context.figure_data, "confidence")
    blocks.append(Stats(_stats(context, predictions.part, error)))
    intro = (
        f"Confidence and accuracy differ by {100 * error:.2f} percentage points on average over "
        f"the {predictions.part} images."
    )
    return Section("confidence", "Confidence", intro, blocks)


def _stats(context: Context, part: str, error: float) -> list[Stat]:
    metrics, temperature = context.metrics.part(part), context.metrics.temperature
    values = {} if metrics is None else metrics.values
    stats = [Stat("Calibration error", percent(error), f"on the {part} images")]
    stats += [
        Stat(name, f"{values[key]:.4f}", note) for key, name, note in _METRICS if key in values
    ]
    if "top2" in values:
        note = "the true digit is one of the two most probable"
        stats.append(Stat("Top-2 accuracy", percent(values["top2"]), note))
    if temperature is not None:
        fitted = "fitted on the validation images; below 1 raises the confidence, above 1 lowers it"
        note = "the confidence is not changed" if temperature == 1 else fitted
        stats.append(Stat("Temperature", f"{temperature:.3f}", note))
    return stats
