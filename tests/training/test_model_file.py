import contextlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from tenfold.errors import TenfoldError
from tenfold.nn import BatchNorm, Dense, Dropout, Flatten, Layer, LeakyReLU, Network, Normalize
from tenfold.training import load_model, save_model
from tenfold.training.tensor_file import read_tensors


def network() -> Network:
    layers = [
        *(Normalize(10.0, 99.0), Flatten(), Dense(784, 6), BatchNorm(6)),
        *(LeakyReLU(0.2), Dropout(0.25), Dense(6, 10)),
    ]
    made = Network(layers, seed=5)
    made.layers[3].state["running_mean"] += 0.25
    return made


def test_round_trip_keeps_every_bit_of_an_answer(tmp_path: Path) -> None:
    made = network()
    save_model(tmp_path / "m.safetensors", made, {"recipe": "test"})
    model = load_model(tmp_path / "m.safetensors")
    images = np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28, 1)
    assert made.forward(images).tobytes() == model.network.forward(images).tobytes()
    assert model.provenance == {"recipe": "test"}
    assert model.preprocessing["size"] == [28, 28, 1]
    assert model.calibration == {"temperature": 1.0}
    assert [type(a) for a in model.network.layers] == [type(a) for a in made.layers]


def test_equal_networks_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_model(tmp_path / name, network(), {"z": 1, "a": 2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def change_header(path: Path, **changes: object) -> None:
    tensors, header = read_tensors(path, "model")
    path.write_bytes(save(tensors, {"tenfold": json.dumps(header | changes)}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "model format 99.*train the model again"),
        ({"kind": "checkpoint"}, "is not a model file"),
        ({"layers": [{"type": "Transformer"}]}, "unknown layer 'Transformer'"),
        ({"layers": [{"type": "Dense", "inputs": 10**9, "outputs": 10**9}]}, "need"),
        ({"layers": "nonsense"}, "does not hold a network"),
        ({"dtype": "quaternion"}, "does not hold a network"),
        ({"dtype": "U5"}, "its dtype is 'U5', not float32 or float64"),
        ({"dtype": "int8"}, "its dtype is 'int8'"),
        ({"dtype": "float64"}, "holds float32, its header says float64"),
        ({"dtype": ["float32"]}, "its dtype is"),
        ({"format": "1"}, "model format '1', this version"),
        ({"input_shape": [3]}, "does not hold a network"),
        ({"input_shape": [784]}, r"turns \(784,\) into \(10,\), not \(28, 28, 1\)"),
        ({"input_shape": [28, 28]}, r"turns \(28, 28\)"),
        ({"input_shape": "wide"}, "does not hold a network"),
        ({"input_shape": 28}, "does not hold a network"),
        ({"seed": math.inf}, "its seed is inf, not a whole number"),
        ({"seed": "7"}, "its seed is '7'"),
        ({"seed": True}, "its seed is True"),
        ({"seed": -1}, "a seed is a whole number from 0"),
        ({"seed": 2**64}, "a seed is a whole number from 0"),
        ({"layers": [{"type": "Normalize", "mean": math.nan}]}, "both finite, not nan"),
        ({"layers": [{"type": "HeNormal"}]}, "unknown layer 'HeNormal'"),
        ({"layers": []}, "does not hold a network"),
        ({"layers": [3]}, "does not hold a network"),
        ({"calibration": "none"}, "its calibration is no table"),
        ({"calibration": {"temperature": 0}}, "its temperature is 0, not a number from 0.05 to 20"),
        ({"calibration": {"temperature": math.nan}}, "its temperature is nan"),
        ({"calibration": {"temperature": "warm"}}, "does not hold a network"),
        ({"preprocessing": [1]}, "its preprocessing is no table"),
        ({"provenance": None}, "its provenance is no table"),
    ],
)
def test_a_strange_header_is_a_clear_error(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = tmp_path / "m"
    save_model(path, network(), {})
    change_header(path, **changes)
    with pytest.raises(TenfoldError, match=message):
        load_model(path)


@pytest.mark.parametrize("key", ["seed", "layers", "dtype", "input_shape"])
def test_a_header_without_a_part_is_a_clear_error(tmp_path: Path, key: str) -> None:
    save_model(tmp_path / "m", network(), {})
    tensors, header = read_tensors(tmp_path / "m", "model")
    del header[key]
    (tmp_path / "m").write_bytes(save(tensors, {"tenfold": json.dumps(header)}))
    with pytest.raises(TenfoldError, match=f"it does not say '{key}'"):
        load_model(tmp_path / "m")


@pytest.mark.parametrize("value", ["1e400", "[" * 100_000, '{"type":' * 900 + "1" + "}" * 900])
def test_a_header_that_json_chokes_on_is_a_clear_error(tmp_path: Path, value: str) -> None:
    save_model(tmp_path / "m", network(), {})
    tensors, header = read_tensors(tmp_path / "m", "model")
    for key in ("seed", "layers"):
        text = json.dumps(header | {key: "HERE"}).replace('"HERE"', value)
        (tmp_path / "m").write_bytes(save(tensors, {"tenfold": text}))
        with pytest.raises(TenfoldError):
            load_model(tmp_path / "m")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "inputs", "mean", "x"]), inner, max_size=3)
        | st.builds(lambda v: {"type": "Dense", "inputs": v, "outputs": 3}, inner)
    ),
    max_leaves=6,
)
keys = st.sampled_from(
    ["layers", "seed", "dtype", "input_shape", "calibration", "preprocessing", "format", "kind"]
)


