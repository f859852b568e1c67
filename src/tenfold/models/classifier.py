"""Prediction: the probabilities of many images, with all cores."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Protocol

import numpy as np

from tenfold.nn.array import Array
from tenfold.threads import cores, limit_threads

__all__ = ["Classifier", "predict_probabilities"]


class Classifier(Protocol):
    """What can be asked: a ``Network``, a ``Model``, an ``Ensemble``."""

    @property
    def batch(self) -> int:
        """How many images to predict at a time."""

    def predict_batch(self, images: Array) -> Array:
        """Return the probabilities (N, ..., classes) of a batch of images (N, H, W, C)."""


def predict_probabilities(
    classifier: Classifier, images: Array, threads: int | None = None
) -> Array:
    """Return the probabilities (N, ..., classes) of any number of images.

    Each core takes batches of its own; the answers do not depend on how many there are.

    Args:
        classifier: a network, a model or an ensemble.
        images: (N, H, W, C).
        threads: how many to use; as many as there are cores by default.
    """
    size = classifier.batch
    # without images one empty batch, whose answer has the right shape
    batches = [images[start : start + size] for start in range(0, max(len(images), 1), size)]
    threads = min(threads or cores(), len(batches))
    with limit_threads(1):
        if threads <= 1:
            return np.concatenate([classifier.predict_batch(batch) for batch in batches])
        return np.concatenate(list(_pool(threads).map(classifier.predict_batch, batches)))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return threads that stay: the BLAS gives each new one memory of its own, a costly start."""
    return ThreadPoolExecutor(threads, thread_name_prefix="tenfold-predict")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
