"""Training of a recipe in a run folder, from the start or a checkpoint to the results."""

import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerMonitor, LayerRow
from tenfold.models import Model
from tenfold.nn.arguments import checked
from tenfold.nn.constraints import Number
from tenfold.recipes import OBSERVERS, Recipe, Split
from tenfold.runs.changes import Live, Training, check_changes
from tenfold.runs.finalization import finalize
from tenfold.runs.jsonl import append_lines, sync, truncate_lines
from tenfold.runs.lock import locked
from tenfold.runs.records import upgrade_records
from tenfold.runs.run import Run
from tenfold.runs.state import batches_of, restored_state
from tenfold.runs.team import check_team, share_state, training_records
from tenfold.training import (
    SINGLE_PROCESS,
    DivergenceError,
    EpochRecord,
    Record,
    StepRecord,
    Team,
    TrainingState,
    check_batches,
    check_labels,
    save_checkpoint,
)
from tenfold.training.loop import Threads

__all__ = ["Seconds", "Stop", "check_split", "execute", "never_stop"]

Stop = Callable[[], bool]
"""A function that is called after each record; if it returns True, the run stops."""

Seconds = Annotated[float, Number("[0, inf]")]
"""Seconds from one checkpoint to the next; infinity for no checkpoints at intervals."""

# How the names of incompletely written files begin.
_UNFINISHED = (".checkpoint.", ".model.", ".metrics.", ".predictions.", ".config.", ".environment.")


def never_stop() -> bool:
    """Return False: the run continues to its end."""
    return False


@checked
def execute(
    run: Run,
    split: Split,
    *,
    stop: Stop = never_stop,
    checkpoint_seconds: Seconds = 10.0,
    threads: Threads | None = None,
    watch: bool = True,
    team: Team = SINGLE_PROCESS,
    live: Live | None = None,
) -> Iterator[Record]:
    """Train, evaluate and save, yielding the records of ``fit``.

    If there is a checkpoint, training continues from it. A run that was killed at any moment and
    executed again ends with the same model file, bit for bit, as an uninterrupted run.

    At up to forty steps the layers are measured (``LayerMonitor``), and the statistics are written
    to ``layers.jsonl``. This takes about 2% of the time of a run of a few seconds, and a smaller
    share of a longer run.

    Args:
        run: The run, from ``create_run`` or ``open_run``.
        split: The data, from ``run.recipe.source.load(run.data)``.
        stop: Called after each record; if it returns True, a checkpoint is written and the
            generator ends, with ``run.finished`` still False.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads, as for ``fit``, also for the evaluation at the end. It affects
            only the time, not the result.
        watch: Whether to measure the layers. This affects only ``layers.jsonl``.
        team: The processes that train the run together; this process alone by default. Only the
            first process (rank 0) calls ``execute``. The others call ``follow`` of
            ``runs/team.py``.
        live: Watches the training and may change settings, if this process trains alone. The
            changes are written to ``config.json``, so that the run can be repeated. Default:
            None, no changes.

    Raises:
        DivergenceError: If training diverges; the last good weights are saved in the run folder.
        TenfoldError: If the data or the checkpoint does not fit the run, another process trains
            in the folder, or a file cannot be written.
    """
    check_split(run, split)
    check_team(run, team)
    with locked(run.folder):
        yield from _execute(run, split, stop, checkpoint_seconds, threads, watch, team, live)


