"""Trials: what some dozens of training steps tell of a recipe, before hours are spent on it."""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation import cross_entropy
from tenfold.nn import Adam, Constant, Network, softmax, stream
from tenfold.nn.array import Array
from tenfold.recipes import Recipe
from tenfold.training import DivergenceError, StepRecord, fit

__all__ = ["Memory", "Trial", "one_batch", "short_run"]

_STEPS = 24
_SIZE, _SMALL = 64, 32  # images in a batch; the second for networks with large products
_LARGE = 5_000_000  # multiply-adds for an image

_BATCH = 32  # images to learn by heart
_ROUNDS = 100
_RATE = 0.01


@dataclass(frozen=True)
class Trial:
    """A recipe carried out in 24 steps, its schedule pressed together to as many.

    Attributes:
        rate: the peak of the learning rate.
        losses: the cross-entropy of each step's batch, before its update.
        ratios: |step| / |theta| of each step, Euclidean norms over all parameters.
        lost: why training broke off; empty if it did not.
        network: what became of it.
    """

    rate: float
    losses: Array
    ratios: Array
    lost: str
    network: Network

    @property
    def end(self) -> float:
        """The median loss of the last third of the steps; infinite if training broke off."""
        last = self.losses[-_STEPS // 3 :]
        whole = not self.lost and bool(np.isfinite(last).all())
        return float(np.median(last)) if whole else math.inf


def short_run(recipe: Recipe, train: Dataset, seed: int, factor: float = 1.0) -> Trial:
    """Carry out 24 steps of a recipe, from the beginning to the end of its schedule.

    Args:
        recipe: its optimizer, schedule, loss and distortions are used.
        train: what to learn from.
        seed: of the network.
        factor: the learning rate is multiplied by this.
    """
    network = recipe.network(seed, train.images)
    size = _SIZE if network.multiply_adds < _LARGE else _SMALL
    some = _some(train, _STEPS * size, seed)
    schedule = replace(recipe.schedule, learning_rate=recipe.schedule.learning_rate * factor)
    records = fit(
        network,
        some,
        optimizer=deepcopy(recipe.optimizer),
        schedule=schedule,
        loss=recipe.loss,
        epochs=math.ceil(_STEPS * size / len(some)),
        batch_size=size,
        l2=recipe.l2,
        max_norm=recipe.max_norm,
        augment=recipe.augment,
    )
    losses: list[float] = []
    ratios: list[float] = []
    lost = ""
    try:
        with np.errstate(all="ignore"):
            for loss, ratio in _steps(records, network):
                losses.append(loss)
                ratios.append(ratio)
    except DivergenceError as error:
        lost = str(error)
    return Trial(schedule.learning_rate, np.array(losses), np.array(ratios), lost, network)


def _steps(records: Iterator[object], network: Network) -> Iterator[tuple[float, float]]:
    """Yield the cross-entropy before each update, and how far the update moved theta."""
    before = network.theta.value.copy()
    for record in records:
        if isinstance(record, StepRecord):
            theta = network.theta.value
            size = max(float(np.linalg.norm(before)), float(np.finfo(np.float32).tiny))
            moved = float(np.linalg.norm(theta - before)) / size
            yield cross_entropy(softmax(record.logits), record.labels), moved
            before = theta.copy()


@dataclass(frozen=True)
class Memory:
    """How a network learned one batch by heart.

    Attributes:
        images: how many. ``steps``: how many it took, or was given.
        accuracy: the best that was reached.
        answers: how many different answers it gave in the end.
    """

    images: int
    steps: int
    accuracy: float
    answers: int


def one_batch(network: Network, train: Dataset, seed: int = 0) -> Memory:
    """Train a network on the same 32 images until it knows them, for 100 steps at the most.

    The optimizer is Adam at 0.01, whatever the recipe says: it is asked whether the network can
    learn at all. ``network`` is changed.
    """
    some = _some(train, _BATCH, seed)
    best, steps, answers = 0.0, 0, 0
    records = fit(
        network,
        some,
        optimizer=Adam(),
        schedule=Constant(_RATE),
        epochs=_ROUNDS,
        batch_size=None,
        log_every=_ROUNDS,
    )
    try:
        for record in records:
            if isinstance(record, StepRecord):
                answer = record.logits.argmax(axis=1)
                steps, answers = steps + 1, len(np.unique(answer))
                best = max(best, float((answer == record.labels).mean()))
                if best == 1:
                    break
    except DivergenceError:  # it answers the same to all images: told by ``answers``
        pass
    return Memory(len(some), steps, best, answers)


def _some(data: Dataset, count: int, seed: int) -> Dataset:
    """Return ``count`` of the images, or all if they are fewer, in mixed order."""
    order = stream(seed, "doctor").permutation(len(data))
    return data.subset(order[:count])
