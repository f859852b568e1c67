"""Damaged model files raise TenfoldError: wrong headers, changed weights, arbitrary bytes."""

import contextlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.models.tensor_file import write_tensors

from .small_model import IMAGES, file_parts, write_file

one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "model format 99.*train the model again"),
        ({"format": "1"}, "model format '1', and this version"),
        ({"format": [1]}, r"model format \[1\]"),
        ({"kind": "checkpoint"}, "is not a model file"),
        (
            {"layers": [{"type": "Transformer"}]},
            "contains the layer 'Transformer', which",
        ),
        ({"layers": [{"type": "Dense", "inputs": 10**9, "outputs": 10**9}]}, "need"),
        ({"layers": "nonsense"}, "does not contain a valid model"),
        ({"layers": {"type": "Dense"}}, "does not contain a valid model"),
        ({"layers": [{"type": "Normalize", "mean": math.nan}]}, "mean"),
        ({"layers": [{"type": "HeNormal"}]}, "unknown layer 'HeNormal'"),
        ({"layers": []}, "layers must be a list of at least one layer"),
        ({"layers": [3]}, "does not contain a valid model"),
        ({"layers": [{"type": ["Dense"]}]}, "does not contain a valid model"),
        ({"dtype": "U5"}, "dtype must be float32 or float64, got 'U5'"),
        ({"dtype": "float64"}, "must have the network's dtype float64, got float32"),
        ({"dtype": ["float32"]}, "dtype must be"),
        ({"input_shape": [3]}, "does not contain a valid model"),
        ({"input_shape": "wide"}, "input_shape must be a list of whole numbers above 0"),
        ({"input_shape": 28}, "input_shape must be"),
        ({"input_shape": [28.0, 28, 1]}, "input_shape must be"),
        ({"input_shape": [28, 28, True]}, "input_shape must be"),
        ({"seed": math.inf}, "seed must be a whole number, got inf"),
        ({"seed": "7"}, "seed must be a whole number"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"calibration": "none"}, "calibration must be a table of names and values, got 'none'"),
        ({"calibration": {"temperature": 0}}, "temperature must be"),
        ({"calibration": {"temperature": 1.0, "unsure_below": 0.9}}, "both be given"),
        ({"calibration": {}}, "its header has no 'temperature'"),
        ({"prediction": {"test_time_shift": None}}, "test_time_shift must be"),
        ({"prediction": [1]}, "prediction must be a table"),
        ({"preprocessing": [1]}, "preprocessing must be a table"),
        ({"preprocessing": {"method": "mnist"}}, "preprocessing must be a description"),
        ({"preprocessing": {"method": "mnist", "size": 28, "box": 99}}, "box must be at most"),
        ({"preprocessing": {"method": "mnist", "size": 40, "box": 20}}, "got .40, 40, 1"),
        ({"classes": [1, 2]}, r"classes\[0\] must be a string, got 1"),
        ({"classes": "0123456789"}, "classes must be a list of names, got '0123456789'"),
        ({"classes": [[]] * 10}, r"classes\[0\] must be a string"),
        ({"provenance": None}, "provenance must be a table"),
        ({"provenance": [["a", 1]]}, "provenance must be a table"),
    ],
)
def test_damaged_header_raises(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(TenfoldError, match=message):
        load_model(write_file(tmp_path, changes))


@pytest.mark.parametrize(
    "key", [key for key in file_parts()[1] if key not in ("kind", "format", "tensors_sha256")]
)
def test_missing_part_of_the_header_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(TenfoldError, match=f"its header has no '{key}'"):
        load_model(write_file(tmp_path, remove=(key,)))


@pytest.mark.parametrize("value", ["1e400", "[" * 100_000, '{"type":' * 900 + "1" + "}" * 900])
def test_header_that_json_cannot_parse_raises(tmp_path: Path, value: str) -> None:
    tensors, header = file_parts()
    for key in ("seed", "layers"):
        text = json.dumps(header | {key: "HERE"}).replace('"HERE"', value)
        (tmp_path / "model").write_bytes(save(tensors, {"tenfold": text}))
        with pytest.raises(TenfoldError):
            load_model(tmp_path / "model")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "inputs", "mean", "x"]), inner, max_size=3)
        | st.builds(lambda v: {"type": "Dense", "inputs": v, "outputs": 3}, inner)
    ),
    max_leaves=6,
)


@given(key=st.sampled_from(sorted(file_parts()[1])), value=json_values)
@one_folder
def test_arbitrary_header_loads_or_raises_tenfold_error(
    tmp_path: Path, key: str, value: object
) -> None:
    path = write_file(tmp_path, {key: value})
    with contextlib.suppress(TenfoldError):
        assert len(load_model(path).predict(IMAGES)) == 3


@given(place=st.integers(1, 1000), bit=st.integers(0, 7))
@one_folder
def test_one_wrong_bit_in_the_weights_is_detected(tmp_path: Path, place: int, bit: int) -> None:
    path = write_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[-place] ^= 1 << bit  # the arrays are at the end
    path.write_bytes(content)
    with pytest.raises(TenfoldError, match="SHA-256"):
        load_model(path)


def test_arrays_without_their_hash_raise(tmp_path: Path) -> None:
    for path in (
        write_file(tmp_path, {"tensors_sha256": None}),
        write_file(tmp_path, remove=("tensors_sha256",)),
    ):
        with pytest.raises(TenfoldError, match="SHA-256"):
            load_model(path)


def test_weights_that_are_not_finite_are_not_loaded(tmp_path: Path) -> None:
    tensors, header = file_parts()
    damaged = tensors | {"2.weight": np.full_like(tensors["2.weight"], np.nan)}
    write_tensors(tmp_path / "model", damaged, header)
    with pytest.raises(TenfoldError, match=r"the values of 2\.weight must be finite"):
        load_model(tmp_path / "model")


def test_safetensors_file_of_another_program_raises(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(save({"w": np.zeros(3, np.float32)}))
    with pytest.raises(TenfoldError, match="written by another program"):
        load_model(tmp_path / "model")


@one_folder
@given(cut=st.floats(0, 1), place=st.floats(0, 1), byte=st.integers(0, 255))
def test_damaged_bytes_load_or_raise_tenfold_error(
    tmp_path: Path, cut: float, place: float, byte: int
) -> None:
    path = write_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[int(place**3 * (len(content) - 1))] = byte  # most often in the header
    path.write_bytes(content[: int(cut * len(content)) + 1])
    with contextlib.suppress(TenfoldError):
        assert len(load_model(path).predict(IMAGES)) == 3


@given(content=st.binary(max_size=300))
@one_folder
def test_arbitrary_bytes_raise_tenfold_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model"
    path.write_bytes(content)
    with pytest.raises(TenfoldError):
        load_model(path)


def test_device_raises() -> None:
    with pytest.raises(TenfoldError, match=r"cannot read /dev/zero: it is a device"):
        load_model("/dev/zero")
