"""fit: the training loop, as a generator.

The loop is the textbook's: forward, loss, backward, update. It yields a record for each step and
each epoch; printing, plotting, checkpointing and early stopping belong to whoever iterates, and
``break`` stops it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
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
    stream,
)
from tenfold.nn.array import Array
from tenfold.threads import MOST_THREADS, cores, limit_threads
from tenfold.training.batches import Batches
from tenfold.training.divergence import DivergenceError, diagnose, symptom
from tenfold.training.records import EpochRecord, Record, StepRecord
from tenfold.training.selective import Selective
from tenfold.training.shards import Shards

__all__ = ["Progress", "averaged", "check_labels", "fit"]

_ENOUGH = 10_000  # images for the statistics of a batch normalisation
_PROBE = 256  # how many images are looked at to tell a live network from a dead one


@dataclass
class Progress:
    """Where a run stands: with weights and optimizer state, all that is needed to go on.

    Attributes:
        epoch: epochs finished so far.
        step: updates made so far.
        loss_sum: sum of the losses of this epoch's images so far.
        correct: right answers among them.
        count: how many they are.
    """

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    count: int = 0

    def add(self, loss: float, logits: Array, labels: Array) -> None:
        """Count one batch."""
        self.step += 1
        self.loss_sum += loss * len(labels)
        self.correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
        self.count += len(labels)

    def end_epoch(self, rate: float) -> EpochRecord:
        """Return what the epoch's images gave, and begin the next epoch."""
        record = EpochRecord(
            epoch=self.epoch,
            step=self.step,
            train_loss=self.loss_sum / self.count,
            train_accuracy=self.correct / self.count,
            learning_rate=rate,
        )
        self.epoch += 1
        self.loss_sum, self.correct, self.count = 0.0, 0, 0
        return record


