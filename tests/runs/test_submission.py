"""Submissions: expected score, exposure of the model to the images, and differences."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.errors import TenfoldError
from tenfold.evaluation import prediction_interval
from tenfold.models import DEFAULT_MODEL, bundled_models, load_model
from tenfold.recipes import RECIPES, Recipe, recipe_to_json
from tenfold.runs import (
    Difference,
    Exposure,
    Origin,
    Run,
    create_run,
    estimate_score,
    execute,
    find_exposure,
    origin_of,
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


def test_origin_of_a_run_a_model_file_and_a_bundled_model(
    tiny: Recipe, digits: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    run = create_run(Run(replace(tiny, epochs=1), 0, tmp_path / "run", str(data)))
    assert origin_of(run.folder) == Origin(None, str(data))
    for _ in execute(run, tiny.source.load(data)):
        pass
    for path in (run.folder, run.model):
        assert origin_of(path) == Origin(run.results(), str(data))
    run.model.rename(tmp_path / "model.safetensors")
    assert origin_of(tmp_path / "model.safetensors") == Origin()
    assert origin_of(run.folder / "other.safetensors") == Origin()
    bundled = origin_of(DEFAULT_MODEL).metrics
    assert bundled is not None
    assert bundled.to_dict() == bundled_models()[DEFAULT_MODEL].metrics


@pytest.mark.usefixtures("small_mnist")
def test_training_images_of_a_model_are_counted(
    tiny: Recipe, digits: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    run = create_run(Run(replace(tiny, epochs=1), 0, tmp_path / "run", str(data)))
    split = tiny.source.load(data)
    for _ in execute(run, split):
        pass
    provenance, origin = load_model(run.model).provenance, origin_of(run.folder)
    assert split.test is not None
    mixed = np.concatenate([split.test.images[:7], split.train.images[:5], 255 - digits.images[:3]])
    assert find_exposure(mixed, provenance, origin) == Exposure(15, 12, 3, 5)
    assert find_exposure(mixed, provenance, Origin()).seen is None  # its data cannot be found
    np.savez(data, images=digits.images[1:], labels=digits.require_labels()[1:])
    assert find_exposure(mixed, provenance, origin).seen is None  # the images have changed
    data.unlink()
    assert find_exposure(mixed, provenance, origin).seen is None


def test_the_bundled_model_was_trained_on_mnist() -> None:
    images = np.concatenate([load_mnist("train").images[:60], load_mnist("test").images[:40]])
    provenance = load_model(bundled_models()[DEFAULT_MODEL].path).provenance
    found = find_exposure(images, provenance, origin_of(DEFAULT_MODEL))
    assert (found.mnist_train, found.mnist_test) == (60, 40)
    assert found.seen is not None
    assert 45 <= found.seen <= 60  # all but those held out for validation


@pytest.mark.usefixtures("small_mnist")
@pytest.mark.parametrize(
    "provenance",
    [{}, {"own_data": False}, {"own_data": False, "recipe": 5}, {"own_data": False, "recipe": {}}],
)
def test_a_model_without_known_training_images(provenance: dict[str, Any]) -> None:
    images = np.zeros((2, 28, 28, 1), np.uint8)
    assert find_exposure(images, provenance, Origin()) == Exposure(2, 0, 0, None)


def test_exposure_warnings() -> None:
    leak, seen = Exposure(28_000, 24_048, 3_952, 21_995).warnings
    assert leak.startswith("28,000 of the 28,000 images are MNIST images (24,048 training")
    assert seen.startswith("this model was trained on 21,995 of the images (79%)")
    assert Exposure(100, 0, 0, 0).warnings == Exposure(100, 0, 0, None).warnings == []
    assert len(Exposure(100, 0, 3, 0).warnings) == 1
    assert "unknown" in Exposure(100, 3, 0, None).warnings[1]


def test_differences_between_two_submissions() -> None:
    first, second = np.array([4, 9, 4, 1, 7]), np.array([9, 9, 9, 1, 2])
    found = Difference(first, second)
    assert found.rows == [(1, 4, 9), (3, 4, 9), (5, 7, 2)]
    assert found.swaps == [(4, 9, 2), (7, 2, 1)]
    assert found.verdict("a", "b") is None
    verdict = Difference(first, second, np.array([9, 9, 9, 1, 7])).verdict("a", "b")
    assert verdict == "not significant: they disagree on 3 images, 1 to 2, p = 1"
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
    assert find_exposure(mixed, provenance, Origin()).seen == 30
