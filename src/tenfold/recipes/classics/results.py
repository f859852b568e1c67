"""Results of the classics: what was claimed, beside what came out."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from tenfold.recipes.classics.classic import Classic
from tenfold.recipes.run import Run

__all__ = ["summarise"]


def summarise(classic: Classic, runs: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """Return one classic's results as plain data.

    Args:
        classic: the project.
        runs: finished runs (one per random seed) of each form that was carried out.
    """
    return {
        "name": classic.name,
        "project": classic.project,
        "claims": [
            {"value": c.value, "what": c.what, "measures": c.measures} for c in classic.claims
        ],
        "mended": list(classic.mended),
        **{form: _form(done) for form, done in runs.items() if done},
    }


def _form(runs: Sequence[Run]) -> dict[str, Any]:
    """The means over the seeds, and each seed's numbers."""
    rows = [_row(run) for run in runs]
    names = [name for name, value in rows[0].items() if isinstance(value, float)]
    return {
        **{name: mean(row[name] for row in rows) for name in names},
        "seeds": [run.seed for run in runs],
        "runs": rows,
    }


def _row(run: Run) -> dict[str, Any]:
    metrics, last = run.metrics(), run.records()[-1]
    row: dict[str, Any] = {
        "train_accuracy": last["train_accuracy"],
        "test_accuracy": metrics["test"]["accuracy"],
        "seconds": metrics["seconds"]["train"],
    }
    for name in ("validation_accuracy", "last_batch_accuracy", "cost", "rmse", "r2"):
        if name in last:
            row[name] = last[name]
    perfect = [r["epoch"] for r in run.records() if r["train_accuracy"] == 1.0]
    return row | {
        "test_n": metrics["test"]["n"],
        "test_interval95": metrics["test"]["interval95"],
        "first_logged_at_100_percent": perfect[0] if perfect else None,
        "folder": run.folder.name,
    }
