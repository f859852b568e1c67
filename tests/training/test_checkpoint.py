"""Checkpoints: a restored run ends with the same bits, and damaged files raise clear errors."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.models.tensor_file import read_tensors, write_tensors
from tenfold.nn import (
    SGD,
    Adam,
    BatchNorm,
    Dense,
    ExponentialAverage,
    Flatten,
    Network,
    Normalize,
    OneCycle,
    ReLU,
)
from tenfold.training import (
    EarlyStopping,
    EpochRecord,
    Selective,
    TrainingState,
    fit,
    load_checkpoint,
    save_checkpoint,
)


@dataclass
class Parts:
    """The parts of a training state with their types."""

    optimizer: Adam
    average: ExponentialAverage
    stopping: EarlyStopping
    selective: Selective


def fresh() -> TrainingState:
    layers = [Normalize(), Flatten(), Dense(784, 8), BatchNorm(8), ReLU(), Dense(8, 10)]
    parts = Parts(Adam(), ExponentialAverage(0.9), EarlyStopping(3), Selective(easy=0.2))
    return TrainingState(Network(layers), vars(parts))


def parts_of(state: TrainingState) -> Parts:
    return Parts(**state.parts)  # type: ignore[arg-type]


def advance(state: TrainingState, digits: Dataset, records: int) -> None:
    """Train until this number of records was yielded, or to the end of three epochs."""
    parts = parts_of(state)
    loop = fit(
        state.network,
        digits,
        optimizer=parts.optimizer,
        schedule=OneCycle(0.01),
        epochs=3,
        batch_size=64,
        average=parts.average,
        selective=parts.selective,
        validation=digits,
        progress=state.progress,
    )
    for count, record in enumerate(loop, 1):
        if isinstance(record, EpochRecord):
            parts.stopping.update(record, state.network)
        if count == records:
            break
    loop.close()


@pytest.mark.parametrize("records", [1, 9, 10, 11, 17])
def test_restored_run_ends_with_the_same_bits(
    digits: Dataset, tmp_path: Path, records: int
) -> None:
    whole = fresh()
    advance(whole, digits, -1)
    first = fresh()
    advance(first, digits, records)
    save_checkpoint(tmp_path / "c", first)
    second = fresh()
    load_checkpoint(tmp_path / "c", second)
    advance(second, digits, -1)
    for name, array in whole.network.tensors().items():
        assert array.tobytes() == second.network.tensors()[name].tobytes(), name
    one, other = parts_of(whole), parts_of(second)
    assert one.optimizer.steps == other.optimizer.steps == 30
    assert one.average.updates == other.average.updates == 30
    assert one.stopping.epoch == other.stopping.epoch
    assert one.selective.passes == other.selective.passes > 3
    for arrays, again in (
        (one.optimizer.state, other.optimizer.state),
        (one.selective.state, other.selective.state),
        (one.stopping.tensors, other.stopping.tensors),
    ):
        for name, array in arrays.items():
            assert array.tobytes() == again[name].tobytes(), name


@pytest.mark.parametrize(("stored", "expected"), [(-1, 0), (3, 4)])
def test_the_best_epoch_of_an_older_format_is_counted_from_1(
    tmp_path: Path, stored: int, expected: int
) -> None:
    state = fresh()
    parts_of(state).stopping.epoch = stored
    save_checkpoint(tmp_path / "c", state)
    tensors, header = read_tensors(tmp_path / "c", "checkpoint")
    write_tensors(tmp_path / "c", tensors, header | {"format": 2})
    restored = fresh()
    load_checkpoint(tmp_path / "c", restored)
    assert parts_of(restored).stopping.epoch == expected


def test_equal_states_give_equal_bytes(digits: Dataset, tmp_path: Path) -> None:
    for name in ("a", "b"):
        state = fresh()
        advance(state, digits, 5)
        save_checkpoint(tmp_path / name, state)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_checkpoint_of_another_network_raises(digits: Dataset, tmp_path: Path) -> None:
    state = fresh()
    advance(state, digits, 3)
    save_checkpoint(tmp_path / "c", state)
    other = TrainingState(Network([Normalize(), Flatten(), Dense(784, 10)]), {"optimizer": SGD()})
    with pytest.raises(TenfoldError, match="does not belong to this run"):
        load_checkpoint(tmp_path / "c", other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), place=st.floats(0, 1), byte=st.integers(0, 255))
def test_damaged_checkpoint_raises_or_is_harmless(
    tmp_path: Path, cut: float, place: float, byte: int
) -> None:
    path = tmp_path / "c"
    save_checkpoint(path, fresh())
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] = byte
    path.write_bytes(content[: int(cut * len(content)) + 1])
    with contextlib.suppress(TenfoldError):
        state = fresh()
        load_checkpoint(path, state)
        assert set(state.network.tensors()) == set(fresh().network.tensors())


def test_missing_checkpoint_raises(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="cannot read"):
        load_checkpoint(tmp_path / "none", fresh())


def test_failed_save_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="cannot write"):
        save_checkpoint(tmp_path / "missing" / "c", fresh())
    assert np.isfinite(fresh().network.theta.value).all()
    assert not list(tmp_path.iterdir())
