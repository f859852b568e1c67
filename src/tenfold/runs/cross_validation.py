"""Cross-validation: predictions for all images by networks that were not trained on them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import numpy as np

from tenfold.data import Dataset, folds, load_mnist
from tenfold.models import Model
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Count, Whole
from tenfold.nn.random_streams import Seed
from tenfold.recipes import Recipe, Split, load_labelled_parts
from tenfold.recipes.settings import changed_settings
from tenfold.runs.run import Run
from tenfold.training import Record, check_batches, check_labels, fit
from tenfold.training.loop import Threads

__all__ = ["OutOfFold", "all_labelled", "load_fold", "scaled_to"]

_Folds = Annotated[int, Whole(2)]

_ENOUGH_IMAGES = 20_000  # from this number of images on, the recipe keeps its number of epochs
_MAX_FACTOR = 20  # largest factor of the number of epochs
_MIN_BATCHES = 16  # least number of batches of an epoch
_MIN_BATCH_SIZE = 32


@checked
def scaled_to(recipe: Recipe, images: Count) -> Recipe:
    """Return a recipe for few images: with up to 20 times as many epochs, and smaller batches.

    Recipes are made for MNIST. With 2,000 images, the one epoch of ``quick`` would be eight steps,
    which are far too few.

    Args:
        recipe: The recipe.
        images: Number of training images.
    """
    factor = min(_MAX_FACTOR, max(1, round(_ENOUGH_IMAGES / max(images, 1))))
    size = recipe.batch_size
    return replace(
        recipe,
        epochs=recipe.epochs * factor,
        log_every=recipe.log_every * factor,
        batch_size=None
        if size is None
        else min(size, max(_MIN_BATCH_SIZE, images // _MIN_BATCHES)),
    )


@dataclass
class OutOfFold:
    """Predictions for all images, each by a network that was trained without it.

    The images are divided into folds. For each fold, a network is trained on all other folds and
    predicts the images of this fold. Iterating trains the networks and yields (fold, record), with
    folds from 0; when the iteration ends, ``probabilities`` is complete. The result does not depend
    on the number of threads. The source and the patience of the recipe are not used, because there
    are no validation images.

    Args:
        dataset: Labelled images.
        recipe: The recipe of each network; ``scaled_to`` adapts a recipe to few images.
        count: Number of folds and of networks, at least 2.
        seed: Random seed of the folds and of the first network; the next networks use seed + 1, ...
        threads: Number of threads, as for ``fit``.

    Attributes:
        probabilities: Shape (N, classes); the rows of folds that are not trained yet are 0.

    Raises:
        TenfoldError: If there are too few images for the folds or for batch normalisation, or
            labels that the network cannot predict.
        DivergenceError: While iterating, if a training run diverges.

    Example:
        >>> predictions = OutOfFold(dataset, recipe)
        >>> for fold, record in predictions:
        ...     pass
        >>> predictions.probabilities.shape
        (60000, 10)
    """

    dataset: Dataset
    recipe: Recipe
    count: _Folds = 5
    seed: Seed = 0
    threads: Threads | None = None
    probabilities: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_fields(self)
        network = self.recipe.network(0)
        classes = network.shapes[-1][-1]
        check_labels(self.dataset.require_labels(), classes)
        self._fold = folds(self.dataset, self.count, self.seed)
        fewest = len(self.dataset) - int(np.bincount(self._fold).max())
        check_batches(network, fewest, self.recipe.batch_size, self.recipe.shards)
        self.probabilities = np.zeros((len(self.dataset), classes), network.dtype)

    @property
    def fingerprint(self) -> str:
        """A hash of everything on which the predictions depend."""
        inputs = [self.dataset.fingerprint, changed_settings(self.recipe), self.count, self.seed]
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def split(self, index: int) -> Split:
        """Return the images of all other folds, on which the network of a fold is trained."""
        return Split(self.dataset.subset(self._fold != index), None, None)

    def run(self, index: int, folder: PathLike, data: str | None = None) -> Run:
        """Return the run that trains the network of a fold, with its folder inside ``folder``.

        Args:
            index: The fold, from 0.
            folder: Folder of all folds.
            data: Path of the images; None for the bundled ones.
        """
        recipe = replace(self.recipe, patience=None)
        return Run(recipe, self._seed_of(index), Path(folder) / f"fold-{index}", data)

    def take(self, index: int, model: Model) -> None:
        """Store the predictions that the network of a fold makes for the images of this fold."""
        held_out = self._fold == index
        images = self.dataset.images[held_out]
        self.probabilities[held_out] = model.predict_probabilities(images, self.threads)

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        """Train the network of each fold in turn."""
        for index in range(self.count):
            train = self.split(index).train
            network = self.recipe.network(self._seed_of(index), train.images)
            arguments = self.recipe.fit_arguments(len(train))
            for record in fit(network, train, threads=self.threads, **arguments):
                yield index, record
            self.take(index, Model(network, test_time_shift=self.recipe.test_time_shift))

    def _seed_of(self, index: int) -> int:
        return (self.seed + index) % 2**64


@checked
def all_labelled(path: PathLike | None) -> tuple[Dataset, Array]:
    """Return all labelled images, and the split of each image, ``"train"`` or ``"test"``.

    Args:
        path: File or folder; None for MNIST.

    Raises:
        TenfoldError: If there are no labelled images.
    """
    parts = (load_mnist("train"), load_mnist("test")) if path is None else load_labelled_parts(path)
    train, test = parts
    splits = {"train": train} | ({} if test is None else {"test": test})
    names = np.repeat(list(splits), [len(split) for split in splits.values()])
    images = np.concatenate([split.images for split in splits.values()])
    labels = np.concatenate([split.require_labels() for split in splits.values()])
    return Dataset(images, labels, "MNIST" if path is None else train.name), names


@checked
def load_fold(path: str | None, recipe: Recipe, count: int, seed: int, index: int) -> Split:
    """Return the images on which the network of a fold is trained; every file is read again.

    Args:
        path: As for ``all_labelled``.
        recipe: As for ``OutOfFold``.
        count: As for ``OutOfFold``.
        seed: As for ``OutOfFold``.
        index: The fold, from 0.
    """
    return OutOfFold(all_labelled(path)[0], recipe, count, seed).split(index)
