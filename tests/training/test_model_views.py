"""By how much a model's views are shifted belongs to its file, and is checked there."""

from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.training import load_model, save_model
from tenfold.training.tensor_file import read_tensors, write_tensors


def saved(path: Path, shift: int) -> Path:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    network.shift = shift
    save_model(path, network, {})
    return path


@pytest.mark.parametrize("shift", [0, 1, 4])
def test_a_model_keeps_its_views(tmp_path: Path, shift: int) -> None:
    assert load_model(saved(tmp_path / "m.safetensors", shift)).network.shift == shift


@pytest.mark.parametrize("shift", [-1, 5, 1.5, True, "1", None])
def test_a_shift_that_is_none_is_refused(tmp_path: Path, shift: object) -> None:
    path = saved(tmp_path / "m.safetensors", 1)
    tensors, header = read_tensors(path, "model")
    write_tensors(path, tensors, header | {"prediction": {"shift": shift}})
    with pytest.raises(TenfoldError, match="its shift is"):
        load_model(path)
