"""Checkpoints, from which interrupted runs continue.

The result has the same bits as the result of an uninterrupted run. A checkpoint holds the weights,
the running statistics, the progress, and the state of every object that changes during training
(optimizer, weight average, early stopping, selective backpropagation). There is no random state:
every random number depends only on (seed, purpose, step, index), so it can be generated again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from tenfold.errors import TenfoldError, reason
from tenfold.files import write_bytes
from tenfold.models.tensor_file import pack_tensors, read_tensors, unpack_tensors
from tenfold.nn import Network
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.array import Array
from tenfold.training.progress import Progress

__all__ = [
    "Stateful",
    "TrainingState",
    "checkpoint_bytes",
    "load_checkpoint",
    "load_checkpoint_bytes",
    "save_checkpoint",
]

_FORMAT = 3  # version of the file format
_PLAIN_FIELDS = ("seconds", "records", "layer_rows", "observed")  # plain data of TrainingState


class Stateful(Protocol):
    """An object whose state changes during training, such as an optimizer.

    ``state_names`` lists the attributes that a checkpoint keeps. Each holds an array, a dict of
    arrays, or a plain number.
    """

    state_names: ClassVar[tuple[str, ...]]


@dataclass
class TrainingState:
    """Everything that changes while a network is trained.

    Attributes:
        network: The network that is trained.
        parts: The other objects with state, by name: ``"optimizer"``, ``"average"``, ...
        progress: How far training has come.
        seconds: Training time so far.
        records: Number of lines written to the records file so far.
        layer_rows: Number of lines written to the layers file so far.
        observed: Additional numbers about the latest step, which the next record may need.
        identity: Hash of the settings and the data; a checkpoint with another hash is refused.
        older_identity: The hash as version 0.1 computed it, which is accepted too.
    """

    network: Network
    parts: dict[str, Stateful] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    seconds: float = 0.0
    records: int = 0
    layer_rows: int = 0
    observed: dict[str, float] = field(default_factory=dict)
    identity: str = ""
    older_identity: str = ""

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def save_checkpoint(path: PathLike, state: TrainingState) -> None:
    """Write the state to a file, atomically.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    write_bytes(path, checkpoint_bytes(state))


def checkpoint_bytes(state: TrainingState) -> bytes:
    """Return the content of the file that ``save_checkpoint`` writes."""
    tensors = {f"network/{name}": array for name, array in state.network.tensors().items()}
    numbers: dict[str, dict[str, Any]] = {}
    for name, part in state.parts.items():
        arrays, numbers[name] = _arrays_and_numbers(part)
        tensors |= {f"{name}/{key}": array for key, array in arrays.items()}
    header: dict[str, Any] = {
        "kind": "checkpoint",
        "format": _FORMAT,
        "identity": state.identity,
        "progress": asdict(state.progress),
        "parts": numbers,
        **{name: getattr(state, name) for name in _PLAIN_FIELDS},
    }
    return pack_tensors(tensors, header)


@checked
def load_checkpoint(path: PathLike, state: TrainingState) -> None:
    """Load a checkpoint into ``state``, in place.

    Args:
        path: The file.
        state: A new state, as at the start of the same run.

    Raises:
        TenfoldError: If the file cannot be read, is damaged, or belongs to another run or version.
    """
    _load(*read_tensors(path, "checkpoint"), path, state)


def load_checkpoint_bytes(content: bytes, state: TrainingState) -> None:
    """Load bytes from ``checkpoint_bytes`` into ``state``, in place, like ``load_checkpoint``."""
    source = "the checkpoint of rank 0"  # rank 0 sends the bytes to the other ranks
    _load(*unpack_tensors(content, "checkpoint", source), source, state)


def _load(
    tensors: dict[str, Array], header: dict[str, Any], source: PathLike, state: TrainingState
) -> None:
    """Load a checkpoint into ``state``; ``source`` says in messages where it comes from."""
    if header.get("format") not in range(1, _FORMAT + 1):
        raise TenfoldError(
            f"the checkpoint format of {source} must be from 1 to {_FORMAT}, got "
            f"{header.get('format')}: resume with the version of tenfold that wrote it, or start "
            "a new run"
        )
    if header.get("identity") not in (state.identity, state.older_identity):
        raise TenfoldError(
            f"{source} was written with other settings or other images: restore them, or start a "
            "new run in another folder"
        )
    try:
        if header["format"] == 1:
            tensors, header = _from_format_1(tensors, header)
        if header["format"] <= 2:
            _count_epochs_from_1(header)
        _restore(tensors, header, state)
    except (KeyError, ValueError, TypeError) as error:
        raise TenfoldError(
            f"{source} does not belong to this run ({reason(error)}): start a new run in another "
            "folder"
        ) from error


def _arrays_and_numbers(part: Stateful) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays of a part by name, and its plain numbers."""
    arrays: dict[str, Array] = {}
    numbers: dict[str, Any] = {}
    for name in part.state_names:
        value = getattr(part, name)
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, Mapping):
            arrays |= {f"{name}/{key}": array for key, array in value.items()}
        elif value is not None:
            numbers[name] = value
    return arrays, numbers


def _restore(tensors: dict[str, Array], header: dict[str, Any], state: TrainingState) -> None:
    """Load the content of a checkpoint in the current format into ``state``."""
    state.network.load_tensors(_with_prefix("network", tensors))
    for name, part in state.parts.items():
        arrays, numbers = _with_prefix(name, tensors), header["parts"][name]
        for key in part.state_names:
            if key in numbers:
                setattr(part, key, numbers[key])
            elif key in arrays:
                setattr(part, key, arrays[key])
            elif inner := _with_prefix(key, arrays):
                setattr(part, key, inner)
    state.progress.__dict__.update(asdict(Progress(**header["progress"])))
    for name in _PLAIN_FIELDS:
        setattr(state, name, header[name])


def _with_prefix(prefix: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the arrays whose names start with ``prefix/``, by the rest of their names."""
    start = f"{prefix}/"
    return {name[len(start) :]: a for name, a in tensors.items() if name.startswith(start)}


def _count_epochs_from_1(header: dict[str, Any]) -> None:
    """Change the header of a format before 3, which counted the best epoch from 0."""
    stopping = header["parts"].get("stopping", {})
    if "epoch" in stopping:
        stopping["epoch"] += 1


def _from_format_1(
    tensors: dict[str, Array], header: dict[str, Any]
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Convert a checkpoint of version 0.1 to format 2."""
    new_names = {"optimizer": "optimizer/state", "best": "stopping/tensors"}
    new_names |= {"average": "average/value", "selective": "selective/state"}
    renamed = {}
    for name, array in tensors.items():
        first, slash, rest = name.partition("/")
        renamed[new_names.get(first, first) + slash + rest] = array
    parts: dict[str, dict[str, Any]] = {"optimizer": {"steps": header["optimizer_steps"]}}
    parts["average"] = {"updates": header.get("average_updates", 0)}
    parts["selective"] = {"passes": header.get("selective_passes", 0)}
    accuracy, loss, epoch, waited = header.get("stopping", (-1.0, None, -1, 0))
    best = {"accuracy": accuracy, "epoch": epoch, "waited": waited}
    parts["stopping"] = best if loss is None else best | {"loss": loss}
    return renamed, {"layer_rows": 0} | header | {"parts": parts}
