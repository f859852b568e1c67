"""Predict: a network's answers on many images, with all cores."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from tenfold.evaluation.committee import Committee
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.threads import cores, limit_threads

__all__ = ["predict_probabilities"]


def predict_probabilities(
    network: Network | Committee, images: Array, threads: int | None = None
) -> Array:
    """Return the probabilities (N, classes), as ``network.predict_probabilities``, but quicker.

    Each core takes batches of its own; the answers do not depend on how many there are.

    Args:
        network: what to ask, alone or in a committee.
        images: (N, H, W, C).
        threads: how many to use; as many as there are cores by default.
    """
    size = network.batch
    batches = [images[start : start + size] for start in range(0, len(images), size)]
    threads = min(threads or cores(), len(batches))
    if threads <= 1:
        with limit_threads(1):
            return network.predict_probabilities(images)
    with limit_threads(1):
        return np.concatenate(list(_pool(threads).map(network.predict_probabilities, batches)))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return threads that stay: the BLAS gives each new one memory of its own, a costly start."""
    return ThreadPoolExecutor(threads, thread_name_prefix="tenfold-predict")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
