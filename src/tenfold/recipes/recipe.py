"""A recipe: a complete, named experiment, as plain data that can be written down and read back."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, fields
from inspect import signature
from math import inf
from typing import Any

import numpy as np

from tenfold.evaluation import probability_errors
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
    softmax,
)
from tenfold.nn.array import Array
from tenfold.recipes.architectures import Architecture, check_rules
from tenfold.recipes.sources import Source
from tenfold.training import Selective, StepRecord, fit, whiten

__all__ = ["OBSERVERS", "Recipe"]

_MOST = 1_000_000_000  # epochs
_MOST_SHARDS = 64  # each has buffers of its own


@dataclass(frozen=True)
class Recipe(Describable):
    """Everything that decides a run, but for the seed.

    Args:
        name: what it is called on the command line.
        summary: one line for the list of recipes.
        architecture: the network.
        optimizer: how it learns. ``schedule``: at which rate.
        loss: what it makes small.
        source: which images, and how they are divided.
        epochs: passes over the training images; with ``selective``, as many images.
        whitened: whether the first layer begins with principal components of the images.
        batch_size: images per step; None for all of them.
        shards: into how many parts each batch is cut, for as many threads; batch normalisation
            sees the images of its shard alone, so this is part of the experiment.
        precision: ``"float32"`` or ``"float64"``.
        l2: weight of the penalty l2/2 * |w|^2 on the weights.
        max_norm: largest Euclidean norm of the gradient; None for no clipping.
        average: decay of the exponential average of the weights; None for no averaging.
        augment: distort the training images, anew at every step; None to take them as they are.
        clean_epochs: so many epochs at the end take them as they are.
        selective: meet the images that have become easy less often, which takes more than one
            epoch and a softmax; None for each of them once in every epoch.
        test_time_shift: test-time augmentation: the trained network answers with the mean over
            the image and its views that are moved by this many pixels up, down, left and right;
            0 for the image alone.
        patience: stop when validation has not improved for so many logged epochs, and keep the
            best weights; None to train to the end and keep the last.
        log_every: epochs between records.
        observe: names of further numbers for the records (``OBSERVERS``).
        credit: whose experiment it is.

    Raises:
        ValueError: if a number is out of its range.
    """

    name: str
    summary: str
    architecture: Architecture
    optimizer: Optimizer
    schedule: Schedule
    loss: Loss = SoftmaxCrossEntropy()  # noqa: RUF009 - frozen
    source: Source = Source()  # noqa: RUF009 - frozen
    epochs: int = 10
    whitened: bool = False
    batch_size: int | None = 128
    shards: int = 1
    precision: str = "float32"
    l2: float = 0.0
    max_norm: float | None = None
    average: float | None = None
    augment: Augment | None = None
    clean_epochs: int = 0
    selective: Selective | None = None
    test_time_shift: int = 0
    patience: int | None = None
    log_every: int = 1
    observe: tuple[str, ...] = ()
    credit: str = ""

    def __post_init__(self) -> None:
        size, norm = self.batch_size, self.max_norm
        average, patience = self.average, self.patience
        observers = f"made of these: {', '.join(OBSERVERS)}"
        rules = {
            "epochs": (1 <= self.epochs <= _MOST, f"from 1 to {_MOST:,}"),
            "batch_size": (size is None or size >= 1, "at least 1, or full"),
            "shards": (1 <= self.shards <= _MOST_SHARDS, f"from 1 to {_MOST_SHARDS}"),
            "precision": (self.precision in ("float32", "float64"), "float32 or float64"),
            "l2": (0 <= self.l2 < inf, "at least 0, and finite"),
            "max_norm": (norm is None or 0 < norm < inf, "above 0 and finite, or none"),
            "average": (average is None or 0 <= average < 1, "from 0 to below 1, or none"),
            "clean_epochs": (0 <= self.clean_epochs <= self.epochs, "from 0 to all epochs"),
            "test_time_shift": (0 <= self.test_time_shift <= MAX_SHIFT, f"from 0 to {MAX_SHIFT}"),
            "patience": (patience is None or patience >= 1, "at least 1, or none"),
            "log_every": (self.log_every >= 1, "at least 1"),
            "observe": (set(self.observe) <= set(OBSERVERS), observers),
        }
        check_rules(self, rules)
        tells = self.epochs > 1 and isinstance(self.loss, SoftmaxCrossEntropy)
        if self.selective is not None and not tells:
            raise ValueError(
                "selective needs at least two epochs, since in one no image comes again, and "
                f"SoftmaxCrossEntropy, whose probabilities say what is easy; not {self.epochs} "
                f"epoch{'s' * (self.epochs > 1)} and {type(self.loss).__name__}"
            )

    def network(self, seed: int, images: Array | None = None) -> Network:
        """Return the network with its initial weights.

        Args:
            seed: of the weights.
            images: to train on, raw; without them a first layer cannot begin ``whitened``.

        Raises:
            ValueError: if the architecture's numbers do not fit together, or the first layer with
                parameters cannot begin whitened.
        """
        network = Network(self.architecture.layers(), seed=seed, dtype=np.dtype(self.precision))
        if self.whitened and images is not None:
            whiten(network, images)
        return network

    def fit_arguments(self) -> dict[str, Any]:
        """Return the arguments of ``fit`` that the recipe decides, by name.

        Every field that has the name of an argument of ``fit`` is one of them, so a new training
        option is declared there and here alone. Things with state are copies for one run.
        """
        names = signature(fit).parameters.keys() & {field.name for field in fields(self)}
        arguments = {name: deepcopy(getattr(self, name)) for name in sorted(names)}
        if self.average is not None:
            arguments["average"] = ExponentialAverage(self.average)
        return arguments


def _probability_errors(step: StepRecord) -> dict[str, float]:
    return probability_errors(softmax(step.logits), step.labels)


def _last_batch_accuracy(step: StepRecord) -> dict[str, float]:
    return {"last_batch_accuracy": float(np.mean(step.logits.argmax(axis=1) == step.labels))}


OBSERVERS: dict[str, Callable[[StepRecord], dict[str, float]]] = {
    "last_batch_accuracy": _last_batch_accuracy,
    "probability_errors": _probability_errors,
}
"""Further numbers for the records: each looks at the last step of an epoch."""
