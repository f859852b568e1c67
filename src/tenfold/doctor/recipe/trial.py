"""Trials: a few training steps of a recipe, before hours are spent on it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation import cross_entropy
from tenfold.nn import Network, softmax, stream
from tenfold.nn.array import Array
from tenfold.recipes import Recipe
from tenfold.training import DivergenceError, Record, StepRecord, fit

__all__ = ["Trial", "mixed_sample", "run_trial"]

_STEPS = 24
_SIZE, _SMALL = 64, 32  # batch sizes; the second for networks that are expensive to train
_EXPENSIVE = 5_000_000  # multiply-adds per image
# Options that matter only in longer training, or with larger batches.
_LEFT_OUT = {"average": None, "clean_epochs": 0, "selective": None, "shards": 1}


@dataclass(frozen=True)
class Trial:
    """The result of a short training of a recipe (``run_trial``).

    Attributes:
        rate: Highest learning rate of the schedule.
        losses: Cross-entropy of each batch before its update, (steps,).
        ratios: |update| / |theta| of each step, Euclidean norms over all parameters, (steps,).
        broke_off: Why training broke off; empty if it did not.
        network: The network after the last step.
    """

    rate: float
    losses: Array
    ratios: Array
    broke_off: str
    network: Network

    @property
    def final_loss(self) -> float:
        """The median loss of the last eight steps; infinite if training broke off."""
        last = self.losses[-_STEPS // 3 :]
        finite = not self.broke_off and bool(np.isfinite(last).all())
        return float(np.median(last)) if finite else math.inf


def run_trial(recipe: Recipe, train: Dataset, seed: int, factor: float = 1.0) -> Trial:
    """Train a fresh network of the recipe for at least 24 steps, in whole epochs of a sample.

    The schedule is compressed to these steps.

    Args:
        recipe: All its options are used except average, selective, clean_epochs and shards.
        train: Labelled images.
        seed: Random seed of the network.
        factor: The learning rate is multiplied by this, default 1.
    """
    network = recipe.network(seed, train.images)
    size = _batch_size(network)
    sample = mixed_sample(train, _STEPS * size, seed)
    schedule = replace(recipe.schedule, learning_rate=recipe.schedule.learning_rate * factor)
    changes = {
        "schedule": schedule,
        "epochs": math.ceil(_STEPS * size / len(sample)),
        "batch_size": size,
        "log_every": 1,
    }
    records = fit(network, sample, **(recipe.fit_arguments() | changes | _LEFT_OUT))
    losses: list[float] = []
    ratios: list[float] = []
    broke_off = ""
    try:
        with np.errstate(all="ignore"):
            for loss, ratio in _steps(records, network):
                losses.append(loss)
                ratios.append(ratio)
    except DivergenceError as error:
        broke_off = str(error)
    return Trial(schedule.learning_rate, np.array(losses), np.array(ratios), broke_off, network)


def _batch_size(network: Network) -> int:
    return _SIZE if network.multiply_adds < _EXPENSIVE else _SMALL


def _steps(records: Iterator[Record], network: Network) -> Iterator[tuple[float, float]]:
    """Yield the cross-entropy before each update, and |update| / |theta|."""
    before = network.theta.value.copy()
    for record in records:
        if isinstance(record, StepRecord):
            theta = network.theta.value
            norm = max(float(np.linalg.norm(before)), float(np.finfo(np.float32).tiny))
            ratio = float(np.linalg.norm(theta - before)) / norm
            yield cross_entropy(softmax(record.logits), record.labels), ratio
            before = theta.copy()


def mixed_sample(data: Dataset, count: int, seed: int) -> Dataset:
    """Return ``count`` of the images in random order; all of them if there are fewer."""
    order = stream(seed, "doctor").permutation(len(data))
    return data.subset(order[:count])
