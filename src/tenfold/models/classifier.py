"""Classifier, the interface of everything that predicts, and prediction on all cores."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Protocol

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole, wrong_type
from tenfold.threads import cores, limit_threads

__all__ = ["Classifier", "check_classifier", "predict_probabilities"]


class Classifier(Protocol):
    """Anything that predicts class probabilities: a ``Network``, a ``Model``, an ``Ensemble``."""

    @property
    def batch(self) -> int:
        """Number of images to predict at once."""

    def predict_batch(self, images: Array) -> Array:
        """Return the probabilities (N, ..., classes) of one batch of images (N, H, W, C)."""


@checked
def predict_probabilities(
    classifier: Classifier, images: Array, threads: int | None = None
) -> Array:
    """Return the probabilities (N, ..., classes) of any number of images.

    Each thread predicts whole batches. The result does not depend on the number of threads.

    Args:
        classifier: A network, a model or an ensemble.
        images: Array of shape (N, H, W, C); N may be 0.
        threads: Number of threads, at least 1; None for one per core.

    Raises:
        ValueError: If ``threads`` is less than 1, or the images have another shape than the
            classifier takes.
    """
    check_classifier(classifier)
    if threads is not None:
        Whole(1).check("threads", threads)
    size = classifier.batch
    # Without images, one empty batch gives a result of the right shape.
    batches = [images[start : start + size] for start in range(0, max(len(images), 1), size)]
    threads = min(threads or cores(), len(batches))
    with limit_threads(1):
        if threads <= 1:
            return np.concatenate([classifier.predict_batch(batch) for batch in batches])
        return np.concatenate(list(_pool(threads).map(classifier.predict_batch, batches)))


def check_classifier(classifier: object) -> None:
    """Raise ValueError unless a value has the methods of ``Classifier``."""
    if isinstance(classifier, type) or not hasattr(classifier, "predict_batch"):
        path = isinstance(classifier, (str, os.PathLike))
        advice = "load it, with tenfold.load(name)" if path else ""
        raise wrong_type("classifier", "a Network, a Model or an Ensemble", classifier, advice)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return a pool that is kept: for each new thread the BLAS allocates memory, which is slow."""
    return ThreadPoolExecutor(threads, thread_name_prefix="tenfold-predict")


if hasattr(os, "register_at_fork"):  # a forked process inherits the pool, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