def fit(
    network: Network,
    train: Dataset,
    *,
    optimizer: Optimizer,
    schedule: Schedule,
    loss: Loss = SoftmaxCrossEntropy(),  # noqa: B008 - frozen
    epochs: int = 1,
    batch_size: int | None = 128,
    validation: Dataset | None = None,
    l2: float = 0.0,
    max_norm: float | None = None,
    average: ExponentialAverage | None = None,
    augment: Augment | None = None,
    clean_epochs: int = 0,
    selective: Selective | None = None,
    log_every: int = 1,
    shards: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """Train a network in place, yielding a StepRecord per update and an EpochRecord per epoch.

    Args:
        network: what to train; its seed orders the images and draws the dropout masks.
        train: labelled images.
        optimizer: how gradients become steps; it carries its state between calls.
        schedule: the learning rate of each step.
        loss: what to make small.
        epochs: passes over the data; with ``selective``, as many images.
        batch_size: images per step; None for all of them at once.
        validation: labelled images to score after each logged epoch.
        l2: adds l2/2 * |w|^2 to what is minimised (weights only, not biases); records show the
            loss without it.
        max_norm: clip the gradient to this Euclidean norm.
        average: average the weights; validation, and the network in the end, use the average.
            Whoever breaks off early has the latest weights in the network and the average in
            ``average.value``. Running statistics of batch normalisations, which belong to the
            latest weights, are in the end computed anew for the average.
        augment: distort the images, anew at every step.
        clean_epochs: so many epochs at the end see the images as they are.
        selective: meet easy images less often; it carries what it knows of them between calls.
        log_every: yield an EpochRecord for epochs 0, log_every, 2 * log_every, ... and the last.
        shards: into how many parts each batch is cut; this decides the numbers (``shards.py``).
        threads: how many cores to keep busy, with shards or, if there is just one, with parts of
            large products; all by default. This decides the time alone: the bits are the same.
        progress: where to go on; the start by default. Updated in place.

    While it goes on, the process's BLAS is held to one thread (``threads.py``).

    Raises:
        DivergenceError: when numbers stop being finite or every answer is the same; the network
            then holds the weights of the last epoch's start.
        TenfoldError: if data and network do not fit.
    """
    progress = Progress() if progress is None else progress
    batches = Batches(network, train, batch_size, augment, epochs - clean_epochs, selective)
    numbers = {"epochs": epochs, "log_every": log_every, "shards": shards, "l2": l2}
    if threads is not None and not 1 <= threads <= MOST_THREADS:
        raise TenfoldError(f"threads are from 1 to {MOST_THREADS}, not {threads}")
    numbers["clean_epochs"] = clean_epochs
    _check(network, batches, optimizer, validation, **numbers)
    total = epochs * len(batches)
    rate = schedule(max(progress.step - 1, 0), total)
    with limit_threads(1), Shards(network, shards, threads or cores(), batches.forward) as parts:
        while progress.epoch < epochs:
            last_good = {name: array.copy() for name, array in network.tensors().items()}
            first = progress.step - progress.epoch * len(batches)
            for chosen, images, labels in batches.epoch(progress.epoch, first):
                rate = schedule(progress.step, total)
                with np.errstate(over="ignore", invalid="ignore"):  # the check below reports it
                    value, logits = parts.gradient(images, labels, loss, progress.step)
                    if not math.isfinite(value):
                        what = "its loss is no longer finite"
                        raise _diverged(what, network, last_good, batches, rate, progress)
                    _regularise(network, l2, max_norm)
                    parts.update(optimizer, rate)
                    if average is not None:
                        average.update(network.theta.value)
                progress.add(value, logits, labels)
                if selective is not None:
                    selective.note(chosen, logits, labels)
                yield StepRecord(progress.step - 1, progress.epoch, value, logits, labels, rate)
            record = progress.end_epoch(rate)
            if record.epoch % log_every == 0 or record.epoch == epochs - 1:
                with averaged(network, average):
                    lost = symptom(network, batches.images[:_PROBE])
                    record = record if lost else _validated(record, network, validation)
                if lost:
                    raise _diverged(lost, network, last_good, batches, rate, progress)
                yield record
    if average is not None and average.value is not None:
        network.theta.value[...] = average.value
        _settle_statistics(network, batches.images)


@contextmanager
def averaged(network: Network, average: ExponentialAverage | None) -> Iterator[None]:
    """Let the network hold the average of its weights inside the block, if there is one."""
    if average is None or average.value is None:
        yield
        return
    own = network.theta.value.copy()
    network.theta.value[...] = average.value
    try:
        yield
    finally:
        network.theta.value[...] = own


def _settle_statistics(network: Network, images: Array) -> None:
    """Let batch normalisations see, in mixed order, enough images to know their statistics."""
    if any(layer.state for layer in network.layers):
        chosen = stream(network.seed, "statistics").permutation(len(images))[:_ENOUGH]
        with limit_threads(1):
            network.recompute_statistics(images[chosen])


def _validated(record: EpochRecord, network: Network, validation: Dataset | None) -> EpochRecord:
    if validation is None:
        return record
    result = score(network, validation)
    return replace(record, validation_loss=result.loss, validation_accuracy=result.accuracy)


def _regularise(network: Network, l2: float, max_norm: float | None) -> None:
    theta = network.theta
    if l2:
        theta.grad[theta.decayed] += l2 * theta.value[theta.decayed]
    if max_norm is not None:
        clip_norm(theta.grad, max_norm)


def _check(
    network: Network,
    batches: Batches,
    optimizer: Optimizer,
    validation: Dataset | None,
    **settings: float,
) -> None:
    """Refuse what does not fit, before anything is trained."""
    for name, value in settings.items():
        least = 0 if name in ("l2", "clean_epochs") else 1
        if value < least or (name != "l2" and int(value) != value):
            raise TenfoldError(
                f"{name} = {value} cannot be: at least 1 epoch and 1 shard, and no negative l2"
            )
    if validation is not None and len(validation) == 0:
        raise TenfoldError("the validation data holds no images: leave it out, or mend it")
    if any(array.shape != network.theta.value.shape for array in optimizer.state.values()):
        raise TenfoldError("this optimizer has trained another network: make a new one")
    check_labels(batches.labels, network.shapes[-1][-1])


def check_labels(labels: Array, classes: int) -> None:
    """Refuse labels that a network with so many outputs cannot give.

    Raises:
        TenfoldError: naming the largest label.
    """
    largest = int(labels.max())
    if largest >= classes:
        raise TenfoldError(
            f"the labels run up to {largest}, but the network tells only {classes} classes apart "
            f"(0 to {classes - 1}): give its last layer {largest + 1} outputs, or mend the labels"
        )


def _diverged(
    what: str,
    network: Network,
    last_good: dict[str, Array],
    batches: Batches,
    rate: float,
    progress: Progress,
) -> DivergenceError:
    network.load_tensors(last_good)
    with np.errstate(all="ignore"):
        cause = diagnose(network, batches.images[:_PROBE], rate)
    return DivergenceError(
        f"training cannot go on after {progress.step} steps: {what}. {cause} The network holds the "
        "weights from before that epoch."
    )
