"""One run that several processes train together (a team).

The rank of a process is its number in the team. Only rank 0 reads and writes the run folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.nn.arguments import checked
from tenfold.recipes import Split
from tenfold.runs.changes import Training
from tenfold.runs.run import Run
from tenfold.runs.state import restored_state
from tenfold.training import (
    DivergenceError,
    EarlyStopping,
    EpochRecord,
    Record,
    Team,
    TrainingState,
    averaged,
)
from tenfold.training.checkpoint import checkpoint_bytes

__all__ = ["SharedRun", "check_team", "follow", "share_state", "training_records"]


@dataclass(frozen=True)
class SharedRun:
    """What rank 0 sends to the other ranks when a training begins.

    Attributes:
        run: The run; only rank 0 uses its folder.
        checkpoint: The state to begin with, as the content of a checkpoint.
        threads: Number of threads of each rank; None for the default of the team.
    """

    run: Run
    checkpoint: bytes
    threads: int | None


@checked
def check_team(run: Run, team: Team) -> None:
    """Raise an error if a team has more ranks than the recipe of a run has shards.

    Raises:
        TenfoldError: If some ranks would have nothing to compute.
    """
    shards = run.recipe.shards
    if team.size > shards:
        raise TenfoldError(
            f"the number of ranks must be at most the number of shards, {shards}, got {team.size}: "
            f"start a new run with --set shards={team.size}, or use mpiexec -n {shards}"
        )


def share_state(run: Run, state: TrainingState, threads: int | None, team: Team) -> None:
    """Send the run and its state to the other ranks, which pass them to ``follow``."""
    if team.size > 1:
        shared = SharedRun(run, checkpoint_bytes(state), threads)
        team.broadcast(lambda: shared)


def follow(shared: SharedRun, split: Split, team: Team) -> None:
    """Take part in a training on a rank other than 0, until rank 0 ends it; write no files.

    Args:
        shared: What rank 0 has sent.
        split: The data, from ``load_images(shared.run)``.
        team: The team.

    Raises:
        TenfoldError: If the data is not that of rank 0.
    """
    state = restored_state(shared.run, split, shared.checkpoint)
    try:
        for _ in training_records(Training(shared.run, split, state, team), shared.threads):
            if team.broadcast(lambda: False):  # rank 0 calls ``stop`` here, and all get its result
                return
    except DivergenceError:
        return  # rank 0 raises the same error at the same step, and its caller shows it


def training_records(training: Training, threads: int | None) -> Iterator[Record]:
    """Yield the records of a training from its state on, and apply early stopping.

    Args:
        training: The training, whose state is updated in place.
        threads: Number of threads.
    """
    network = training.state.network
    parts: dict[str, Any] = dict(training.state.parts)
    stopping: EarlyStopping | None = parts.pop("stopping", None)
    if stopping is None or stopping.waited < stopping.patience:
        for record in training.records(threads, parts):
            done = False
            if stopping is not None and isinstance(record, EpochRecord):
                with averaged(network, parts.get("average")):
                    done = stopping.update(record, network)
            yield record
            if done:
                break
    if stopping is not None:
        stopping.restore(network)
