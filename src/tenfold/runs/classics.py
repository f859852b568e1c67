"""Results of the classics: the numbers that a project claims, and the numbers of our runs."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.nn.arguments import checked
from tenfold.recipes.classics.classic import Classic
from tenfold.runs.run import Run

__all__ = ["summarise_classic"]

# Metrics that only some classics record, and all metrics that are averaged over the seeds.
_OPTIONAL = ("validation_accuracy", "last_batch_accuracy", "cost", "rmse", "r2")
_AVERAGED = ("train_accuracy", "test_accuracy", "seconds", *_OPTIONAL)


@checked
def summarise_classic(classic: Classic, runs: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """Return the results of one classic as plain data.

    Args:
        classic: The classic.
        runs: For each form, ``"as_written"`` or ``"corrected"``, its finished runs, one per seed.

    Raises:
        TenfoldError: If the files of a run are damaged.
    """
    return {
        "name": classic.name,
        "project": classic.project,
        "claims": [
            {"value": c.value, "what": c.description, "measures": c.compare_with}
            for c in classic.claims
        ],
        "corrections": list(classic.corrections),
        "replay_seed": classic.seed,
        **{form: _form(classic, done) for form, done in runs.items() if done},
    }


def _form(classic: Classic, runs: Sequence[Run]) -> dict[str, Any]:
    """Return the means over the seeds, and the numbers of each seed."""
    rows = [_row(run) | _difference_from_log(classic, run) for run in runs]
    names = [name for name in _AVERAGED if name in rows[0]]
    return {
        **{name: mean(row[name] for row in rows) for name in names},
        "seeds": [run.seed for run in runs],
        "runs": rows,
    }


def _row(run: Run) -> dict[str, Any]:
    results, records = run.results(), run.records()
    last, part = records[-1], results.test
    if part is None:
        raise TenfoldError(f"{run.folder} has no test results: train it with its own recipe")
    row: dict[str, Any] = {
        "train_accuracy": last["train_accuracy"],
        "test_accuracy": part.accuracy,
        "seconds": results.train_seconds,
    }
    for name in _OPTIONAL:
        if name in last:
            row[name] = last[name]
    # The accuracy in a record is that during its epoch: the result of the epochs before it.
    epochs_before = [r["epoch"] - 1 for r in records if r["train_accuracy"] == 1.0]
    return row | {
        "test_n": part.n,
        "test_interval95": list(part.interval95),
        "first_logged_at_100_percent": epochs_before[0] if epochs_before else None,
        "folder": run.folder.name,
    }


def _difference_from_log(classic: Classic, run: Run) -> dict[str, Any]:
    """Return the largest difference between a run as written and the log of the project."""
    # An epoch is one step. Its record has the accuracy before this step: after epoch - 1 steps.
    ours = {record["epoch"] - 1: record["train_accuracy"] for record in run.records()}
    if not classic.log or run.form != "as_written" or not set(classic.log) <= set(ours):
        return {}
    difference = max(abs(ours[steps] - logged) for steps, logged in classic.log.items())
    return {"marks_of_log": len(classic.log), "furthest_from_log": difference}
