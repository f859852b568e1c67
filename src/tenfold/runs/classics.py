"""Results of the classics: what was claimed, beside what came out."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from tenfold.recipes.classics.classic import Classic
from tenfold.runs.run import Run

__all__ = ["summarise"]

_LOGGED = ("validation_accuracy", "last_batch_accuracy", "cost", "rmse", "r2")
_MEANS = ("train_accuracy", "test_accuracy", "seconds", *_LOGGED)


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
        "replay_seed": classic.seed,
        **{form: _form(classic, done) for form, done in runs.items() if done},
    }


def _form(classic: Classic, runs: Sequence[Run]) -> dict[str, Any]:
    """The means over the seeds, and each seed's numbers."""
    rows = [_row(run) | _beside_log(classic, run) for run in runs]
    names = [name for name in _MEANS if name in rows[0]]
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
    for name in _LOGGED:
        if name in last:
            row[name] = last[name]
    perfect = [r["epoch"] for r in run.records() if r["train_accuracy"] == 1.0]
    return row | {
        "test_n": metrics["test"]["n"],
        "test_interval95": metrics["test"]["interval95"],
        "first_logged_at_100_percent": perfect[0] if perfect else None,
        "folder": run.folder.name,
    }


def _beside_log(classic: Classic, run: Run) -> dict[str, Any]:
    """How far a run as written is, at most, from what the project's own program printed."""
    ours = {record["epoch"]: record["train_accuracy"] for record in run.records()}
    if not classic.log or run.form != "as_written" or not set(classic.log) <= set(ours):
        return {}
    apart = max(abs(ours[epoch] - stored) for epoch, stored in classic.log.items())
    return {"marks_of_log": len(classic.log), "furthest_from_log": apart}
