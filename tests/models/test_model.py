"""A model: what it refuses, what its file keeps, and what its answers are made of."""

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
from tenfold.images.normalization import MNIST, Preprocessing
from tenfold.models import Model, apply_temperature, load_model, predict_probabilities
from tenfold.models.tensor_file import read_tensors
from tenfold.models.views import shifted_views
from tenfold.nn import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    Network,
    Normalize,
    softmax,
)

IMAGES = np.arange(3 * 784, dtype=np.uint8).reshape(3, 28, 28, 1)
ignore_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def network() -> Network:
    layers = [
        *(Normalize(10.0, 99.0), Flatten(), Dense(784, 6), BatchNorm(6)),
        *(LeakyReLU(0.2), Dropout(0.25), Dense(6, 10)),
    ]
    made = Network(layers, seed=5)
    made.layers[3].state["running_mean"] += 0.25
    return made


def full() -> Model:
    """Return a model in which nothing has its default."""
    return Model(
        network(),
        test_time_shift=2,
        temperature=0.47,
        unsure_below=0.949,
        unsure_error=0.001,
        classes=tuple("abcdefghij"),
        provenance={"recipe": "test", "seed": 3},
    )


def saved(folder: Path, model: Model | None = None, **header: Any) -> Path:
    """Return the file of a model, with some of its header changed."""
    path = folder / "m"
    (model or Model(network())).save(path)
    if header:
        tensors, old = read_tensors(path, "model")
        path.write_bytes(save(tensors, {"tenfold": json.dumps(old | header)}))
    return path


def test_a_round_trip_keeps_every_field_and_every_bit(tmp_path: Path) -> None:
    made, model = full(), load_model(saved(tmp_path, full()))
    assert made.predict_batch(IMAGES).tobytes() == model.predict_batch(IMAGES).tobytes()
    assert [type(a) for a in model.network.layers] == [type(a) for a in made.network.layers]
    for name in (
        *("preprocessing", "test_time_shift", "temperature", "unsure_below", "unsure_error"),
        *("classes", "provenance"),
    ):
        assert getattr(model, name) == getattr(made, name)


def test_defaults(tmp_path: Path) -> None:
    model = load_model(saved(tmp_path))
    assert model.preprocessing == MNIST
    assert model.classes == tuple("0123456789")
    assert (model.test_time_shift, model.temperature) == (0, 1.0)
    assert (model.unsure_below, model.unsure_error) == (None, None)


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    Model(network(), provenance={"z": 1, "a": 2}).save(tmp_path / "a")
    Model(network(), provenance={"a": 2, "z": 1}).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_probabilities_are_the_tempered_mean_over_the_views() -> None:
    model = full()
    answers = [softmax(model.network.forward(view)) for view in shifted_views(IMAGES, 2)]
    assert len(answers) == 5
    np.testing.assert_array_equal(
        model.predict_probabilities(IMAGES), apply_temperature(np.mean(answers, axis=0), 0.47)
    )


def test_a_plain_model_answers_as_its_network() -> None:
    made = network()
    expected = made.predict_probabilities(IMAGES)
    np.testing.assert_array_equal(Model(made).predict_probabilities(IMAGES), expected)
    np.testing.assert_array_equal(predict_probabilities(made, IMAGES), expected)


def test_predictions() -> None:
    images = np.concatenate([IMAGES, np.full((1, 28, 28, 1), 7, np.uint8)])
    model = full()
    told = model.predict(images)
    probabilities = model.predict_probabilities(images)
    np.testing.assert_array_equal(told.digit, probabilities.argmax(axis=1))
    np.testing.assert_array_equal(told.confidence, probabilities.max(axis=1))
    assert told.blank.tolist() == [False, False, False, True]
    below = (told.confidence < 0.949).tolist()
    assert told.unsure.tolist() == [*below[:3], True]
    assert len(told) == 4
    assert told.row(3) == {"blank": True}
    assert told.text(3) == "blank"
    row = told.row(0)
    assert row["class"] == "abcdefghij"[row["digit"]]
    assert row["unsure"] == below[0]
    assert told.text(0).startswith(f"{row['class']}  {row['confidence']:.1%}")
    assert "unsure" not in Model(network()).predict(IMAGES).row(0)
    assert "class" not in Model(network()).predict(IMAGES).row(0)
    assert told._repr_html_().count("</tr>") == 5


