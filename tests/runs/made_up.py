"""Results of runs that never took place, for tests that need some numbers."""

from typing import Any

from tenfold.evaluation import wilson_interval
from tenfold.runs import RunMetrics


def part(correct: int, n: int, loss: float = 0.1) -> dict[str, Any]:
    """Return the metrics of one part as in ``metrics.json``."""
    interval = list(wilson_interval(correct, n))
    return {"accuracy": correct / n, "n": n, "correct": correct, "interval95": interval} | {
        "loss": loss
    }


def metrics_json(**changes: Any) -> dict[str, Any]:
    """Return the content of ``metrics.json`` of a run without held-out images, with changes."""
    return {
        "recipe": "mlp",
        "form": "",
        "seed": 0,
        "epochs": 3,
        "steps": 12,
        "parameters": 7_950,
        "multiply_adds": 7_900,
        "train": part(98, 100),
        "seconds": {"train": 1.0},
    } | changes


def run_metrics(**changes: Any) -> RunMetrics:
    """Return the results of a run without held-out images, with changes."""
    return RunMetrics.from_dict(metrics_json(**changes), "metrics.json")
