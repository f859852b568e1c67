"""execute: carry out a run from wherever it stands to its end, keeping its folder up to date."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import Row, Watcher
from tenfold.models import Model
from tenfold.nn import ExponentialAverage
from tenfold.recipes.old_names import renamed
from tenfold.recipes.recipe import OBSERVERS, Recipe
from tenfold.recipes.settings import recipe_to_json
from tenfold.recipes.sources import Split
from tenfold.runs.finalization import finish
from tenfold.runs.jsonl import append_lines, cut_lines, secure
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
    check_labels,
    fit,
    load_checkpoint,
    save_checkpoint,
)

__all__ = ["check_fits", "execute"]

_LATER = ("selective", "whitened")  # recipes once were without these, as with them switched off
_UNFINISHED = (".checkpoint.", ".model.", ".metrics.", ".predictions.", ".config.", ".environment.")


def execute(
    run: Run,
    split: Split,
    *,
    stop: Callable[[], bool] = lambda: False,
    checkpoint_seconds: float = 10.0,
    threads: int | None = None,
    watch: bool = True,
) -> Iterator[Record]:
    """Train, evaluate and save, yielding ``fit``'s records on the way.

    Goes on from the run's checkpoint if there is one. Killed at any moment and executed again, it
    ends with the same model file, byte for byte, as if it had never been interrupted.

    At some forty of its steps the network is looked into, and ``layers.jsonl`` keeps what was seen
    (``Watcher``): for about 2 % of the time where a training takes seconds, much less elsewhere.

    Args:
        run: made by ``create_run`` or ``open_run``.
        split: the data, from ``run.recipe.source.load(run.data)``.
        stop: asked after each record; if it says yes, a checkpoint is written and the generator
            ends, with ``run.finished`` still false.
        checkpoint_seconds: how often a checkpoint is written.
        threads: as of ``fit``: decides the time, not the numbers.
        watch: whether to look into the network; this decides no other file.

    Raises:
        DivergenceError: with the last good weights saved in the run folder.
    """
    check_fits(run, split)
    state = _resume(run, split)
    began = time.perf_counter() - state.seconds
    saved = time.perf_counter()
    try:
        for record in _train(run, split, state, threads, watch):
            yield record
            state.seconds = time.perf_counter() - began
            stopping = stop()
            if stopping or time.perf_counter() - saved > checkpoint_seconds:
                if isinstance(record, StepRecord):
                    state.observed = _observe(run, record)
                secure(run.layers_file)
                save_checkpoint(run.checkpoint, state)
                saved = time.perf_counter()
            if stopping:
                return
    except DivergenceError as error:
        Model(state.network, provenance=run.provenance()).save(run.model)
        raise DivergenceError(f"{error} These are saved in {run.model}.") from error
    secure(run.layers_file)
    finish(run, split, state)


def check_fits(run: Run, split: Split) -> None:
    """Refuse data that the recipe cannot be carried out on, before anything is written.

    Raises:
        TenfoldError: saying what is missing.
    """
    if run.recipe.patience is not None and split.validation is None:
        raise TenfoldError("patience needs validation images: set source.validation above 0")
    classes = run.recipe.network(run.seed).shapes[-1][-1]
    for part in (split.train, split.validation, split.test):
        if part is not None:
            check_labels(part.require_labels(), classes)


def _resume(run: Run, split: Split) -> TrainingState:
    """Return the state at the start of the run, or where its checkpoint was written."""
    recipe = run.recipe
    state = TrainingState(
        network=recipe.network(run.seed, split.train.images),
        optimizer=deepcopy(recipe.optimizer),
        average=None if recipe.average is None else ExponentialAverage(recipe.average),
        stopping=None if recipe.patience is None else EarlyStopping(recipe.patience),
        selective=deepcopy(recipe.selective),
        identity=_identity(run, split),
        older_identity=_identity(run, split, names_of_before=True),
    )
    for left in run.folder.glob(".*.tmp"):  # what kill -9 left of a file that was being written
        if left.name.startswith(_UNFINISHED) and left.is_file():
            left.unlink(missing_ok=True)
    if run.checkpoint.exists():
        load_checkpoint(run.checkpoint, state)
    cut_lines(run.records_file, state.records)
    if state.layer_rows or run.layers_file.exists():
        cut_lines(run.layers_file, state.layer_rows)
    return state


def _train(
    run: Run, split: Split, state: TrainingState, threads: int | None, watch: bool
) -> Iterator[Record]:
    """Yield fit's records; write down what is to be kept; stop early if the recipe says so."""
    recipe, stopping = run.recipe, state.stopping
    watcher = _watcher(recipe, split, state) if watch else None
    if stopping is None or stopping.waited < stopping.patience:
        step: StepRecord | None = None
        for record in fit(
            state.network,
            split.train,
            optimizer=state.optimizer,
            schedule=recipe.schedule,
            loss=recipe.loss,
            epochs=recipe.epochs,
            batch_size=recipe.batch_size,
            validation=split.validation,
            l2=recipe.l2,
            max_norm=recipe.max_norm,
            average=state.average,
            augment=recipe.augment,
            clean_epochs=recipe.clean_epochs,
            selective=state.selective,
            log_every=recipe.log_every,
            shards=recipe.shards,
            threads=threads,
            progress=state.progress,
        ):
            done = False
            if isinstance(record, StepRecord):
                step = record
                if watcher is not None:
                    _write_layers(run, state, watcher.after(record.step), step)
            else:
                _write_record(run, state, record, step)
                if stopping is not None:
                    with averaged(state.network, state.average):
                        done = stopping.update(record, state.network)
            yield record
            if done:
                break
    if stopping is not None:
        stopping.restore(state.network)


def _write_record(
    run: Run, state: TrainingState, record: EpochRecord, step: StepRecord | None
) -> None:
    line: dict[str, Any] = record.to_dict()
    line |= state.observed if step is None else _observe(run, step)
    line["seconds"] = round(state.seconds, 3)
    append_lines(run.records_file, [line])
    secure(run.records_file)
    state.records += 1


def _watcher(recipe: Recipe, split: Split, state: TrainingState) -> Watcher:
    batches = Batches(state.network, split.train, recipe.batch_size)
    return Watcher(state.network, batches, recipe.epochs, state.progress.step)


def _write_layers(run: Run, state: TrainingState, rows: list[Row], step: StepRecord) -> None:
    """Append rows, the last layer's with the loss and the accuracy of the step's own batch."""
    if rows:
        right = float(np.mean(step.logits.argmax(axis=1) == step.labels))
        rows[-1] |= {"batch_loss": step.loss, "batch_accuracy": right}
        append_lines(run.layers_file, rows)
        state.layer_rows += len(rows)


def _observe(run: Run, step: StepRecord) -> dict[str, float]:
    observed: dict[str, float] = {}
    for name in run.recipe.observe:
        observed |= OBSERVERS[name](step)
    return observed


def _identity(run: Run, split: Split, names_of_before: bool = False) -> str:
    """Return a hash of everything that decides the run: a checkpoint of another one is refused."""
    parts = (split.train, split.validation, split.test)
    recipe = recipe_to_json(run.recipe)
    if names_of_before:
        recipe = renamed(recipe, back=True)
    decides = [
        {key: value for key, value in recipe.items() if value or key not in _LATER},
        run.seed,
        [None if part is None else part.fingerprint for part in parts],
    ]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
