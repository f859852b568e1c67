"""The bundled models, and ensembles on the command line."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, load_mnist
from tenfold.evaluation import Score, calibration_error, score, selective_metrics
from tenfold.models import DEFAULT_MODEL, Ensemble, Model, bundled_models, load_model
from tenfold.nn import Dense, Flatten, Network, Normalize

from .conftest import Tenfold


def test_bundled_models_are_listed_with_their_training(tenfold: Tenfold) -> None:
    (listed, *_) = json.loads(tenfold("models", "--json").out)
    model = bundled_models()[DEFAULT_MODEL]
    assert listed["name"] == DEFAULT_MODEL
    assert listed["sha256"] == hashlib.sha256(model.path.read_bytes()).hexdigest()
    assert listed["command"] == f"tenfold train {DEFAULT_MODEL} --seed {model.metrics['seed']}"
    assert listed["bytes"] <= 3_000_000
    lines = tenfold("models").out.splitlines()
    assert f"{model.metrics['test']['accuracy']:.2%}" in lines[1]
    assert listed["command"] in lines[1]


@pytest.fixture(scope="module")
def few() -> Score:
    """Score of the bundled model on 1,000 test images."""
    return score(
        load_model(bundled_models()[DEFAULT_MODEL].path), load_mnist("test").subset(slice(0, 1000))
    )


def test_bundled_model_is_as_accurate_as_its_metrics(few: Score) -> None:
    model = bundled_models()[DEFAULT_MODEL]
    assert few.accuracy > 0.99
    assert model.metrics["test"]["accuracy"] >= 0.996
    assert model.metrics["recipe"] == DEFAULT_MODEL


def test_bundled_model_is_calibrated(few: Score) -> None:
    """Its metrics are of the whole test set; a part is evaluated here."""
    model = bundled_models()[DEFAULT_MODEL]
    loaded, metrics = load_model(model.path), model.metrics["test"]
    assert loaded.temperature == model.metrics["calibration"]["temperature"]
    assert loaded.unsure_below == metrics["unsure"]["threshold"]
    assert loaded.unsure_error == metrics["unsure"]["wanted_error"] == 0.001
    assert metrics["calibration_error"] <= 0.003
    assert metrics["unsure"]["coverage"] >= 0.97
    assert few.loss < 0.02
    assert calibration_error(few.confidence, few.is_correct) < 0.005
    assert loaded.unsure_below is not None
    unsure = selective_metrics(few.confidence, few.is_correct, loaded.unsure_below)
    assert unsure["coverage"] > 0.97
    assert unsure["wrong"] <= 2


def test_bundled_model_contains_its_provenance() -> None:
    model = bundled_models()[DEFAULT_MODEL]
    provenance = load_model(model.path).provenance
    assert provenance["recipe"]["name"] == DEFAULT_MODEL
    assert provenance["seed"] == model.metrics["seed"]
    assert provenance["data"]["test"] == load_mnist("test").fingerprint


def test_predict_uses_the_bundled_model_by_default(
    tenfold: Tenfold, digits: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"{index}.png" for index in range(3)]
    for name, image in zip(names, digits.images, strict=False):
        Image.fromarray(image[..., 0]).save(name)
    rows = json.loads(tenfold("predict", *names, "--json").out)
    assert [row["digit"] for row in rows] == digits.require_labels()[:3].tolist()
    assert json.loads(tenfold("predict", DEFAULT_MODEL, *names, "--json").out) == rows


def test_predict_with_a_model_alone_raises(tenfold: Tenfold, trained: Path) -> None:
    for model in (DEFAULT_MODEL, trained, trained / "model.safetensors"):
        answer = tenfold("predict", model)
        assert answer.code == 2
        assert "add an image" in answer.err


def test_several_models_are_evaluated_as_an_ensemble(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    few = digits.subset(slice(100))
    np.savez(tmp_path / "few.npz", images=few.images, labels=few.require_labels())
    command = ("evaluate", trained, DEFAULT_MODEL, "--data", tmp_path / "few.npz", "--json")
    result = json.loads(tenfold(*command).out)
    paths = (trained / "model.safetensors", bundled_models()[DEFAULT_MODEL].path)
    ensemble = Ensemble([load_model(path) for path in paths])
    expected = score(ensemble, few)
    assert (result["accuracy"], result["loss"]) == (expected.accuracy, expected.loss)


def test_models_with_different_classes_raise(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "few.safetensors"
    Model(Network([Normalize(), Flatten(), Dense(784, 5)])).save(other)
    answer = tenfold("evaluate", trained, other, "--data", digits_file)
    assert answer.code == 2
    assert "must have the same classes" in answer.err


def test_models_of_different_splits_need_data(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    kaggle = tmp_path / "kaggle.safetensors"
    network = load_model(trained / "model.safetensors").network
    Model(network, provenance={"recipe": {"source": {"name": "kaggle"}}}).save(kaggle)
    answer = tenfold("evaluate", trained, kaggle)
    assert answer.code == 2
    assert "use --data" in answer.err


def test_file_takes_precedence_over_a_bundled_model(
    tenfold: Tenfold, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(trained, tmp_path / DEFAULT_MODEL)
    own = json.loads(tenfold("evaluate", DEFAULT_MODEL, "--json").out)
    assert own["accuracy"] < bundled_models()[DEFAULT_MODEL].metrics["test"]["accuracy"] - 0.01
    assert np.isfinite(own["loss"])


def test_unclear_image_is_unsure(tenfold: Tenfold, tmp_path: Path) -> None:
    images = load_mnist("test").images
    model = load_model(bundled_models()[DEFAULT_MODEL].path)
    sure = model.predict_probabilities(images[:100]).max(axis=1)
    below = model.unsure_below
    assert below is not None
    # A plain digit, and a seven and a one upon each other, which are neither.
    both = np.maximum(images[0], np.rot90(images[2]))
    assert sure[0] >= below > model.predict_probabilities(both[None]).max()
    for name, image in (("plain", images[0]), ("both", both)):
        Image.fromarray(image[..., 0]).save(tmp_path / f"{name}.png")
    paths = [tmp_path / "plain.png", tmp_path / "both.png"]
    plain, unclear = json.loads(tenfold("predict", *paths, "--json").out)
    assert (plain["unsure"], unclear["unsure"]) == (False, True)
    first, second = tenfold("predict", *paths).out.splitlines()
    assert (first.endswith("unsure"), second.endswith("unsure")) == (False, True)
