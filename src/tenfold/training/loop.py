"""fit: the training loop, as a generator.

The loop is the textbook's: forward, loss, backward, update. It yields a record for each step and
each epoch. Printing, plotting, checkpoints and early stopping belong to the code that iterates;
``break`` stops the training.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

import numpy as np

from tenfold.data.labelled import LabelledData
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
from tenfold.threads import MAX_THREADS, cores, limit_threads
from tenfold.training.batches import Batches
from tenfold.training.divergence import DivergenceError, diagnose, symptom
from tenfold.training.progress import Progress
from tenfold.training.records import EpochRecord, Record, StepRecord
from tenfold.training.selective import Selective
from tenfold.training.shards import ComputeGradients, Shards

__all__ = ["averaged", "check_labels", "fit"]

_ENOUGH = 10_000  # images for the running statistics of batch normalisation
_PROBE = 256  # images that tell whether a network still works

_P = ParamSpec("_P")


def _check(network: Network, train: LabelledData, **options: object) -> None:
    """Refuse arguments of ``fit`` that do not fit together, before anything is trained."""
    threads = options.get("threads")
    if threads is not None:
        _check_number("threads", threads, 1, MAX_THREADS)
    for name, least in {"epochs": 1, "log_every": 1, "shards": 1, "clean_epochs": 0}.items():
        _check_number(name, options.get(name, least), least)
    l2 = options.get("l2", 0.0)
    if not isinstance(l2, (int, float)) or isinstance(l2, bool) or not 0 <= l2 < math.inf:
        raise TenfoldError(f"l2 must be a finite number of at least 0, got {l2!r}")
    size = options.get("batch_size", 128)
    if size is not None:
        _check_number("batch_size", size, 1)
    if len(train) == 0:
        raise TenfoldError(f"{train.name} holds no images: there is nothing to train on")
    validation: LabelledData | None = options.get("validation")  # type: ignore[assignment]
    if validation is not None and len(validation) == 0:
        raise TenfoldError("the validation data holds no images: leave it out, or add some")
    optimizer: Optimizer = options["optimizer"]  # type: ignore[assignment]
    if any(array.shape != network.theta.value.shape for array in optimizer.state.values()):
        raise TenfoldError("this optimizer has trained another network: make a new one")
    check_labels(train.require_labels(), network.shapes[-1][-1])


def _check_number(name: str, value: object, least: int, most: float = math.inf) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= int(value) <= most:  # type: ignore[call-overload]
        limits = f"of at least {least}" if most == math.inf else f"from {least} to {most}"
        raise TenfoldError(f"{name} must be a whole number {limits}, got {value!r}")


def _checked(loop: Callable[_P, Iterator[Record]]) -> Callable[_P, Iterator[Record]]:
    """Check the arguments when ``fit`` is called: a generator would only do so at ``next``."""

    @wraps(loop)
    def fit(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[Record]:
        _check(*args, **kwargs)  # type: ignore[arg-type]
        return loop(*args, **kwargs)

    return fit


@_checked
def fit(
    network: Network,
    train: LabelledData,
    *,
    optimizer: Optimizer,
    schedule: Schedule,
    loss: Loss = SoftmaxCrossEntropy(),  # noqa: B008 - frozen
    epochs: int = 1,
    batch_size: int | None = 128,
    validation: LabelledData | None = None,
    l2: float = 0.0,
    max_norm: float | None = None,
    average: ExponentialAverage | None = None,
    augment: Augment | None = None,
    clean_epochs: int = 0,
    selective: Selective | None = None,
    log_every: int = 1,
    shards: int = 1,
    threads: int | None = None,
    compute: ComputeGradients = Shards,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """Train a network in place, yielding a StepRecord per update and an EpochRecord per epoch.

    Args:
        network: The network to train; its seed orders the images and draws the dropout masks.
        train: Labelled data: a ``Dataset``, ``Examples``, or anything like them
            (``LabelledData``).
        optimizer: Turns gradients into steps; it keeps its state between calls.
        schedule: The learning rate of each step.
        loss: The loss to minimise.
        epochs: Number of passes over the data; with ``selective``, of as many images.
        batch_size: Number of images per step; None for all of them at once.
        validation: Labelled data to score after each logged epoch.
        l2: Adds l2/2 * |w|^2 to the loss (weights only, not biases); records show the loss
            without it.
        max_norm: Clip the gradient to this Euclidean norm.
        average: Average the weights. Validation uses the average, and at the end the network
            holds it. After an early ``break`` the network holds the latest weights, and
            ``average.value`` the average. Running statistics of batch normalisation belong to the
            latest weights; at the end they are recomputed for the average.
        augment: Random distortion of the images, different at every step.
        clean_epochs: Number of epochs at the end that see undistorted images.
        selective: Show easy images less often; it keeps what it knows of them between calls.
        log_every: Yield an EpochRecord for epochs 0, log_every, 2 * log_every, ... and the last.
        shards: Number of parts that each batch is cut into; it affects the numbers
            (``shards.py``).
        threads: Number of cores to use, for shards or, with one shard, for parts of large matrix
            products; all cores by default. It affects only the time: the bits are the same.
        compute: Computes the gradient of a batch: called with (network, shards, threads, forward),
            it returns a context manager such as ``Shards``.
        progress: Where to continue; the start by default. Updated in place.

    During training the BLAS of the process uses one thread (``threads.py``).

    Raises:
        DivergenceError: If values stop being finite, or every prediction is the same; the network
            then holds the weights from the start of that epoch.
        TenfoldError: If the arguments do not fit together; raised by the call itself.
    """
    progress = Progress() if progress is None else progress
    batches = Batches(network, train, batch_size, augment, epochs - clean_epochs, selective)
    total = epochs * len(batches)
    rate = schedule(max(progress.step - 1, 0), total)
    with (
        limit_threads(1),
        compute(network, shards, threads or cores(), batches.forward) as gradients,
    ):
        while progress.epoch < epochs:
            last_good = {name: array.copy() for name, array in network.tensors().items()}
            first = progress.step - progress.epoch * len(batches)
            for chosen, images, labels in batches.epoch(progress.epoch, first):
                rate = schedule(progress.step, total)
                with np.errstate(over="ignore", invalid="ignore"):  # the check below reports it
                    value, logits = gradients.gradient(images, labels, loss, progress.step)
                    if not math.isfinite(value):
                        what = "its loss is no longer finite"
                        raise _diverged(what, network, last_good, train, rate, progress)
                    _regularise(network, l2, max_norm)
                    gradients.update(optimizer, rate)
                    if average is not None:
                        average.update(network.theta.value)
                progress.add(value, logits, labels)
                if selective is not None:
                    selective.note(chosen, logits, labels)
                yield StepRecord(progress.step - 1, progress.epoch, value, logits, labels, rate)
            record = progress.end_epoch(rate)
            if record.epoch % log_every == 0 or record.epoch == epochs - 1:
                with averaged(network, average):
                    problem = symptom(network, train.take(slice(_PROBE)))
                    record = record if problem else _validated(record, network, validation)
                if problem:
                    raise _diverged(problem, network, last_good, train, rate, progress)
                yield record
    if average is not None and average.value is not None:
        network.theta.value[...] = average.value
        _recompute_statistics(network, train)


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


def check_labels(labels: Array, classes: int) -> None:
    """Refuse labels that a network with this many outputs cannot predict.

    Raises:
        TenfoldError: If a label is too large.
    """
    largest = int(labels.max())
    if largest >= classes:
        raise TenfoldError(
            f"the labels must be from 0 to {classes - 1}, as the network has {classes} outputs, "
            f"got {largest}: give its last layer {largest + 1} outputs, or correct the labels"
        )


def _recompute_statistics(network: Network, data: LabelledData) -> None:
    """Recompute the running statistics of batch normalisation on enough images, in mixed order."""
    if any(layer.state for layer in network.layers):
        chosen = stream(network.seed, "statistics").permutation(len(data))[:_ENOUGH]
        with limit_threads(1):
            network.recompute_statistics(data.take(chosen))


def _validated(
    record: EpochRecord, network: Network, validation: LabelledData | None
) -> EpochRecord:
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


def _diverged(
    what: str,
    network: Network,
    last_good: dict[str, Array],
    data: LabelledData,
    rate: float,
    progress: Progress,
) -> DivergenceError:
    network.load_tensors(last_good)
    with np.errstate(all="ignore"):
        cause = diagnose(network, data.take(slice(_PROBE)), rate)
    return DivergenceError(
        f"training cannot go on after {progress.step} steps: {what}. {cause} The network holds the "
        "weights from before that epoch."
    )
