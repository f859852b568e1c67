"""A model's temperature, and when it says "unsure", belong to its file and are checked there."""

import math
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.training import load_model, save_model
from tenfold.training.tensor_file import read_tensors, write_tensors


def saved(path: Path, unsure: tuple[float, float] | None = None) -> Path:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    network.temperature = 0.47
    save_model(path, network, {}, unsure)
    return path


def with_calibration(path: Path, calibration: object) -> Path:
    tensors, header = read_tensors(saved(path), "model")
    write_tensors(path, tensors, header | {"calibration": calibration})
    return path


def test_a_model_keeps_its_temperature_and_its_threshold(tmp_path: Path) -> None:
    model = load_model(saved(tmp_path / "m.safetensors", (0.949, 0.001)))
    assert model.network.temperature == 0.47
    assert model.calibration == {
        "temperature": 0.47,
        "unsure_below": 0.949,
        "unsure_error": 0.001,
    }
    assert load_model(saved(tmp_path / "n")).calibration == {"temperature": 0.47}


def test_files_from_before_are_at_temperature_one(tmp_path: Path) -> None:
    assert load_model(with_calibration(tmp_path / "m", {})).network.temperature == 1
    path = with_calibration(tmp_path / "m", {"temperature": 1})
    assert load_model(path).network.temperature == 1
    tensors, header = read_tensors(path, "model")
    del header["calibration"]
    write_tensors(path, tensors, header)
    assert load_model(path).network.temperature == 1


@pytest.mark.parametrize("temperature", [0, -1, 0.01, 21, 1e300, math.nan, math.inf, True])
def test_a_temperature_that_is_none_is_refused(tmp_path: Path, temperature: object) -> None:
    path = with_calibration(tmp_path / "m", {"temperature": temperature})
    with pytest.raises(TenfoldError, match=r"its temperature is .*, not a number from 0\.05 to 20"):
        load_model(path)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({"unsure_below": 0.9}, r"\['unsure_below'\] without the other"),
        ({"unsure_error": 0.9}, r"\['unsure_error'\] without the other"),
        ({"unsure_below": 1.1, "unsure_error": 0.1}, "its unsure_below is 1.1, not a share"),
        ({"unsure_below": 0.9, "unsure_error": math.nan}, "its unsure_error is nan"),
        ({"unsure_below": True, "unsure_error": 0.1}, "its unsure_below is True"),
        ({"unsure_below": "0.9", "unsure_error": 0.1}, "does not hold a network"),
        ({"unsure_below": None, "unsure_error": 0.1}, "does not hold a network"),
    ],
)
def test_a_threshold_that_is_none_is_refused(
    tmp_path: Path, found: dict[str, object], message: str
) -> None:
    path = with_calibration(tmp_path / "m", {"temperature": 1.0} | found)
    with pytest.raises(TenfoldError, match=message):
        load_model(path)
