"""Runs that are no better than a guess, and the likely cause."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.files import write_json
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, chance_cause, create_run, execute
from tests.runs.made_up import part


def train(digits: Dataset, folder: Path, *settings: str) -> Run:
    data = folder / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    recipe = apply_settings(RECIPES["mlp"], ["hidden=16", "epochs=3", *settings])
    run = create_run(Run(recipe, 0, folder / "run", str(data)))
    for _ in execute(run, recipe.source.load(data), watch=False):
        pass
    return run


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        (["learning_rate=1e9"], "the learning rate (1e+09) is too high"),
        (["learning_rate=1e4"], "the learning rate (10000) is too high"),
        (["learning_rate=1e9", "test_share=0", "validation=0"], "the learning rate (1e+09) is"),
        (["test_share=0.99"], "too few training images (5 images)"),
        (["learning_rate=1e-9"], "the learning rate (1e-09) or the number of epochs is too low"),
        ([], None),
    ],
)
def test_cause(digits: Dataset, tmp_path: Path, settings: list[str], cause: str | None) -> None:
    found = chance_cause(train(digits, tmp_path, *settings))
    assert found is None if cause is None else str(found).startswith(cause)


def test_labels_that_belong_to_other_images(digits: Dataset, tmp_path: Path) -> None:
    shuffled = np.random.default_rng(0).permutation(digits.require_labels())
    found = chance_cause(train(Dataset(digits.images, shuffled), tmp_path, "epochs=30"))
    assert (
        found == "the held-out images have wrong labels, or differ in kind from the training images"
    )


def test_a_guess_is_the_most_common_digit(digits: Dataset, tmp_path: Path) -> None:
    labels = np.zeros(200, np.int64)
    labels[::10] = 1
    run = train(Dataset(digits.images[:200], labels), tmp_path, "epochs=20")
    test = run.results().test
    assert test is not None
    assert test.accuracy > 0.5
    assert str(chance_cause(run)).endswith(
        "% of the images have the same label, so others are hardly learned"
    )


def test_a_perfect_result_on_few_images_is_no_guess(digits: Dataset, tmp_path: Path) -> None:
    run = train(digits, tmp_path, "epochs=10")
    predictions = run.folder / "predictions.npz"
    labels, confidence = np.array([3, 3, 4]), np.full(3, 0.9)
    np.savez(predictions, test_labels=labels, test_predicted=labels, test_confidence=confidence)
    metrics = run.metrics() | {"test": part(3, 3)}
    write_json(run.folder / "metrics.json", metrics)
    assert chance_cause(run) is None


def test_one_digit_for_all_images_may_mean_a_rate_that_is_too_low(
    digits: Dataset, tmp_path: Path
) -> None:
    run = train(digits, tmp_path)
    labels, predicted = np.arange(100) % 10, np.zeros(100, np.int64)
    np.savez(
        run.folder / "predictions.npz",
        test_labels=labels,
        test_predicted=predicted,
        test_confidence=np.full(100, 0.1),
    )
    write_json(run.folder / "metrics.json", run.metrics() | {"test": part(10, 100)})
    assert str(chance_cause(run)).startswith("the learning rate (0.01) is too high or too low: ")
