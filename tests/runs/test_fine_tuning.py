"""A model learns a person's handwriting, here: mirrored digits."""

import json
from pathlib import Path

import numpy as np
import pytest

import tenfold
from tenfold.data import Dataset, load_mnist
from tenfold.data.kaggle_csv import read_kaggle_csv, write_kaggle_csv
from tenfold.errors import TenfoldError
from tenfold.evaluation import score
from tenfold.models import Model
from tenfold.nn import Adam, Dense, Flatten
from tenfold.recipes import MLP, RECIPES, Split, recipe_to_json
from tenfold.runs import FineTuning, fine_tune, fine_tune_and_save, training_images
from tenfold.training import fit


def mirrored(first: int, count: int) -> Dataset:
    data = load_mnist("train").subset(slice(first, first + count))
    return Dataset(data.images[:, :, ::-1], data.require_labels(), "mirrored digits")


@pytest.fixture(scope="module")
def parts() -> Split:
    train = load_mnist("train")
    return Split(train.subset(slice(3000)), train.subset(slice(3000, 3500)), None)


@pytest.fixture(scope="module")
def model(parts: Split) -> Model:
    network = tenfold.nn.Network(MLP((32,)).layers(), seed=1)
    for _ in fit(network, parts.train, optimizer=Adam(), schedule=0.003, epochs=4):
        pass
    return Model(network, provenance={"seed": 1})


@pytest.fixture(scope="module")
def tuned(
    model: Model, parts: Split, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FineTuning, Path, list[float]]:
    folder, shares = tmp_path_factory.mktemp("tuned"), list[float]()
    digits = mirrored(4000, 60)
    twice = digits.subset([*range(60), 0, 1])
    found = fine_tune_and_save(model, "m", twice, parts, folder, 3, report=shares.append)
    return found, folder, shares


def test_it_reads_other_digits_of_the_person_better_and_forgets_nothing(
    model: Model, parts: Split, tuned: tuple[FineTuning, Path, list[float]]
) -> None:
    found = tuned[0]
    assert found.before["n"] == found.after["n"] == 60  # what occurs twice counts once
    assert found.after["correct"] >= found.before["correct"] + 6
    assert found.validation_after["accuracy"] > found.validation_before["accuracy"] - 0.02
    assert found.validation_before["n"] == 500
    others = mirrored(5000, 500)
    before, after = (score(each, others).metrics()["accuracy"] for each in (model, found.model))
    assert after > before + 0.1
    assert abs(found.after["accuracy"] - after) < 0.15  # it is an honest estimate
    assert score(model, parts.train).metrics()["accuracy"] > 0.9  # the original is unchanged


def test_the_folder_is_that_of_a_model_and_holds_what_it_learned(
    tuned: tuple[FineTuning, Path, list[float]],
) -> None:
    found, folder, shares = tuned
    loaded = tenfold.load(folder)
    images = mirrored(5000, 20).images
    np.testing.assert_array_equal(
        loaded.predict_probabilities(images), found.model.predict_probabilities(images)
    )
    assert loaded.provenance["fine_tuned"] == "m"
    assert loaded.provenance["original"] == {"seed": 1}
    assert len(read_kaggle_csv(folder / "digits.csv")) == 60
    assert json.loads((folder / "fine-tuning.json").read_text()) == {
        "model": "m",
        "seed": 3,
        **found.to_dict(),
    }
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_the_same_seed_gives_the_same_model(model: Model, parts: Split) -> None:
    digits = mirrored(4000, 12)
    one, two, other = (fine_tune(model, digits, parts.train, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.network.theta.value, two.network.theta.value)
    assert (one.network.theta.value != other.network.theta.value).any()


def test_more_digits_than_are_usually_shown_are_all_learned(
    model: Model, parts: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenfold.runs.fine_tuning._REPLAY", 80)
    monkeypatch.setattr("tenfold.runs.fine_tuning._REPEATED", 20)
    digits = mirrored(4000, 40)
    other_end = digits.subset([*range(20), *range(20)])
    one, other = (fine_tune(model, each, parts.train) for each in (digits, other_end))
    assert (one.network.theta.value != other.network.theta.value).any()


def test_too_few_digits_are_refused(model: Model, parts: Split, tmp_path: Path) -> None:
    few = mirrored(4000, 9).subset([*range(9), 0])
    with pytest.raises(TenfoldError, match="at least 10 different digits, got 9"):
        fine_tune_and_save(model, "m", few, parts, tmp_path / "x")
    with pytest.raises(TenfoldError, match="needs validation images"):
        fine_tune_and_save(model, "m", mirrored(4000, 10), Split(parts.train, None, None), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_digits_that_do_not_fit_the_model_are_refused(parts: Split, tmp_path: Path) -> None:
    small = Model(tenfold.nn.Network([Flatten(), Dense(100, 10)], input_shape=(10, 10, 1)))
    two = Model(tenfold.nn.Network([Flatten(), Dense(784, 2)], input_shape=(28, 28, 1)))
    digits = mirrored(4000, 12)
    for model, message in (
        (small, r"must have the shape \(10, 10, 1\), which the model reads, got \(28, 28, 1\)"),
        (two, "labels of mirrored digits must be from 0 to 1, as the model has 2 classes"),
    ):
        with pytest.raises(TenfoldError, match=message):
            fine_tune(model, digits, parts.train)
        with pytest.raises(TenfoldError, match=message):
            fine_tune_and_save(model, "m", digits, parts, tmp_path)


def test_its_training_images_are_those_of_the_original_and_the_digits(tmp_path: Path) -> None:
    original = {"recipe": recipe_to_json(RECIPES["quick"]), "own_data": False}
    train = RECIPES["quick"].source.load(None).train
    original |= {"data": {"train": train.fingerprint}}
    digits = mirrored(4000, 12)
    write_kaggle_csv(tmp_path / "digits.csv", digits)
    provenance = {"fine_tuned": "quick", "data": {"digits": digits.fingerprint}}
    with pytest.raises(TenfoldError, match="does not describe its training images"):
        training_images(tmp_path, provenance)
    provenance |= {"original": original}
    found = training_images(tmp_path, provenance)
    np.testing.assert_array_equal(found.images, np.concatenate([train.images, digits.images]))
    write_kaggle_csv(tmp_path / "digits.csv", mirrored(4000, 11))
    with pytest.raises(TenfoldError, match=r"digits\.csv have changed"):
        training_images(tmp_path, provenance)
