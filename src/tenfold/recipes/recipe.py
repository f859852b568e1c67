"""Recipes: complete, named experiments that can be written as JSON and read again."""

from copy import deepcopy
from dataclasses import dataclass, field, fields
from inspect import signature
from typing import Annotated, Any, Literal

import numpy as np

from tenfold.images import Augment
from tenfold.models.views import MAX_SHIFT
from tenfold.nn import (
    Describable,
    ExponentialAverage,
    Loss,
    Network,
    Optimizer,
    Schedule,
    SoftmaxCrossEntropy,
)
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import (
    Choice,
    Count,
    FractionBelowOne,
    NonNegative,
    Positive,
    Size,
    Whole,
    invalid,
)
from tenfold.recipes.architectures import Architecture
from tenfold.recipes.change import Change
from tenfold.recipes.observers import OBSERVERS
from tenfold.recipes.sources import Source
from tenfold.training import Selective, fit, whiten
from tenfold.training.order import Shuffle
from tenfold.training.whitening import images_to_whiten

__all__ = ["Recipe"]

_Epochs = Annotated[int, Whole(1, 1_000_000_000)]
_Shards = Annotated[int, Whole(1, 64)]  # each shard has its own buffers
_Shift = Annotated[int, Whole(0, MAX_SHIFT)]
_Observer = Annotated[str, Choice(*OBSERVERS)]


@dataclass(frozen=True)
class Recipe(Describable):
    """Everything that decides a run, except the random seed.

    Args:
        name: Name on the command line.
        summary: One line for the list of recipes.
        architecture: The network.
        optimizer: Computes steps from gradients.
        schedule: The learning rate of each step.
        loss: The loss to minimise.
        source: The images, and how they are split.
        epochs: Number of passes over the training images. With ``selective``, an epoch is not a
            pass, but it has the same number of images.
        whitened: Whether to initialise the first layer with principal components of the images.
        batch_size: Number of images per step; None for all of them.
        shards: Number of shards that each batch is cut into; several threads compute them at the
            same time. The number affects the result, because batch normalisation sees only the
            images of one shard.
        precision: ``"float32"`` or ``"float64"``.
        l2: Weight of the penalty l2/2 * |w|^2 on the weights.
        max_norm: Largest Euclidean norm of the gradient; None for no clipping.
        average: Decay of the exponential average of the weights; None for no averaging.
        augment: Random distortion of the training images, different at every step; None for no
            distortion.
        clean_epochs: Number of epochs at the end with undistorted images.
        selective: Options for training less often on easy images; it needs at least two epochs and
            ``SoftmaxCrossEntropy``. None to use each image once per epoch.
        shuffle: ``"exact"`` for a new random order of all images in each epoch. ``"blocks"`` to put
            blocks of 1,024 consecutive images in a random order, and then to shuffle the images of
            every 64 blocks, so that data larger than memory is read faster.
        test_time_shift: Test-time augmentation: predictions are means over the image and its copies
            shifted by this many pixels up, down, left and right; 0 for the image alone.
        patience: Number of logged epochs without improvement on validation after which training
            stops and the best weights are kept; None to train to the end and keep the final
            weights.
        log_every: A record is written for epochs 1, 1 + log_every, 1 + 2 * log_every, ... and the
            last.
        observe: Names of additional numbers in the records (``OBSERVERS``).
        changes: Settings that change at given steps of the training.
        credit: The author of the experiment.

    Raises:
        ValueError: If a value is out of its range.
    """

    name: str
    summary: str = field(compare=False)
    architecture: Architecture
    optimizer: Optimizer
    schedule: Schedule
    loss: Loss = SoftmaxCrossEntropy()  # noqa: RUF009 - frozen
    source: Source = Source()  # noqa: RUF009 - frozen
    epochs: _Epochs = 10
    whitened: bool = False
    batch_size: Size | None = 128
    shards: _Shards = 1
    precision: Literal["float32", "float64"] = "float32"
    l2: NonNegative = 0.0
    max_norm: Positive | None = None
    average: FractionBelowOne | None = None
    augment: Augment | None = None
    clean_epochs: Count = 0
    selective: Selective | None = None
    shuffle: Shuffle = "exact"
    test_time_shift: _Shift = 0
    patience: Size | None = None
    log_every: Size = 1
    observe: tuple[_Observer, ...] = ()
    changes: tuple[Change, ...] = ()
    credit: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_fields(self)
        if self.clean_epochs > self.epochs:
            limit = f"at most the number of epochs, {self.epochs}"
            raise invalid("clean_epochs", limit, self.clean_epochs)
        can_select = self.epochs > 1 and isinstance(self.loss, SoftmaxCrossEntropy)
        if self.selective is not None and not can_select:
            raise ValueError(
                "selective training needs at least 2 epochs and SoftmaxCrossEntropy, got "
                f"{self.epochs} epoch{'s' * (self.epochs > 1)} and {type(self.loss).__name__}"
            )

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the network's outputs: the classes of the source, or else numbers from 0.

        They are numbers if the network does not have one output for each class of the source.
        """
        names = self.source.class_names
        classes = getattr(self.architecture, "classes", None) or self.network(0).shapes[-1][-1]
        return names if len(names) == classes else tuple(map(str, range(classes)))

    def network(self, seed: int, images: Array | None = None) -> Network:
        """Return the network with its initial weights.

        Args:
            seed: Random seed of the weights.
            images: Raw training images, for ``whitened``; without them the first layer keeps its
                random weights.

        Raises:
            ValueError: If the layers do not fit together, or the first layer cannot be whitened.
        """
        network = Network(self.architecture.layers(), seed=seed, dtype=np.dtype(self.precision))
        if self.whitened and images is not None:
            whiten(network, images_to_whiten(network, images))
        return network

    @checked
    def fit_arguments(self, images: Size | None = None) -> dict[str, Any]:
        """Return the arguments of ``fit`` that the recipe decides, by name.

        These are the fields that have the same name as an argument of ``fit``. So a new training
        option is declared only in ``fit`` and in this class. Objects with state are copied, so that
        each run has new ones.

        Args:
            images: Number of training images. A larger ``batch_size`` becomes this number, which
                gives the same batches without the warning of ``fit``. If ``images`` is None,
                ``batch_size`` is not changed.
        """
        names = signature(fit).parameters.keys() & {each.name for each in fields(self)}
        arguments = {name: deepcopy(getattr(self, name)) for name in sorted(names)}
        if self.average is not None:
            arguments["average"] = ExponentialAverage(self.average)
        if images is not None and self.batch_size is not None:
            arguments["batch_size"] = min(self.batch_size, images)
        return arguments
