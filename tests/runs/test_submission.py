"""Submissions: expected score, exposure of the model to the images, and differences."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.errors import TenfoldError
from tenfold.evaluation import prediction_interval
from tenfold.models import DEFAULT_MODEL, bundled_models, load_model
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, Recipe, Split, recipe_to_json
from tenfold.runs import (
    Difference,
    Exposure,
    Run,
    Seen,
    create_run,
    estimate_score,
    execute,
    find_exposure,
    results_of,
    seen_images,
)
from tests.runs.made_up import part, run_metrics


@pytest.fixture
def small_mnist(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let MNIST's training images be the first 600 of them, and its test images 40 inverted."""
    halves = {"train": digits, "test": Dataset(255 - digits.images[:40])}
    monkeypatch.setattr("tenfold.runs.submission.load_mnist", halves.__getitem__)


def test_the_estimate_is_from_the_test_part_or_else_validation() -> None:
    both = run_metrics(test=part(390, 400), validation=part(90, 100))
    for metrics, name, correct, n in (
        (both, "test", 390, 400),
        (replace(both, test=None), "validation", 90, 100),
    ):
        found = estimate_score(metrics, 28_000)
        assert found is not None
        assert (found.part, found.n, found.score) == (name, n, correct / n)
        assert found.interval95 == prediction_interval(correct, n, 28_000)
        assert found.to_dict()["interval95"] == list(found.interval95)
    assert estimate_score(run_metrics(), 5) is None
    assert estimate_score(None, 5) is None