def _execute(
    run: Run,
    split: Split,
    stop: Stop,
    checkpoint_seconds: float,
    threads: int | None,
    watch: bool,
    team: Team,
    live: Live | None,
) -> Iterator[Record]:
    """Train from the current state of the run to its end, in a locked folder."""
    if run.finished:  # another process has finished it in the meantime
        return
    state = _resume(run, split)
    share_state(run, state, threads, team)
    training = Training(run, split, state, team, live)
    start = time.perf_counter() - state.seconds
    last_save = time.perf_counter()
    try:
        for record in _train(training, threads, watch):
            yield record
            state.seconds = time.perf_counter() - start
            stopping = team.broadcast(stop)
            if stopping or time.perf_counter() - last_save > checkpoint_seconds:
                if isinstance(record, StepRecord):
                    state.observed = _observe(run, record)
                sync(run.layers_file)
                save_checkpoint(run.checkpoint, state)
                last_save = time.perf_counter()
            if stopping:
                return
    except DivergenceError as error:
        Model(state.network, provenance=training.run.provenance()).save(run.model)
        raise DivergenceError(f"{error} They are saved in {run.model}.") from error
    sync(run.layers_file)
    finalize(training.run, split, state, threads or team.threads)


@checked
def check_split(run: Run, split: Split) -> None:
    """Raise an error if the recipe of a run cannot be trained on the data.

    Raises:
        TenfoldError: If labels are missing or too large, early stopping lacks validation images,
            batches are too small for batch normalisation, or a change cannot be made.
    """
    if run.recipe.patience is not None and split.validation is None:
        raise TenfoldError(
            "early stopping (patience) needs validation images: set source.validation above 0"
        )
    recipe = run.recipe
    check_changes(recipe)
    network = recipe.network(run.seed)
    for part in (split.train, split.validation, split.test):
        if part is not None:
            check_labels(part.require_labels(), network.shapes[-1][-1])
    check_batches(network, len(split.train), recipe.batch_size, recipe.shards)


def _resume(run: Run, split: Split) -> TrainingState:
    """Return the state of the run, and remove from its files what was written after that state."""
    state = restored_state(run, split)
    for leftover in run.folder.glob(".*.tmp"):  # incomplete files after a kill -9
        if leftover.name.startswith(_UNFINISHED) and leftover.is_file():
            leftover.unlink(missing_ok=True)
    truncate_lines(run.records_file, state.records)
    upgrade_records(run.records_file)
    if state.layer_rows or run.layers_file.exists():
        truncate_lines(run.layers_file, state.layer_rows)
    return state


def _train(training: Training, threads: int | None, watch: bool) -> Iterator[Record]:
    """Yield the records of the training, and write the files of the run."""
    run, split, state = training.run, training.split, training.state
    monitor = _layer_monitor(run.recipe, split, state) if watch else None
    step: StepRecord | None = None
    for record in training_records(training, threads):
        if isinstance(record, EpochRecord):
            _write_record(run, state, record, step)
        else:
            step = record
            if monitor is not None:
                _write_layers(run, state, monitor.after_step(record.step), step)
        yield record


def _write_record(
    run: Run, state: TrainingState, record: EpochRecord, step: StepRecord | None
) -> None:
    line: dict[str, Any] = record.to_dict()
    line |= state.observed if step is None else _observe(run, step)
    line["seconds"] = round(state.seconds, 3)
    append_lines(run.records_file, [line])
    sync(run.records_file)
    state.records += 1


def _layer_monitor(recipe: Recipe, split: Split, state: TrainingState) -> LayerMonitor:
    batches = batches_of(recipe, split, state.network)
    return LayerMonitor(state.network, batches, recipe.epochs, state.progress.step)


def _write_layers(run: Run, state: TrainingState, rows: list[LayerRow], step: StepRecord) -> None:
    """Append the rows of a step; the last row also contains loss and accuracy of the batch."""
    if rows:
        accuracy = float(np.mean(step.logits.argmax(axis=1) == step.labels))
        rows[-1] |= {"batch_loss": step.loss, "batch_accuracy": accuracy}
        append_lines(run.layers_file, rows)
        state.layer_rows += len(rows)


def _observe(run: Run, step: StepRecord) -> dict[str, float]:
    observed: dict[str, float] = {}
    for name in run.recipe.observe:
        observed |= OBSERVERS[name](step)
    return observed