@given(key=keys, value=json_values)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_is_a_traceback(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "m"
    save_model(path, network(), {})
    change_header(path, **{key: value})
    with contextlib.suppress(TenfoldError):
        model = load_model(path)
        assert model.network.predict(np.zeros((1, 28, 28, 1), np.uint8)).shape == (1,)


@given(place=st.integers(1, 1000), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_wrong_bit_in_the_weights_is_seen(tmp_path: Path, place: int, bit: int) -> None:
    path = tmp_path / "m"
    save_model(path, network(), {})
    content = bytearray(path.read_bytes())
    content[-place] ^= 1 << bit  # the numbers stand at the end
    path.write_bytes(content)
    with pytest.raises(TenfoldError, match="is damaged: its numbers do not have the SHA-256"):
        load_model(path)


def test_numbers_without_their_sum_are_not_trusted(tmp_path: Path) -> None:
    save_model(tmp_path / "m", network(), {})
    change_header(tmp_path / "m", tensors_sha256=None)
    with pytest.raises(TenfoldError, match="SHA-256"):
        load_model(tmp_path / "m")


class Strange(Dense):
    """A layer that tenfold.nn.layers does not have."""


@pytest.mark.parametrize(
    ("layers", "input_shape", "message"),
    [
        ([Normalize(), Flatten(), Strange(784, 10)], (28, 28, 1), "unknown layer 'Strange'"),
        (
            [Normalize(), Flatten(), type("Dense", (Dense,), {})(784, 10)],
            (28, 28, 1),
            "layer 2 is a Dense of another module",
        ),
        ([Normalize(), Flatten(), Dense(12, 10)], (4, 3, 1), r"turns \(4, 3, 1\) into \(10,\)"),
        ([Normalize()], (28, 28, 1), "one row of classes"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, layers: list[Layer], input_shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(TenfoldError, match=message):
        save_model(tmp_path / "m", Network(layers, input_shape=input_shape), {})
    assert not list(tmp_path.iterdir())


def test_nan_weights_are_refused(tmp_path: Path) -> None:
    made = network()
    made.theta.value[0] = np.nan
    save_model(tmp_path / "m", made, {})
    with pytest.raises(TenfoldError, match="NaN"):
        load_model(tmp_path / "m")


def test_a_foreign_safetensors_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(save({"w": np.zeros(3, np.float32)}))
    with pytest.raises(TenfoldError, match="written by another program"):
        load_model(tmp_path / "m")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), place=st.floats(0, 1), byte=st.integers(0, 255))
def test_damaged_bytes_never_escape_as_anything_else(
    tmp_path: Path, cut: float, place: float, byte: int
) -> None:
    path = tmp_path / "m"
    save_model(path, network(), {})
    content = bytearray(path.read_bytes())
    content[int(place**3 * (len(content) - 1))] = byte  # most often in the header
    path.write_bytes(content[: int(cut * len(content)) + 1])
    with contextlib.suppress(TenfoldError):
        model = load_model(path)
        assert model.network.predict(np.zeros((1, 28, 28, 1), np.uint8)).shape == (1,)


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arbitrary_bytes_are_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m"
    path.write_bytes(content)
    with pytest.raises(TenfoldError):
        load_model(path)


def test_a_device_is_no_model() -> None:
    with pytest.raises(TenfoldError, match=r"cannot read /dev/zero: it is a device"):
        load_model("/dev/zero")