def test_other_sizes_names_and_rows_of_outputs_can_be_saved(tmp_path: Path) -> None:
    layers = [Normalize(), Conv2D(1, 4, 3), Conv2D(4, 11, 1)]
    names = (*map(str, range(10)), "not a digit")
    model = Model(Network(layers, input_shape=(32, 20, 1)), classes=names)
    assert model.preprocessing is None
    again = load_model(saved(tmp_path, model))
    assert again.classes == names
    assert again.preprocessing is None
    images = np.zeros((2, 32, 20, 1), np.uint8)
    probabilities = again.predict_probabilities(images)
    assert probabilities.shape == (2, 30, 18, 11)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match=r"gives \(30, 18, 11\) for each image: use predict_prob"):
        again.predict(images)
    large = Model(
        Network([Normalize(), Flatten(), Dense(40 * 40, 10)], input_shape=(40, 40, 1)),
        preprocessing=Preprocessing(40, 30),
    )
    assert load_model(saved(tmp_path, large)).preprocessing == Preprocessing(40, 30)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"test_time_shift": -1}, "test_time_shift must be a whole number from 0 to 4, got -1"),
        ({"test_time_shift": 5}, "test_time_shift must be"),
        ({"test_time_shift": 1.5}, "test_time_shift must be"),
        ({"test_time_shift": True}, "test_time_shift must be"),
        ({"test_time_shift": "1"}, "test_time_shift must be"),
        ({"temperature": 0}, r"temperature must be a number from 0\.05 to 20, got 0"),
        ({"temperature": 21}, "temperature must be"),
        ({"temperature": math.nan}, "temperature must be"),
        ({"temperature": True}, "temperature must be"),
        ({"temperature": "warm"}, "temperature must be"),
        ({"unsure_below": 0.9}, "must both be given, or neither"),
        ({"unsure_error": 0.9}, "must both be given, or neither"),
        ({"unsure_below": 5, "unsure_error": 0.5}, "unsure_below must be a number from 0 to 1"),
        ({"unsure_below": 0.5, "unsure_error": math.nan}, "unsure_error must be a number"),
        ({"classes": ("a", "b")}, "classes must be 10 different names.*got 2"),
        ({"classes": ("a",) * 10}, "classes must be 10 different names"),
        ({"classes": (*"abcdefghi", "")}, "must be text that is not empty"),
        ({"preprocessing": Preprocessing(30)}, r"must give what the network takes, \(28, 28, 1\)"),
    ],
)
def test_fields_out_of_range_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Model(network(), **fields)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "model format 99.*train the model again"),
        ({"format": "1"}, "model format '1', this version"),
        ({"kind": "checkpoint"}, "is not a model file"),
        ({"layers": [{"type": "Transformer"}]}, "unknown layer 'Transformer'"),
        ({"layers": [{"type": "Dense", "inputs": 10**9, "outputs": 10**9}]}, "need"),
        ({"layers": "nonsense"}, "does not hold a network"),
        ({"layers": [{"type": "Normalize", "mean": math.nan}]}, "mean"),
        ({"layers": [{"type": "HeNormal"}]}, "unknown layer 'HeNormal'"),
        ({"layers": []}, "does not hold a network"),
        ({"layers": [3]}, "does not hold a network"),
        ({"dtype": "U5"}, "dtype must be float32 or float64, got 'U5'"),
        ({"dtype": "float64"}, "must be float64 as its network is, got float32"),
        ({"dtype": ["float32"]}, "dtype must be"),
        ({"input_shape": [3]}, "does not hold a network"),
        ({"input_shape": "wide"}, "does not hold a network"),
        ({"input_shape": 28}, "does not hold a network"),
        ({"seed": math.inf}, "seed must be a whole number, got inf"),
        ({"seed": "7"}, "seed must be a whole number"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"calibration": "none"}, "does not hold a network"),
        ({"calibration": {"temperature": 0}}, "temperature must be"),
        ({"calibration": {"temperature": 1.0, "unsure_below": 0.9}}, "both be given"),
        ({"calibration": {}}, "it does not say 'temperature'"),
        ({"prediction": {"test_time_shift": None}}, "test_time_shift must be"),
        ({"preprocessing": [1]}, "does not hold a network"),
        ({"preprocessing": {"method": "mnist"}}, "preprocessing must be a description"),
        ({"preprocessing": {"method": "mnist", "size": 28, "box": 99}}, "box must be at most"),
        ({"classes": [1, 2]}, "classes must be 10"),
        ({"provenance": None}, "does not hold a network"),
    ],
)
def test_a_damaged_header_is_a_clear_error(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(TenfoldError, match=message):
        load_model(saved(tmp_path, **changes))


@pytest.mark.parametrize("key", ["seed", "layers", "dtype", "input_shape", "classes"])
def test_a_header_without_a_part_is_a_clear_error(tmp_path: Path, key: str) -> None:
    path = saved(tmp_path)
    tensors, header = read_tensors(path, "model")
    del header[key]
    path.write_bytes(save(tensors, {"tenfold": json.dumps(header)}))
    with pytest.raises(TenfoldError, match=f"it does not say '{key}'"):
        load_model(path)


@pytest.mark.parametrize("value", ["1e400", "[" * 100_000, '{"type":' * 900 + "1" + "}" * 900])
def test_a_header_that_json_cannot_parse_is_a_clear_error(tmp_path: Path, value: str) -> None:
    path = saved(tmp_path)
    tensors, header = read_tensors(path, "model")
    for key in ("seed", "layers"):
        text = json.dumps(header | {key: "HERE"}).replace('"HERE"', value)
        path.write_bytes(save(tensors, {"tenfold": text}))
        with pytest.raises(TenfoldError):
            load_model(path)


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
    [
        *("layers", "seed", "dtype", "input_shape", "calibration", "preprocessing"),
        *("classes", "prediction", "format", "kind"),
    ]
)


