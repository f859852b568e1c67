"""Out of fold: an answer to every image of a data set by a network that never saw it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np

from tenfold.data import Dataset, folds
from tenfold.models import Model
from tenfold.nn import ExponentialAverage, Network
from tenfold.nn.array import Array
from tenfold.recipes.recipe import Recipe
from tenfold.training import Record, check_labels, fit

__all__ = ["out_of_fold", "scaled_to"]

_USUAL = 20_000  # images on which the epochs of a recipe are enough
_LONGEST = 20  # times as many epochs, for a small collection
_STEPS, _SMALLEST = 16, 32  # at least so many batches an epoch, but none smaller than that

# What ``fit`` takes from a recipe as it stands there.
_SETTINGS = (
    *("schedule", "loss", "epochs", "batch_size", "l2", "max_norm"),
    *("augment", "clean_epochs", "log_every", "shards"),
)


def scaled_to(recipe: Recipe, images: int) -> Recipe:
    """Return the recipe with more epochs, up to 20 times, and smaller batches if images are few.

    Recipes are made for MNIST. In its epoch over 2,000 images ``quick`` would make eight steps,
    after which it knows next to nothing.
    """
    times = min(_LONGEST, max(1, round(_USUAL / max(images, 1))))
    size = recipe.batch_size
    return replace(
        recipe,
        epochs=recipe.epochs * times,
        log_every=recipe.log_every * times,
        batch_size=None if size is None else min(size, max(_SMALLEST, images // _STEPS)),
    )


def out_of_fold(
    dataset: Dataset,
    recipe: Recipe,
    count: int = 5,
    seed: int = 0,
    *,
    show: Callable[[int, Record], None] = lambda fold, record: None,
    threads: int | None = None,
) -> Array:
    """Return the probabilities (N, classes) of networks that were trained without the image.

    The images are dealt into folds; for each, a network is trained on all others and answers on
    it. The same arguments give the same bits, with any number of threads. The recipe's source and
    patience play no part: nothing is held out to choose on.

    Args:
        dataset: labelled images.
        recipe: how each network is trained; ``scaled_to`` makes one for few images.
        count: how many folds, and so how many networks.
        seed: of the folds, and of each network in its turn: seed, seed + 1, ...
        show: told (which fold from 0, record) of each training.
        threads: as of ``fit``.

    Raises:
        TenfoldError: if there are too few images for so many folds, or labels that the network
            does not know.
        DivergenceError: if a training cannot go on.
    """
    check_labels(dataset.require_labels(), recipe.network(0).shapes[-1][-1])
    fold = folds(dataset, count, seed)
    answers = []
    for index in range(count):
        train = dataset.subset(fold != index)
        network = recipe.network((seed + index) % 2**64, train.images)
        for record in _training(network, recipe, train, threads):
            show(index, record)
        model = Model(network, test_time_shift=recipe.test_time_shift)
        answers.append(model.predict_probabilities(dataset.images[fold == index], threads))
    probabilities = np.empty((len(dataset), answers[0].shape[1]), answers[0].dtype)
    for index, answer in enumerate(answers):
        probabilities[fold == index] = answer
    return probabilities


def _training(
    network: Network, recipe: Recipe, train: Dataset, threads: int | None
) -> Iterator[Record]:
    return fit(
        network,
        train,
        optimizer=deepcopy(recipe.optimizer),
        average=None if recipe.average is None else ExponentialAverage(recipe.average),
        selective=deepcopy(recipe.selective),
        threads=threads,
        **{name: getattr(recipe, name) for name in _SETTINGS},
    )
