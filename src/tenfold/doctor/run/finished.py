"""The checkup of a run folder: how training went, and what its end is worth."""

import shlex
from collections.abc import Iterator

import numpy as np

from tenfold.data import Dataset, load_parts
from tenfold.doctor.checkup import Say, examine_data, examine_recipe, silent
from tenfold.doctor.data.copies import leaked_images
from tenfold.doctor.dead_units import many_dead_units
from tenfold.doctor.finding import Checkup, Finding, in_order
from tenfold.doctor.remedy import train_command
from tenfold.doctor.run.answers import one_answer, weak_digit
from tenfold.doctor.run.generalization import different_parts, overfitting, underfitting
from tenfold.doctor.run.training_curve import diverged, interrupted, rising_loss, still_improving
from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, Split
from tenfold.runs import Run, read_predictions
from tenfold.training import dead_units
from tenfold.training.divergence import diagnose

__all__ = ["examine_run"]

_PROBE = 256
_CONSEQUENCES = {
    *("diverged", "rising-loss", "underfitting", "still-improving", "one-answer", "weak-digit"),
    "dead-units",
}
_RUN = (
    *("end of training", "loss", "over- and underfitting", "still improving", "one answer for all"),
    *("weak digits", "validation against test", "dead units", "validation images in training"),
    *("its first weights", "learning rate"),
)


def examine_run(run: Run, say: Say = silent) -> Checkup:
    """Look at all that a run folder holds, and at the data that it was made from.

    Its recipe is tried again for some dozens of steps: what was wrong at its beginning explains
    what came of it.

    Raises:
        TenfoldError: if one of its files is damaged.
    """
    command = train_command(run.recipe, run.data, run.seed)
    say("reading the data again")
    split, missing = _data(run)
    findings = [] if missing is None else [missing]
    if run.data is not None and split is not None:
        findings += examine_data(*load_parts(run.data), say=say).findings
    say("looking at the run")
    own = list(_finished(run, split, command) if run.finished else _lost(run, split, command))
    sound = not any(finding.severity == "serious" for finding in findings)
    if sound and split is not None and (run.finished or run.model.exists()):
        causes = examine_recipe(run.recipe, split.train, command, run.seed, say).findings
        if any(finding.severity == "serious" for finding in causes):
            own = [finding for finding in own if finding.name not in _CONSEQUENCES]
        findings += causes
    return Checkup(f"run {run.folder} ({run.recipe.name})", _RUN, in_order(findings + own))


def _data(run: Run) -> tuple[Split | None, Finding | None]:
    """Return the run's images, or a note that they are gone."""
    try:
        return run.recipe.source.load(run.data), None
    except TenfoldError as error:
        return None, Finding(
            "data-gone",
            "note",
            "the run's images are no longer where they were, so they were not looked at",
            str(error),
            "the file or folder was moved, changed or deleted",
            f"tenfold doctor {shlex.quote(run.data or '')}",
        )


def _lost(run: Run, split: Split | None, command: str) -> Iterator[Finding]:
    """Yield what happened to a run without a result."""
    if not run.model.exists():
        yield interrupted(run.records(), shlex.quote(str(run.folder)))
        return
    rate, cause = run.recipe.schedule.learning_rate, "the learning rate is the likely cause"
    if split is not None:
        images = split.train.images[:_PROBE]
        with np.errstate(all="ignore"):
            cause = diagnose(load_model(run.model).network, images, rate)
    yield diverged(run.records(), cause, command, rate)


def _finished(run: Run, split: Split | None, command: str) -> Iterator[Finding]:
    metrics, records = run.results(), run.records()
    held_out = 0 if metrics.validation is None else metrics.validation.n
    larger = train_command(RECIPES["quick"], run.data, run.seed)
    improving = still_improving(records, held_out, command, metrics.epochs)
    rate = run.recipe.schedule.learning_rate
    chosen = run.recipe.selective is not None
    found = [
        rising_loss(records, command, rate, chosen),
        overfitting(metrics, records, command, chosen),
        improving or underfitting(metrics, command, larger),
        different_parts(metrics, command),
    ]
    if (answers := _answers(run)) is not None:
        found += [one_answer(*answers, command) or weak_digit(*answers, command)]
    if split is not None:
        found += [_dead(run, split.train, command), _overlap(split)]
    yield from (finding for finding in found if finding is not None)


def _answers(run: Run) -> tuple[Array, Array] | None:
    """Return labels and answers of the held-out images, those to test on if there are any."""
    found = read_predictions(run) if (run.folder / "predictions.npz").exists() else None
    return None if found is None else (found.labels, found.predicted)


def _dead(run: Run, train: Dataset, command: str) -> Finding | None:
    some = train.images[:_PROBE]
    with np.errstate(all="ignore"):
        dead, units = dead_units(load_model(run.model).network, some)
    return many_dead_units(dead, units, len(some), command)


def _overlap(split: Split) -> Finding | None:
    if split.validation is None:
        return None
    return leaked_images(split.train.images, split.validation.images, "validation")
