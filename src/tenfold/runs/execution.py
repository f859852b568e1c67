"""Training of a recipe in a run folder, from the start or a checkpoint to the results."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerMonitor, LayerRow
from tenfold.models import Model
from tenfold.nn import Network
from tenfold.nn.arguments import checked
from tenfold.nn.constraints import Number
from tenfold.recipes import OBSERVERS, Recipe, Split, recipe_to_json
from tenfold.recipes.old_names import FIELDS_OF_0_1, renamed
from tenfold.recipes.settings import changed_settings
from tenfold.runs.finalization import finalize
from tenfold.runs.jsonl import append_lines, sync, truncate_lines
from tenfold.runs.lock import locked
from tenfold.runs.records import upgrade_records
from tenfold.runs.run import Run
from tenfold.training import (
    Batches,
    DivergenceError,
    EarlyStopping,
    EpochRecord,
    Record,
    StepRecord,
    TrainingState,
    averaged,
    check_batches,
    check_labels,
    fit,
    keep_average,
    load_checkpoint,
    save_checkpoint,
)
from tenfold.training.loop import Threads

__all__ = ["Seconds", "Stop", "check_split", "execute", "never_stop", "restored_state"]

Stop = Callable[[], bool]
"""Called after each record; True stops the run."""

Seconds = Annotated[float, Number("[0, inf]")]
"""A number of seconds; infinity means never."""

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
) -> Iterator[Record]:
    """Train, evaluate and save, yielding the records of ``fit``.

    If there is a checkpoint, training continues from it. A run that was killed at any moment and
    executed again ends with the same model file, bit for bit, as an uninterrupted run.

    At about forty steps the layers are measured (``LayerMonitor``), and the statistics are written
    to ``layers.jsonl``. This takes about 2% of the time of a run of a few seconds, and less of a
    longer one.

    Args:
        run: The run, from ``create_run`` or ``open_run``.
        split: The data, from ``run.recipe.source.load(run.data)``.
        stop: Called after each record; if it returns True, a checkpoint is written and the
            generator ends, with ``run.finished`` still False.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads, as for ``fit``: it affects only the time, not the result.
        watch: Whether to measure the layers; it affects no other file.

    Raises:
        DivergenceError: If training diverges; the last good weights are saved in the run folder.
        TenfoldError: If the data or the checkpoint does not fit the run, another process trains
            in the folder, or a file cannot be written.
    """
    check_split(run, split)
    with locked(run.folder):
        yield from _execute(run, split, stop, checkpoint_seconds, threads, watch)


def _execute(
    run: Run,
    split: Split,
    stop: Stop,
    checkpoint_seconds: float,
    threads: int | None,
    watch: bool,
) -> Iterator[Record]:
    """Train from the current state of the run to its end, in a locked folder."""
    if run.finished:  # by another process, in the meantime
        return
    state = _resume(run, split)
    start = time.perf_counter() - state.seconds
    last_save = time.perf_counter()
    try:
        for record in _train(run, split, state, threads, watch):
            yield record
            state.seconds = time.perf_counter() - start
            stopping = stop()
            if stopping or time.perf_counter() - last_save > checkpoint_seconds:
                if isinstance(record, StepRecord):
                    state.observed = _observe(run, record)
                sync(run.layers_file)
                save_checkpoint(run.checkpoint, state)
                last_save = time.perf_counter()
            if stopping:
                return
    except DivergenceError as error:
        Model(state.network, provenance=run.provenance()).save(run.model)
        raise DivergenceError(f"{error} They are saved in {run.model}.") from error
    sync(run.layers_file)
    finalize(run, split, state)


@checked
def check_split(run: Run, split: Split) -> None:
    """Raise an error if the recipe of a run cannot be trained on the data.

    Raises:
        TenfoldError: If labels are missing or too large, early stopping lacks validation images, or
            batches are too small for batch normalisation.
    """
    if run.recipe.patience is not None and split.validation is None:
        raise TenfoldError(
            "early stopping (patience) needs validation images: set source.validation above 0"
        )
    recipe = run.recipe
    network = recipe.network(run.seed)
    for part in (split.train, split.validation, split.test):
        if part is not None:
            check_labels(part.require_labels(), network.shapes[-1][-1])
    check_batches(network, len(split.train), recipe.batch_size, recipe.shards)


def restored_state(run: Run, split: Split) -> TrainingState:
    """Return the state of a run at its checkpoint, or at its start if there is none.

    Args:
        run: The run, not finished.
        split: Its data.

    Raises:
        TenfoldError: If the checkpoint is damaged or was written with other images or settings.
    """
    recipe = run.recipe
    network = recipe.network(run.seed, split.train.images)
    merged = _batches(recipe, split, network).merged
    state = TrainingState(
        network=network,
        identity=_identity(run, split, merged),
        older_identity=_identity_of_0_1(run, split, merged),
    )
    parts = recipe.fit_arguments()
    if recipe.patience is not None:
        parts["stopping"] = EarlyStopping(recipe.patience)
    state.parts = {name: part for name, part in parts.items() if hasattr(part, "state_names")}
    if run.checkpoint.exists():
        load_checkpoint(run.checkpoint, state)
    return state


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


def _train(
    run: Run, split: Split, state: TrainingState, threads: int | None, watch: bool
) -> Iterator[Record]:
    """Yield the records of ``fit``, write the files of the run, and apply early stopping."""
    recipe = run.recipe
    parts: dict[str, Any] = dict(state.parts)
    stopping: EarlyStopping | None = parts.pop("stopping", None)
    if stopping is None or stopping.waited < stopping.patience:
        monitor = _layer_monitor(recipe, split, state) if watch else None
        step: StepRecord | None = None
        for record in _fit(recipe, split, state, threads, parts):
            done = False
            if isinstance(record, StepRecord):
                step = record
                if monitor is not None:
                    _write_layers(run, state, monitor.after_step(record.step), step)
            else:
                _write_record(run, state, record, step)
                if stopping is not None:
                    with averaged(state.network, parts.get("average")):
                        done = stopping.update(record, state.network)
            yield record
            if done:
                break
    if stopping is not None:
        stopping.restore(state.network)


def _fit(
    recipe: Recipe,
    split: Split,
    state: TrainingState,
    threads: int | None,
    parts: dict[str, Any],
) -> Iterator[Record]:
    if (
        state.progress.epoch >= recipe.epochs
    ):  # the run was stopped between its last epoch and its results
        keep_average(state.network, parts.get("average"), split.train)
        return iter(())
    return fit(
        state.network,
        split.train,
        validation=split.validation,
        threads=threads,
        progress=state.progress,
        **(recipe.fit_arguments(len(split.train)) | parts),
    )


def _write_record(
    run: Run, state: TrainingState, record: EpochRecord, step: StepRecord | None
) -> None:
    line: dict[str, Any] = record.to_dict()
    line |= state.observed if step is None else _observe(run, step)
    line["seconds"] = round(state.seconds, 3)
    append_lines(run.records_file, [line])
    sync(run.records_file)
    state.records += 1


def _batches(recipe: Recipe, split: Split, network: Network) -> Batches:
    return Batches(network, split.train, recipe.batch_size, shards=recipe.shards)


def _layer_monitor(recipe: Recipe, split: Split, state: TrainingState) -> LayerMonitor:
    batches = _batches(recipe, split, state.network)
    return LayerMonitor(state.network, batches, recipe.epochs, state.progress.step)


def _write_layers(run: Run, state: TrainingState, rows: list[LayerRow], step: StepRecord) -> None:
    """Append the rows of a step; that of the last layer also has the results of its batch."""
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


def _identity(run: Run, split: Split, merged: bool) -> str:
    """Return a hash of all that decides the result; checkpoints with another hash are refused.

    Settings with their default value are left out, so that older checkpoints remain valid when a
    setting is added. ``merged`` is whether the last two batches of an epoch are merged: before
    version 0.2 they were not, and such checkpoints have other steps.
    """
    return _hash(run, split, changed_settings(run.recipe), merged)


def _identity_of_0_1(run: Run, split: Split, merged: bool) -> str:
    """Return the hash as version 0.1 computed it, from all its settings under their old names."""
    recipe = renamed(recipe_to_json(run.recipe), back=True)
    later = ("selective", "whitened")
    fields = {name: recipe[name] for name in FIELDS_OF_0_1 if recipe[name] or name not in later}
    return _hash(run, split, fields, merged)


def _hash(run: Run, split: Split, recipe: dict[str, Any], merged: bool) -> str:
    parts = (split.train, split.validation, split.test)
    fingerprints = [None if part is None else part.fingerprint for part in parts]
    decides = [recipe, run.seed, fingerprints, *["merged"] * merged]
    text = json.dumps(decides, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
