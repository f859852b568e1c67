"""Checkpoints: everything that a killed run needs to end with the same bits.

Weights, running statistics, optimizer state, average, best weights, what is known of each image,
and progress. Random state is not among them: every random number belongs to (seed, purpose, step)
and is drawn anew.
"""

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.models.tensor_file import read_tensors, write_tensors
from tenfold.nn import ExponentialAverage, Network, Optimizer
from tenfold.nn.array import Array
from tenfold.training.loop import Progress
from tenfold.training.selective import Selective
from tenfold.training.stopping import EarlyStopping

__all__ = ["TrainingState", "load_checkpoint", "save_checkpoint"]

_FORMAT = 1


@dataclass
class TrainingState:
    """All that changes while a network is trained.

    Attributes:
        seconds: training time so far.
        records: lines written to the records file so far.
        layer_rows: likewise of what was seen inside the network.
        observed: further numbers about the latest step, which the next record may need.
        identity: of the settings and the data; a checkpoint with another one is refused.
        older_identity: the same, as version 0.1 wrote it; it is accepted, too.
    """

    network: Network
    optimizer: Optimizer
    average: ExponentialAverage | None = None
    stopping: EarlyStopping | None = None
    selective: Selective | None = None
    progress: Progress = field(default_factory=Progress)
    seconds: float = 0.0
    records: int = 0
    layer_rows: int = 0
    observed: dict[str, float] = field(default_factory=dict)
    identity: str = ""
    older_identity: str = ""


def save_checkpoint(path: str | Path, state: TrainingState) -> None:
    """Write the state, atomically."""
    header: dict[str, Any] = {
        "kind": "checkpoint",
        "format": _FORMAT,
        "progress": asdict(state.progress),
        "optimizer_steps": state.optimizer.steps,
        "seconds": state.seconds,
        "records": state.records,
        "layer_rows": state.layer_rows,
        "observed": state.observed,
        "identity": state.identity,
    }
    tensors = {f"network/{name}": array for name, array in state.network.tensors().items()}
    tensors |= {f"optimizer/{name}": array for name, array in state.optimizer.state.items()}
    if state.average is not None and state.average.value is not None:
        tensors["average"] = state.average.value
        header["average_updates"] = state.average.updates
    if state.stopping is not None:
        best = state.stopping
        tensors |= {f"best/{name}": array for name, array in best.tensors.items()}
        loss = best.loss if math.isfinite(best.loss) else None
        header["stopping"] = [best.accuracy, loss, best.epoch, best.waited]
    if state.selective is not None:
        tensors |= {f"selective/{name}": array for name, array in state.selective.state.items()}
        header["selective_passes"] = state.selective.passes
    write_tensors(path, tensors, header)


def load_checkpoint(path: str | Path, state: TrainingState) -> None:
    """Bring ``state``, made as at the start of the same run, to where the checkpoint was written.

    Raises:
        TenfoldError: if the file is damaged or belongs to another run or version.
    """
    tensors, header = read_tensors(path, "checkpoint")
    if header.get("format") != _FORMAT:
        raise TenfoldError(
            f"{path} has checkpoint format {header.get('format')}, this version reads {_FORMAT}: "
            "go on with the version of tenfold that wrote it, or start the run anew"
        )
    if header.get("identity") not in (state.identity, state.older_identity):
        raise TenfoldError(
            f"{path} was written with other settings or other images than the run has now: put "
            "them back as they were, or start the run anew in another folder"
        )
    try:
        _restore(tensors, header, state)
    except (KeyError, ValueError, TypeError) as error:
        raise TenfoldError(
            f"{path} does not belong to this run ({error}): start the run anew in another folder"
        ) from error


def _restore(tensors: dict[str, Array], header: dict[str, Any], state: TrainingState) -> None:
    state.network.load_tensors(_part(tensors, "network/"))
    state.optimizer.state = _part(tensors, "optimizer/")
    state.optimizer.steps = header["optimizer_steps"]
    if state.average is not None and "average" in tensors:
        state.average.value = tensors["average"]
        state.average.updates = header["average_updates"]
    if state.stopping is not None:
        best = state.stopping
        best.tensors = _part(tensors, "best/")
        best.accuracy, loss, best.epoch, best.waited = header["stopping"]
        best.loss = math.inf if loss is None else loss
    if state.selective is not None:
        state.selective.state = _part(tensors, "selective/")
        state.selective.passes = header["selective_passes"]
    state.progress.__dict__.update(asdict(Progress(**header["progress"])))
    state.seconds = header["seconds"]
    state.records = header["records"]
    state.layer_rows = header.get("layer_rows", 0)  # checkpoints once were without
    state.observed = header["observed"]


def _part(tensors: dict[str, Array], prefix: str) -> dict[str, Array]:
    return {name[len(prefix) :]: a for name, a in tensors.items() if name.startswith(prefix)}
