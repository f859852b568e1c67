"""Finding models by path and name, and files that tenfold 0.1 wrote (format 1)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.images.normalization import normalize_like_mnist
from tenfold.models import (
    DEFAULT_MODEL,
    Model,
    bundled_models,
    find_model,
    load_model,
    refers_to_model,
)
from tenfold.models.tensor_file import read_tensors
from tenfold.nn import Deskew

from .small_model import IMAGES, small_network, write_file

FORMAT_1 = Path(__file__).parent / "fixtures" / "format-1"
MODELS = ("every-layer", "average-pool", "max-pool")


def named(name: str) -> Model:
    """Return a model that can be recognised by its provenance."""
    return Model(small_network(), provenance={"name": name})


def name_of(model: Model) -> Any:
    return model.provenance.get("name")


# find_model


def test_default_and_bundled_models_are_found() -> None:
    recipe = find_model(DEFAULT_MODEL).provenance["recipe"]
    assert find_model().provenance["recipe"] == recipe
    assert find_model(Path(DEFAULT_MODEL)).provenance["recipe"] == recipe
    assert DEFAULT_MODEL in bundled_models()


def test_model_file_and_run_folder_are_found(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    named("in the run").save(run / "model.safetensors")
    assert name_of(find_model(run)) == "in the run"  # a folder with a model file is enough
    for name in ("config.json", "metrics.json"):
        (run / name).write_text("{}")
    assert name_of(find_model(run)) == "in the run"
    assert name_of(find_model(run / "model.safetensors")) == "in the run"


def test_path_that_exists_has_priority_over_a_bundled_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named("a file").save(DEFAULT_MODEL)
    assert name_of(find_model(DEFAULT_MODEL)) == "a file"
    assert name_of(find_model()) is None  # without an argument, always the bundled model
    Path(DEFAULT_MODEL).unlink()
    Path(DEFAULT_MODEL).mkdir()
    with pytest.raises(TenfoldError, match="contains no model"):
        find_model(DEFAULT_MODEL)


def test_unfinished_run_raises(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    message = f"the run in {tmp_path} is not finished: .*tenfold train --resume {tmp_path}"
    with pytest.raises(TenfoldError, match=message):
        find_model(tmp_path)
    named("saved when it diverged").save(tmp_path / "model.safetensors")
    with pytest.raises(TenfoldError, match=message):
        find_model(tmp_path)


def test_folder_without_a_model_raises(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=f"{tmp_path} contains no model.safetensors: give the"):
        find_model(tmp_path)


def test_folder_of_runs_names_one_of_them(tmp_path: Path) -> None:
    for name in ("001-mlp", "002-mlp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"")
    with pytest.raises(TenfoldError, match=r"contains several models: .* such as .*001-mlp$"):
        find_model(tmp_path)


def test_other_files_than_models_are_named(tmp_path: Path) -> None:
    for name, content in (
        ("config.json", b'{"format": 1}'),
        ("7.png", b"\x89PNG\r\n\x1a\n" + bytes(range(90))),
        ("a.npz", b"PK\3\4" + bytes(range(90))),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(TenfoldError, match=rf"{name} is not a .* \(it has no header\)") as one:
            find_model(file)
        assert "The model of this run" not in str(one.value)
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(TenfoldError, match=r"The model of this run is .*model\.safetensors\.$"):
        find_model(tmp_path / "config.json")


def test_unknown_name_raises_and_lists_the_bundled_models(tmp_path: Path) -> None:
    with pytest.raises(
        TenfoldError, match=f"cannot read {tmp_path}/no: .*models: .*{DEFAULT_MODEL}"
    ):
        find_model(tmp_path / "no")


def test_refers_to_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path, expected in (
        *((".", True), ("missing.safetensors", True), (DEFAULT_MODEL, True)),
        *(("seven.png", False), ("missing", False)),
    ):
        assert refers_to_model(Path(path)) is expected
    Path(DEFAULT_MODEL).write_bytes(b"an image")
    assert not refers_to_model(Path(DEFAULT_MODEL))


# Format 1


def types(described: Any) -> set[str]:
    """Return the types of layers and initializers in a description."""
    if isinstance(described, list):
        return set().union(*map(types, described))
    if isinstance(described, dict):
        return types(list(described.values())) | {described["type"]}
    return set()


@pytest.mark.parametrize("name", MODELS)
def test_files_of_tenfold_0_1_predict_the_same(name: str) -> None:
    """The files and the expected probabilities were written by tenfold 0.1.0."""
    expected = np.load(FORMAT_1 / "expected.npz")
    model = load_model(FORMAT_1 / f"{name}.safetensors")
    found = model.predict_probabilities(expected["images"])
    assert found.dtype == expected[name].dtype
    np.testing.assert_allclose(found, expected[name], rtol=1e-4, atol=1e-6)


def test_files_of_tenfold_0_1_contain_every_layer_of_that_version() -> None:
    headers = [read_tensors(FORMAT_1 / f"{name}.safetensors", "model")[1] for name in MODELS]
    found = set().union(*(types(header["layers"]) for header in headers))
    assert found == {
        *("AveragePool", "BatchNorm", "Conv2D", "ConvMaxPool", "Dense", "Deslant", "Dropout"),
        *("Flatten", "GELU", "GlobalAveragePool", "GlobalMaxPool", "LeakyReLU", "MaxPool"),
        *("Normalize", "ReLU", "Residual", "Sigmoid", "Tanh"),
        *("GlorotUniform", "HeNormal", "LeCunNormal", "Ones", "Orthogonal", "Uniform"),
        *("UniformFanIn", "Zeros"),
    }
    first = load_model(FORMAT_1 / "every-layer.safetensors").network.layers[0]
    assert isinstance(first, Deskew)  # called Deslant in that version


def test_fields_of_format_1(tmp_path: Path) -> None:
    model = load_model(FORMAT_1 / "every-layer.safetensors")
    assert (model.test_time_shift, model.temperature) == (1, 0.47)
    assert (model.unsure_below, model.unsure_error) == (0.25, 0.01)
    assert model.preprocessing == normalize_like_mnist
    assert model.classes == tuple("0123456789")
    assert model.provenance["versions"] == {"tenfold": "0.1.0"}
    plain = load_model(FORMAT_1 / "average-pool.safetensors")
    assert (plain.classes, plain.temperature, plain.unsure_below) == (("0", "1", "2"), 2.0, None)
    model.save(tmp_path / "model")  # in format 2
    again = load_model(tmp_path / "model")
    np.testing.assert_array_equal(
        again.predict_probabilities(IMAGES), model.predict_probabilities(IMAGES)
    )


def test_format_1_has_defaults_for_missing_parts(tmp_path: Path) -> None:
    missing = ("calibration", "prediction", "preprocessing", "classes", "provenance")
    model = load_model(write_file(tmp_path, {"format": 1}, remove=missing))
    assert (model.temperature, model.test_time_shift, model.provenance) == (1, 0, {})
    assert model.preprocessing == normalize_like_mnist


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prediction": {"shift": 9}}, "test_time_shift must be"),
        ({"prediction": {}}, "its header has no 'shift'"),
        ({"calibration": []}, "does not contain a valid model"),
        ({"calibration": {"unsure_below": 0.5}}, "both be given"),
        ({"calibration": {"temperature": None}}, "temperature must be"),
        ({"provenance": 3}, "provenance must be a table"),
    ],
)
def test_damaged_header_of_format_1_raises(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(TenfoldError, match=message):
        load_model(write_file(tmp_path, {"format": 1, "prediction": {"shift": 0}} | changes))
