"""Trials: a few training steps of a recipe, before hours of training."""

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

__all__ = ["Trial", "mixed_sample", "plan_trial", "run_trial"]

_STEPS, _FEWEST_STEPS = 24, 12  # _FEWEST_STEPS is for networks that are expensive to train
_GROUP = 32  # images over which a loss is averaged: the loss of fewer is too noisy
_FULL = 2048  # number of images that stand for all images if the recipe has no batch size
_CHEAP = 16e9  # multiply-adds of a trial that takes a few seconds
_AFFORDABLE = 48e9  # multiply-adds of a trial that takes about ten seconds
# Options that matter only in longer training.
_LEFT_OUT = {"average": None, "clean_epochs": 0, "selective": None}


@dataclass(frozen=True)
class Trial:
    """The result of a short training of a recipe (``run_trial``).

    Attributes:
        rate: Highest learning rate of the schedule.
        steps: Number of steps.
        losses: Cross-entropy of each batch before its update. If batches have fewer than 32 images,
            each value is the mean over several steps, which have 32 images together.
        ratios: |update| / |theta| of each step, Euclidean norms over all parameters, (steps,).
        divergence: How training diverged; empty if it did not.
        network: The network after the last step.
    """

    rate: float
    steps: int
    losses: Array
    ratios: Array
    divergence: str
    network: Network

    @property
    def final_loss(self) -> float:
        """The median of the last third of the losses; infinite if training diverged."""
        last = self.losses[-len(self.losses) // 3 :]
        finite = not self.divergence and bool(np.isfinite(last).all())
        return float(np.median(last)) if finite else math.inf


def run_trial(recipe: Recipe, train: Dataset, seed: int, factor: float = 1.0) -> Trial:
    """Train an untrained network of the recipe for about 24 steps, in whole epochs of a sample.

    The schedule is compressed to these steps. The batch size is that of the recipe. If it is below
    32, more steps are made; if it is None, a sample of 2,048 images is used as the batch.

    Args:
        recipe: All its options are used except average, selective and clean_epochs.
        train: Labelled images.
        seed: Random seed of the network.
        factor: The learning rate is multiplied by this, default 1.
    """
    network = recipe.network(seed, train.images)
    steps, images = plan_trial(recipe, network, len(train))
    sample = mixed_sample(train, images, seed)
    schedule = replace(recipe.schedule, learning_rate=recipe.schedule.learning_rate * factor)
    size = recipe.batch_size or images
    changes = {
        "schedule": schedule,
        "epochs": math.ceil(steps / math.ceil(images / size)),
        "log_every": 1,
    }
    arguments = recipe.fit_arguments(len(sample)) | changes | _LEFT_OUT
    records = fit(network, sample, **arguments)
    losses: list[float] = []
    ratios: list[float] = []
    divergence = ""
    try:
        with np.errstate(all="ignore"):
            for loss, ratio in _losses_and_ratios(records, network):
                losses.append(loss)
                ratios.append(ratio)
    except DivergenceError as error:
        divergence = str(error)
    return Trial(
        schedule.learning_rate,
        len(losses),
        _grouped(losses, math.ceil(_GROUP / size)),
        np.array(ratios),
        divergence,
        network,
    )


def plan_trial(recipe: Recipe, network: Network, count: int) -> tuple[int, int]:
    """Return the number of steps of a trial, and the number of images in its sample.

    Networks that are expensive to train make fewer steps with the same batches. If the trial is
    still too expensive, its sample is smaller than a batch.
    """
    size = min(recipe.batch_size or _FULL, count)
    cost = size * max(network.multiply_adds, 1)
    steps = max(_FEWEST_STEPS, min(_STEPS, int(_CHEAP / cost))) * math.ceil(_GROUP / size)
    affordable = int(_AFFORDABLE * size / cost / steps)  # number of images in a step
    if size > max(affordable, _GROUP, 2 * recipe.shards):
        return steps, max(affordable, _GROUP, 2 * recipe.shards)
    return steps, size if recipe.batch_size is None else min(count, steps * size)


def _grouped(losses: list[float], size: int) -> Array:
    """Return the mean of each ``size`` consecutive losses."""
    return np.array([np.mean(losses[i : i + size]) for i in range(0, len(losses), size)])


def _losses_and_ratios(
    records: Iterator[Record], network: Network
) -> Iterator[tuple[float, float]]:
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
