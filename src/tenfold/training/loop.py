"""The training loop, as a generator: forward, loss, backward, update.

``fit`` yields a record for each step and each epoch. Printing, plotting, checkpoints and early
stopping belong to the code that iterates over the records; ``break`` stops the training.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Annotated

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.evaluation import score
from tenfold.images import Augment
from tenfold.nn import (
    ExponentialAverage,
    Loss,
    Network,
    Optimizer,
    Schedule,
    SoftmaxCrossEntropy,
    clip_norm,
)
from tenfold.nn.constraints import Count, NonNegative, Positive, Size, Whole
from tenfold.threads import MAX_THREADS, limit_threads
from tenfold.training.averaging import averaged, keep_average
from tenfold.training.batches import Batches
from tenfold.training.checks import TrainingData, as_schedule, checked_when_called, labelled
from tenfold.training.divergence import LastGoodWeights
from tenfold.training.order import Shuffle
from tenfold.training.progress import Progress
from tenfold.training.records import EpochRecord, Record, StepRecord
from tenfold.training.selective import Selective
from tenfold.training.shards import ComputeGradients, Shards
from tenfold.training.team import SINGLE_PROCESS, Team, check_equal

__all__ = ["Threads", "fit"]

Threads = Annotated[int, Whole(1, MAX_THREADS)]
"""A number of threads."""


@checked_when_called
def fit(
    network: Network,
    train: TrainingData,
    *,
    optimizer: Optimizer,
    schedule: Schedule | float,
    loss: Loss = SoftmaxCrossEntropy(),  # noqa: B008 - frozen
    epochs: Size = 1,
    batch_size: Size | None = 128,
    validation: TrainingData | None = None,
    l2: NonNegative = 0.0,
    max_norm: Positive | None = None,
    average: ExponentialAverage | None = None,
    augment: Augment | None = None,
    clean_epochs: Count = 0,
    selective: Selective | None = None,
    shuffle: Shuffle = "exact",
    log_every: Size = 1,
    shards: Size = 1,
    threads: Threads | None = None,
    compute: ComputeGradients = Shards,
    team: Team = SINGLE_PROCESS,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """Train a network in place, yielding a StepRecord per step and an EpochRecord per epoch.

    Args:
        network: The network to train. Its seed decides the order of the images and all other
            random numbers.
        train: Labelled data: a ``Dataset``, ``Examples``, an object like them (``LabelledData``),
            or the arrays (images, labels).
        optimizer: Computes steps from gradients. It keeps its state between calls.
        schedule: The learning rate of each step; a number for a constant rate.
        loss: The loss to minimise.
        epochs: Number of passes over the data. With ``selective``, an epoch is not a pass, but it
            has the same number of images.
        batch_size: Number of images per step; None for all of them at once. A last batch that is
            too small for batch normalisation is merged with the one before it.
        validation: Labelled data to score after each logged epoch.
        l2: Weight of the penalty l2/2 * |w|^2 on the weights (not on the biases). Records show the
            loss without it.
        max_norm: Largest Euclidean norm of the gradient; None for no clipping.
        average: Average of the weights; None for no averaging. Validation uses the average, and at
            the end the network holds it, with running statistics of batch normalisation recomputed
            for it. After an early ``break`` the network holds the latest weights, and
            ``average.value`` the average.
        augment: Random distortion of the images, different at every step; None for no distortion.
        clean_epochs: Number of epochs at the end with undistorted images.
        selective: Trains less often on easy images; None to use each image once per epoch. It
            keeps its state between calls.
        shuffle: ``"exact"``: each epoch has a new random order of all images. ``"blocks"``: blocks
            of 1,024 consecutive images are put in a random order, and then the images of every 64
            blocks are shuffled. Data larger than memory is read faster in this order, but it should
            not be stored sorted by class. The choice affects the result.
        log_every: Yield an EpochRecord for epochs 1, 1 + log_every, 1 + 2 * log_every, ... and the
            last.
        shards: Number of parts, called shards, that each batch is cut into. It affects the result,
            because batch normalisation sees only the images of its shard (``shards.py``).
        threads: Number of threads, for shards or, with one shard, for parts of large matrix
            products, and for the validation; one per core by default. It affects only the time,
            not the result.
        compute: Computes the gradient of a batch: called with (network, shards, threads, forward,
            team), it returns a context manager such as ``Shards``.
        team: The processes that train this network together; this process alone by default. Each
            of them calls ``fit`` with the same arguments. It affects only the time.
        progress: Progress to continue from, updated in place. By default training begins at step 0.

    During training the BLAS of the process uses one thread (``threads.py``).

    Raises:
        DivergenceError: If values are no longer finite, or the output is the same for every image.
            The network then holds the weights from the start of that epoch.
        TenfoldError: If the arguments are invalid; raised by the call itself, before training.

    Warns:
        InputWarning: If the given ``batch_size`` is larger than the number of images, so that each
            epoch is one step; if pixels up to 255 reach the weights without being scaled; or if the
            records are never iterated over, so that nothing is trained.
    """
    progress = Progress() if progress is None else progress
    threads = threads or team.threads
    train, validation = labelled(train, network), labelled(validation, network, "validation")
    schedule, distorted = as_schedule(schedule), epochs - clean_epochs
    batches = Batches(network, train, batch_size, augment, distorted, selective, shards, shuffle)
    total = epochs * len(batches)
    rate, peak = schedule(max(progress.step - 1, 0), total), schedule.learning_rate
    last_good, optimizer.trained_vector = LastGoodWeights(network, train), network.theta.identity
    with limit_threads(1), compute(network, shards, threads, batches.forward, team) as gradients:
        while progress.epoch < epochs:
            last_good.save()
            first_batch = progress.step - progress.epoch * len(batches)
            for chosen, images, labels in batches.epoch(progress.epoch, first_batch):
                rate = schedule(progress.step, total)
                with np.errstate(over="ignore", invalid="ignore"):  # the loss is checked below
                    value, logits = gradients.gradient(images, labels, loss, progress.step)
                    if not math.isfinite(value):
                        raise last_good.restore("the loss is no longer finite", peak, progress.step)
                    _regularise(network, l2, max_norm)
                    gradients.update(optimizer, rate)
                    if average is not None:
                        average.update(network.theta.value)
                progress.add_batch(value, logits, labels)
                if selective is not None:
                    selective.update(chosen, logits, labels)
                yield StepRecord(progress.step - 1, progress.epoch + 1, value, logits, labels, rate)
            check_equal(team, network.theta.value)
            record = progress.end_epoch(rate)
            if (record.epoch - 1) % log_every == 0 or record.epoch == epochs:
                with averaged(network, average):
                    problem = team.broadcast(last_good.symptom)
                    if not problem:
                        validated = partial(_validated, record, network, validation, threads)
                        record = team.broadcast(validated)
                if problem:
                    raise last_good.restore(problem, peak, progress.step)
                yield record
    keep_average(network, average, train)


def _regularise(network: Network, l2: float, max_norm: float | None) -> None:
    """Add the gradient of the L2 penalty; then clip the gradient."""
    theta = network.theta
    if l2:
        theta.grad[theta.decayed] += l2 * theta.value[theta.decayed]
    if max_norm is not None:
        clip_norm(theta.grad, max_norm)


def _validated(
    record: EpochRecord, network: Network, validation: LabelledData | None, threads: int
) -> EpochRecord:
    """Return the record with the loss and the accuracy on the validation data, if there is any."""
    if validation is None:
        return record
    result = score(network, validation, threads)
    return replace(record, validation_loss=result.loss, validation_accuracy=result.accuracy)
