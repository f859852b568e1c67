"""Cross-validation: a prediction for every image of a data set by a network that never saw it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.data import Dataset, folds
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.recipes import Recipe
from tenfold.training import Record, check_labels, fit

__all__ = ["OutOfFold", "scaled_to"]

_USUAL = 20_000  # images for which the epochs of a recipe are enough
_LONGEST = 20  # largest factor for the epochs of a small data set
_STEPS, _SMALLEST = 16, 32  # at least 16 batches per epoch, but none smaller than 32


def scaled_to(recipe: Recipe, images: int) -> Recipe:
    """Return the recipe with more epochs, up to 20 times, and smaller batches for few images.

    Recipes are made for MNIST. On 2,000 images the one epoch of ``quick`` would be eight steps,
    after which the network has learned next to nothing.
    """
    times = min(_LONGEST, max(1, round(_USUAL / max(images, 1))))
    size = recipe.batch_size
    return replace(
        recipe,
        epochs=recipe.epochs * times,
        log_every=recipe.log_every * times,
        batch_size=None if size is None else min(size, max(_SMALLEST, images // _STEPS)),
    )


@dataclass
class OutOfFold:
    """Predictions for all images, each by a network that was trained without it.

    The images are divided into folds. For each fold, a network is trained on all others and
    predicts the images of the fold. Iterating trains the networks and yields (fold from 0, record);
    then ``probabilities`` is complete. The same arguments give the same bits, with any number of
    threads. The recipe's source and patience are not used: nothing is held out to choose on.

    Args:
        dataset: Labelled images.
        recipe: How each network is trained; ``scaled_to`` adapts one to few images.
        count: Number of folds, and of networks.
        seed: Random seed of the folds and of the first network; the next ones have seed + 1, ...
        threads: As for ``fit``.

    Attributes:
        probabilities: Shape (N, classes); the rows of folds that are not trained yet are 0.

    Raises:
        TenfoldError: If there are too few images for the folds, or labels that the network cannot
            predict.
        DivergenceError: While iterating, if a training diverges.

    Example:
        >>> predictions = OutOfFold(dataset, recipe)
        >>> for fold, record in predictions:
        ...     pass
        >>> predictions.probabilities.shape
        (60000, 10)
    """

    dataset: Dataset
    recipe: Recipe
    count: int = 5
    seed: int = 0
    threads: int | None = None
    probabilities: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        network = self.recipe.network(0)
        classes = network.shapes[-1][-1]
        check_labels(self.dataset.require_labels(), classes)
        self._fold = folds(self.dataset, self.count, self.seed)
        self.probabilities = np.zeros((len(self.dataset), classes), network.dtype)

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        """Train the network of each fold in turn."""
        for index in range(self.count):
            train = self.dataset.subset(self._fold != index)
            network = self.recipe.network((self.seed + index) % 2**64, train.images)
            arguments = self.recipe.fit_arguments()
            for record in fit(network, train, threads=self.threads, **arguments):
                yield index, record
            model = Model(network, test_time_shift=self.recipe.test_time_shift)
            mine = self._fold == index
            images = self.dataset.images[mine]
            self.probabilities[mine] = model.predict_probabilities(images, self.threads)
