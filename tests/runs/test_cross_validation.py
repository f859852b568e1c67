"""Predictions for all images by networks that were not trained on them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, folds, load_mnist
from tenfold.errors import TenfoldError
from tenfold.inspection import LabelErrors
from tenfold.models import load_model, predict_probabilities
from tenfold.nn import Adam, ExponentialAverage, stream
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, ConvNet, Recipe
from tenfold.runs import OutOfFold, all_labelled, begin_or_resume, load_fold, scaled_to
from tenfold.training import Selective, fit
from tests.runs.execution import finish


def out_of_fold(dataset: Dataset, recipe: Recipe, count: int = 5, **options: int) -> Array:
    predictions = OutOfFold(dataset, recipe, count, **options)
    for _ in predictions:
        pass
    return predictions.probabilities


@pytest.fixture(scope="module")
def planted() -> tuple[Dataset, Array, Array]:
    """Return 2,000 images, 40 of them with a wrong label; the indices and true labels of these."""
    data = load_mnist("train").subset(slice(2000))
    rng = stream(0, "planted errors")
    wrong = rng.permutation(2000)[:40]
    labels: Array = data.require_labels().copy()
    right = labels[wrong]
    labels[wrong] = (right + rng.integers(1, 10, 40)) % 10
    return Dataset(data.images, labels), wrong, right


def test_planted_label_errors_are_found(planted: tuple[Dataset, Array, Array]) -> None:
    data, wrong, right = planted
    small = ConvNet("6c5-P-12c3-P", batch_norm=True)
    recipe = replace(RECIPES["quick"], architecture=small, shards=1, epochs=4, batch_size=64)
    found = LabelErrors(data.require_labels(), out_of_fold(data, recipe, 3))
    # At least 85% are among the first 4% (4% by chance), 80% get their true label suggested,
    # and most of the suspects are really errors.
    assert np.isin(wrong, found.ranked(80)).mean() >= 0.85
    assert (found.suggested[wrong] == right).mean() >= 0.8
    assert found.likely[wrong].mean() >= 0.5
    assert np.isin(found.suspects, wrong).mean() >= 0.6


def test_each_image_is_predicted_by_a_network_not_trained_on_it(
    digits: Dataset, tiny: Recipe
) -> None:
    recipe = replace(tiny, selective=Selective(easy=0.2), whitened=True)
    probabilities = out_of_fold(digits, recipe, 3, seed=5)
    assert not recipe.selective.state  # type: ignore[union-attr]
    fold = folds(digits, 3, seed=5)
    for index in range(3):
        train = digits.subset(fold != index)
        network = recipe.network(5 + index, train.images)
        average = ExponentialAverage(tiny.average or 0)
        training = fit(
            network,
            train,
            optimizer=Adam(),
            schedule=tiny.schedule,
            loss=tiny.loss,
            epochs=tiny.epochs,
            batch_size=64,
            average=average,
            selective=Selective(easy=0.2),
        )
        for _ in training:
            pass
        expected = predict_probabilities(network, digits.images[fold == index])
        assert (probabilities[fold == index] == expected).all()


def test_seed_decides_the_result_and_the_recipe_is_not_changed(
    digits: Dataset, tiny: Recipe
) -> None:
    few = digits.subset(slice(200))
    recipe = replace(tiny, epochs=1, test_time_shift=1)
    predictions = OutOfFold(few, recipe, 2, threads=2)
    assert not predictions.probabilities.any()
    seen = [fold for fold, _ in predictions]
    one = predictions.probabilities
    assert seen == [0, 0, 0, 1, 1, 1]  # two steps and one epoch each
    assert not recipe.optimizer.state
    assert (one == out_of_fold(few, recipe, 2, threads=1)).all()
    assert (one != out_of_fold(few, recipe, 2, seed=1)).any()
    assert (one != out_of_fold(few, replace(recipe, test_time_shift=0), 2)).any()


def test_few_images_get_more_epochs_and_smaller_batches() -> None:
    quick = RECIPES["quick"]
    assert scaled_to(quick, 60_000) == quick
    for images, epochs, size in ((2000, 10, 125), (600, 20, 37), (10, 20, 32), (0, 20, 32)):
        scaled = scaled_to(quick, images)
        assert (scaled.epochs, scaled.batch_size, scaled.log_every) == (epochs, size, epochs)
    assert scaled_to(RECIPES["classic-gd"], 100).batch_size is None


def test_invalid_folds_or_missing_labels_raise(digits: Dataset, tiny: Recipe) -> None:
    with pytest.raises(TenfoldError, match="must be from 2 to 4, the number of images, got 5"):
        out_of_fold(digits.subset(slice(4)), tiny, 5)
    with pytest.raises(TenfoldError, match="has no labels"):
        out_of_fold(Dataset(digits.images), tiny, 5)


def test_batches_that_are_too_small_raise_before_the_first_fold(digits: Dataset) -> None:
    recipe = replace(RECIPES["mlp"], batch_size=1)
    with pytest.raises(TenfoldError, match="set batch_size to at least 2"):
        OutOfFold(digits, recipe)
    few = Dataset(digits.images[:20], np.arange(20) % 10)
    with pytest.raises(TenfoldError, match="set shards to 1, as there are 10 training images"):
        OutOfFold(few, replace(RECIPES["quick"], shards=8), count=2)


def test_networks_in_run_folders_give_the_same_predictions(
    digits: Dataset, tiny: Recipe, tmp_path: Path
) -> None:
    expected = out_of_fold(digits, tiny, 3, seed=2)
    predictions = OutOfFold(digits, tiny, 3, 2)
    for index in range(3):
        run = begin_or_resume(predictions.run(index, tmp_path))
        finish(run, predictions.split(index))
        predictions.take(index, load_model(run.model))
    assert predictions.probabilities.tobytes() == expected.tobytes()


def test_a_worker_reads_the_images_of_a_fold_anew(tmp_path: Path, tiny: Recipe) -> None:
    data = load_mnist("train").subset(slice(90))
    np.savez(tmp_path / "d.npz", images=data.images[..., 0], labels=data.require_labels())
    everything, parts = all_labelled(tmp_path / "d.npz")
    assert (len(everything), set(parts)) == (90, {"train"})
    expected = OutOfFold(everything, tiny, 3, 1).split(2).train
    found = load_fold(str(tmp_path / "d.npz"), tiny, 3, 1, 2).train
    assert found.fingerprint == expected.fingerprint


def test_the_fingerprint_changes_with_what_decides_the_predictions(
    digits: Dataset, tiny: Recipe
) -> None:
    others = [
        OutOfFold(digits, tiny, 3),
        OutOfFold(digits, tiny, 4),
        OutOfFold(digits, tiny, 3, 1),
        OutOfFold(digits.subset(slice(500)), tiny, 3),
        OutOfFold(digits, replace(tiny, epochs=4), 3),
    ]
    assert len({each.fingerprint for each in others}) == 5
    assert OutOfFold(digits, tiny, 3, threads=2).fingerprint == others[0].fingerprint
