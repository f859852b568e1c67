"""Profile: where the time of a training step goes, layer by layer."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from tenfold.data import Dataset
from tenfold.nn import Loss, Network, Optimizer, stream
from tenfold.threads import limit_threads

__all__ = ["Timing", "profile"]


@dataclass(frozen=True)
class Timing:
    """What one part of a training step took.

    Attributes:
        name: ``"2 Conv2D"``, or what else a step does.
        forward: milliseconds, the median over the steps. ``backward`` likewise, 0 where there is
            none.
        forward_flop: floating-point operations of its matrix products, two for a multiply-add.
        backward_flop: likewise; nothing needs the first layer's dx.
    """

    name: str
    forward: float
    backward: float = 0.0
    forward_flop: int = 0
    backward_flop: int = 0


def profile(
    network: Network,
    train: Dataset,
    *,
    optimizer: Optimizer,
    loss: Loss,
    shard_size: int,
    steps: int = 20,
) -> list[Timing]:
    """Time a few training steps of one shard on one thread, part by part.

    The learning rate is 0, so the network keeps its weights; the optimizer's state changes.

    Args:
        network: what to train. ``train``: on which labelled images.
        optimizer: of which recipe. ``loss``: likewise.
        shard_size: images in a shard.
        steps: how many steps to take the medians of; one more warms up.

    Returns:
        A Timing for fetching the images, for each layer, for the loss and for the optimizer.
    """
    times: dict[str, list[float]] = defaultdict(list)

    def timed(name: str, work: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        result = work(*arguments)
        times[name].append(1000 * (time.perf_counter() - began))
        return result

    layers, labels, first = network.layers, train.require_labels(), network.first
    with limit_threads(1):
        for step in range(steps + 1):
            chosen = stream(network.seed, "shuffle", step).permutation(len(train))[:shard_size]
            x = timed("images", train.images.take, chosen, 0)
            for index, layer in enumerate(layers):
                layer.rng = stream(network.seed, "dropout", step, index) if layer.random else None
                x = timed(f"forward {index}", layer.forward, x, True)
            _, dy = timed("loss", loss, x, labels[chosen])
            for index in reversed(range(first, len(layers))):
                layer = layers[index]
                work = layer.backward if index > first else layer.backward_parameters
                dy = timed(f"backward {index}", work, dy)
            timed("optimizer", optimizer.step, network.theta, 0.0)
    medians = {name: median(values[1:]) for name, values in times.items()}
    inner = [_timing(network, index, medians, len(chosen)) for index in range(len(layers))]
    ends = [Timing(name, medians[name]) for name in ("images", "loss", "optimizer")]
    return [ends[0], *inner, *ends[1:]]


def _timing(network: Network, index: int, medians: dict[str, float], size: int) -> Timing:
    layer, first = network.layers[index], network.first
    shape = network.shapes[index - 1] if index else network.input_shape
    flop = 2 * layer.multiply_adds(shape) * size
    return Timing(
        name=f"{index} {type(layer).__name__}",
        forward=medians[f"forward {index}"],
        backward=medians.get(f"backward {index}", 0.0),
        forward_flop=flop,
        backward_flop=flop if index == first else 2 * flop,
    )