def test_results_of_a_run_a_model_file_and_a_bundled_model(
    tiny: Recipe, digits: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    run = create_run(Run(replace(tiny, epochs=1), 0, tmp_path / "run", str(data)))
    assert results_of(run.folder) is None
    for _ in execute(run, tiny.source.load(data)):
        pass
    for path in (run.folder, run.model):
        assert results_of(path) == run.results()
    run.model.rename(tmp_path / "model.safetensors")
    assert results_of(tmp_path / "model.safetensors") is None
    assert results_of(run.folder / "other.safetensors") is None
    bundled = results_of(DEFAULT_MODEL)
    assert bundled is not None
    assert bundled.to_dict() == bundled_models()[DEFAULT_MODEL].metrics


def exposure(images: Array, model: str | Path, provenance: Mapping[str, Any]) -> Exposure:
    return find_exposure(images, seen_images(images, [model], [provenance]))


def run_on_own_data(
    recipe: Recipe, digits: Dataset, folder: Path
) -> tuple[Run, Split, dict[str, Any]]:
    """Train one epoch on the digits in ``digits.npz``; return the run, its data and provenance."""
    data = folder / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    run = create_run(Run(replace(recipe, epochs=1), 0, folder / "run", str(data)))
    split = recipe.source.load(data)
    for _ in execute(run, split):
        pass
    return run, split, load_model(run.model).provenance


@pytest.mark.usefixtures("small_mnist")
def test_training_images_of_a_model_are_counted(
    tiny: Recipe, digits: Dataset, tmp_path: Path
) -> None:
    run, split, provenance = run_on_own_data(tiny, digits, tmp_path)
    data = tmp_path / "digits.npz"
    assert split.test is not None
    mixed = np.concatenate([split.test.images[:7], split.train.images[:5], 255 - digits.images[:3]])
    assert exposure(mixed, run.folder, provenance) == Exposure(15, 12, 3, 5)
    alone = shutil.copy(run.model, tmp_path / "alone.safetensors")
    found = exposure(mixed, alone, provenance)
    assert found.seen is None
    assert "their path is stored only in the run folder" in str(found.unknown)
    np.savez(data, images=digits.images[1:], labels=digits.require_labels()[1:])
    found = exposure(mixed, run.folder, provenance)
    assert found.seen is None
    assert f"the images at {data} have changed since the training" in str(found.unknown)
    data.unlink()
    found = exposure(mixed, run.folder, provenance)
    assert found.seen is None
    assert f"they are no longer at {data}" in str(found.unknown)


def test_results_are_not_needed_to_find_the_training_images(
    tiny: Recipe, digits: Dataset, tmp_path: Path
) -> None:
    run, split, provenance = run_on_own_data(tiny, digits, tmp_path)
    (run.folder / "metrics.json").write_text("damaged")
    assert seen_images(split.train.images[:3], [run.folder], [provenance]).mask.all()
    (run.folder / "config.json").write_text("damaged")
    found = seen_images(split.train.images[:3], [run.folder], [provenance])
    assert not found.mask.any()
    assert "config.json" in str(found.unknown)


def test_the_bundled_model_was_trained_on_mnist() -> None:
    images = np.concatenate([load_mnist("train").images[:60], load_mnist("test").images[:40]])
    provenance = load_model(bundled_models()[DEFAULT_MODEL].path).provenance
    found = exposure(images, DEFAULT_MODEL, provenance)
    assert (found.mnist_train, found.mnist_test) == (60, 40)
    assert found.seen is not None
    assert 45 <= found.seen <= 60  # all but those held out for validation


@pytest.mark.usefixtures("small_mnist")
@pytest.mark.parametrize(
    ("provenance", "reason"),
    [
        ({}, "does not say what it was trained on"),
        ({"own_data": False}, "does not describe its training images"),
        ({"own_data": False, "recipe": 5}, "does not describe its training images"),
        ({"own_data": False, "recipe": {}}, "does not describe its training images"),
    ],
)
def test_a_model_without_known_training_images(provenance: dict[str, Any], reason: str) -> None:
    images = np.zeros((2, 28, 28, 1), np.uint8)
    found = exposure(images, "model.safetensors", provenance)
    assert (found.mnist_train, found.mnist_test, found.seen) == (0, 0, None)
    assert reason in str(found.unknown)


def test_exposure_warnings() -> None:
    leak, seen = Exposure(28_000, 24_048, 3_952, 21_995).warnings
    assert leak.startswith("28,000 of the 28,000 images are MNIST images (24,048 training")
    assert seen.startswith("this model was trained on 21,995 of the images (79%)")
    assert Exposure(100, 0, 0, 0).warnings == []
    assert len(Exposure(100, 0, 3, 0).warnings) == 1
    assert Exposure(10, 0, 0, 5, models=3).warnings[0].startswith("this ensemble was trained on")
    unknown = "the training images of this model are unknown (why)"
    for mnist in (0, 3):
        assert Exposure(100, mnist, 0, None, unknown=unknown).warnings[-1] == (
            f"{unknown}: if it was trained on some of these images, the score overstates the "
            "accuracy"
        )
    assert Exposure(100, 0, 0, None, models=0).warnings == []
    assert "the model of this submission is unknown" in Exposure(9, 3, 0, None, 0).warnings[1]


def test_an_ensemble_names_the_members_whose_training_images_are_unknown() -> None:
    mask = np.zeros(4, bool)
    assert Seen(mask, 3).unknown is None
    assert Seen(mask, 3, ("why",)).unknown == (
        "the training images of 1 of the 3 models of this ensemble are unknown (why)"
    )
    assert str(Seen(mask, 3, ("a", "b")).unknown).endswith("are unknown (the first: a)")
    warning = Exposure(4, 0, 0, None, 3, Seen(mask, 3, ("why",)).unknown).warnings[0]
    assert "if one of its members was trained on some of these images" in warning


def test_differences_between_two_submissions() -> None:
    first, second = np.array([4, 9, 4, 1, 7]), np.array([9, 9, 9, 1, 2])
    found = Difference(first, second)
    assert found.rows == [(1, 4, 9), (3, 4, 9), (5, 7, 2)]
    assert found.swaps == [(4, 9, 2), (7, 2, 1)]
    assert found.conclusion("a", "b") is None
    conclusion = Difference(first, second, np.array([9, 9, 9, 1, 7])).conclusion("a", "b")
    assert conclusion == (
        "not significant: they disagree on 3 images "
        "(the first is correct on 1, the second on 2), p = 1"
    )
    same = Difference(first, first)
    assert same.rows == same.swaps == []
    with pytest.raises(TenfoldError, match="got 5 and 4 labels: compare two for the same"):
        Difference(first, second[:4])


@pytest.mark.usefixtures("small_mnist")
def test_a_kaggle_model_was_not_trained_on_its_own_test_images() -> None:
    recipe = RECIPES["classic-two-layer"]
    assert recipe.source.name == "kaggle"
    split = recipe.source.load()
    provenance = {
        "own_data": False,
        "recipe": recipe_to_json(recipe),
        "data": {"train": split.train.fingerprint},
    }
    assert split.test is not None
    mixed = np.concatenate([split.test.images[:500], split.train.images[:30]])
    assert exposure(mixed, "model.safetensors", provenance).seen == 30
