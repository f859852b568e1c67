"""Give a network the average of its weights, for a ``with`` block or at the end of training."""

from collections.abc import Iterator
from contextlib import contextmanager

from tenfold.data.labelled import LabelledData
from tenfold.nn import ExponentialAverage, Network, stream
from tenfold.nn.arguments import checked
from tenfold.threads import limit_threads

__all__ = ["averaged", "keep_average"]

_IMAGES = 10_000  # enough for the running statistics of batch normalisation


@contextmanager
def averaged(network: Network, average: ExponentialAverage | None) -> Iterator[None]:
    """Inside the ``with`` block, the network has the average of its weights, if there is one."""
    if average is None or average.value is None:
        yield
        return
    current = network.theta.value.copy()
    network.theta.value[...] = average.value
    try:
        yield
    finally:
        network.theta.value[...] = current


@checked
def keep_average(network: Network, average: ExponentialAverage | None, data: LabelledData) -> None:
    """Give the network the average of its weights, if there is one.

    The running statistics of batch normalisation were computed with the current weights. They are
    recomputed with the average, on up to 10,000 examples, which the network's seed chooses.
    """
    if average is None or average.value is None:
        return
    network.theta.value[...] = average.value
    if any(layer.state for layer in network.layers):
        chosen = stream(network.seed, "statistics").permutation(len(data))[:_IMAGES]
        with limit_threads(1):
            network.recompute_statistics(data.take(chosen))
