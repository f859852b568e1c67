import contextlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from tenfold.errors import TenfoldError
from tenfold.nn import BatchNorm, Dense, Dropout, Flatten, LeakyReLU, Network, Normalize
from tenfold.training import load_model, save_model


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
    from tenfold.training.tensor_file import read_tensors

    tensors, header = read_tensors(path, "model")
    path.write_bytes(save(tensors, {"tenfold": json.dumps(header | changes)}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "model format 99.*train the model again"),
        ({"kind": "checkpoint"}, "is not a model file"),
        ({"layers": [{"type": "Transformer"}]}, "unknown type 'Transformer'"),
        ({"layers": [{"type": "Dense", "inputs": 10**9, "outputs": 10**9}]}, "need"),
        ({"layers": "nonsense"}, "does not hold a network"),
        ({"dtype": "quaternion"}, "does not hold a network"),
        ({"input_shape": [3]}, "does not hold a network"),
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