@given(key=keys, value=json_values)
@ignore_fixture
def test_no_header_is_a_traceback(tmp_path: Path, key: str, value: object) -> None:
    path = saved(tmp_path, None, **{key: value})
    with contextlib.suppress(TenfoldError):
        assert len(load_model(path).predict(IMAGES)) == 3


@given(place=st.integers(1, 1000), bit=st.integers(0, 7))
@ignore_fixture
def test_one_wrong_bit_in_the_weights_is_seen(tmp_path: Path, place: int, bit: int) -> None:
    path = saved(tmp_path)
    content = bytearray(path.read_bytes())
    content[-place] ^= 1 << bit  # the numbers stand at the end
    path.write_bytes(content)
    with pytest.raises(TenfoldError, match="SHA-256"):
        load_model(path)


def test_numbers_without_their_hash_are_not_trusted(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="SHA-256"):
        load_model(saved(tmp_path, tensors_sha256=None))


class Strange(Dense):
    """A layer that tenfold.nn.layers does not have."""


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([Normalize(), Flatten(), Strange(784, 10)], "unknown layer 'Strange'"),
        (
            [Normalize(), Flatten(), type("Dense", (Dense,), {})(784, 10)],
            "layer 2 is a Dense of another module",
        ),
    ],
)
def test_what_could_not_be_loaded_again_is_not_written(
    tmp_path: Path, layers: list[Layer], message: str
) -> None:
    with pytest.raises(TenfoldError, match=message):
        Model(Network(layers)).save(tmp_path / "m")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_not_written(tmp_path: Path, value: float) -> None:
    made = network()
    made.theta.value[0] = value
    with pytest.raises(TenfoldError, match=r"the values of 2\.weight must be finite"):
        Model(made).save(tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_weights_that_are_not_finite_are_not_loaded(tmp_path: Path) -> None:
    path = saved(tmp_path)
    tensors, header = read_tensors(path, "model")
    tensors["2.weight"][0] = np.nan
    del header["tensors_sha256"]
    from tenfold.models.tensor_file import write_tensors

    write_tensors(path, tensors, header)
    with pytest.raises(TenfoldError, match=r"the values of 2\.weight must be finite"):
        load_model(path)


def test_a_foreign_safetensors_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(save({"w": np.zeros(3, np.float32)}))
    with pytest.raises(TenfoldError, match="written by another program"):
        load_model(tmp_path / "m")


@ignore_fixture
@given(cut=st.floats(0, 1), place=st.floats(0, 1), byte=st.integers(0, 255))
def test_damaged_bytes_are_a_clear_error(
    tmp_path: Path, cut: float, place: float, byte: int
) -> None:
    path = saved(tmp_path)
    content = bytearray(path.read_bytes())
    content[int(place**3 * (len(content) - 1))] = byte  # most often in the header
    path.write_bytes(content[: int(cut * len(content)) + 1])
    with contextlib.suppress(TenfoldError):
        assert len(load_model(path).predict(IMAGES)) == 3


@given(content=st.binary(max_size=300))
@ignore_fixture
def test_arbitrary_bytes_are_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m"
    path.write_bytes(content)
    with pytest.raises(TenfoldError):
        load_model(path)


def test_a_device_is_no_model() -> None:
    with pytest.raises(TenfoldError, match=r"cannot read /dev/zero: it is a device"):
        load_model("/dev/zero")


def test_files_of_format_1_can_be_read(tmp_path: Path) -> None:
    """Version 0.1 described the preprocessing in prose and knew no names of classes."""
    prose = {"ink": "bright on a dark background, 0 to 255", "size": [28, 28, 1]}
    path = saved(
        tmp_path,
        format=1,
        preprocessing=prose,
        prediction={"shift": 1},
        calibration={"temperature": 0.5, "unsure_below": 0.9, "unsure_error": 0.01},
    )
    model = load_model(path)
    assert (model.test_time_shift, model.temperature) == (1, 0.5)
    assert (model.unsure_below, model.unsure_error) == (0.9, 0.01)
    assert model.preprocessing == MNIST
    assert model.classes == tuple("0123456789")
    tensors, header = read_tensors(path, "model")
    for key in ("calibration", "prediction", "preprocessing", "classes", "provenance"):
        del header[key]
    path.write_bytes(save(tensors, {"tenfold": json.dumps(header)}))
    assert load_model(path).temperature == 1
