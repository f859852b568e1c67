"""Profiling: the time that each layer takes in a training step."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from tenfold.data import Dataset
from tenfold.nn import Loss, Network, Optimizer, stream
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.constraints import Whole
from tenfold.threads import limit_threads

__all__ = ["Timing", "profile"]


@dataclass(frozen=True)
class Timing:
    """Time of one part of a training step.

    Attributes:
        name: Name of the part: ``"2 Conv2D"`` for a layer, or ``"images"``, ``"loss"``,
            ``"optimizer"``.
        forward: Time of the forward pass in milliseconds, the median over the steps.
        backward: Time of the backward pass in milliseconds; 0 if there is no backward pass.
        forward_flop: Floating-point operations of the matrix products in the forward pass, two
            for each multiply-add.
        backward_flop: Floating-point operations of the matrix products in the backward pass. The
            first layer with parameters has fewer, since it computes no dx.
    """

    name: str
    forward: float
    backward: float = 0.0
    forward_flop: int = 0
    backward_flop: int = 0

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def profile(
    network: Network,
    train: Dataset,
    *,
    optimizer: Optimizer,
    loss: Loss,
    shard_size: int,
    steps: int = 20,
) -> list[Timing]:
    """Measure the time of each part of a training step, for one shard on one thread.

    The learning rate is 0, so the weights do not change, but the optimizer's state does.

    Args:
        network: Network to train.
        train: Labelled training images.
        optimizer: Optimizer to train with.
        loss: Loss to train with.
        shard_size: Number of images in a shard, the part of a batch that one thread computes.
        steps: Number of steps, at least 1. The result is the median of their times. A first step,
            which is not counted, warms up. Default 20.

    Raises:
        ValueError: If ``shard_size`` or ``steps`` is less than 1.

    Returns:
        One ``Timing`` each for fetching the images, every layer, the loss and the optimizer.
    """
    times: dict[str, list[float]] = defaultdict(list)

    def timed(name: str, work: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        result = work(*arguments)
        times[name].append(1000 * (time.perf_counter() - began))
        return result

    Whole(1).check("steps", steps)
    Whole(1).check("shard_size", shard_size)
    layers, labels = network.layers, train.require_labels()
    first = network.first  # index of the first layer with parameters
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


def _timing(network: Network, index: int, medians: dict[str, float], shard_size: int) -> Timing:
    layer, first = network.layers[index], network.first
    shape = network.shapes[index - 1] if index else network.input_shape
    flop = 2 * layer.multiply_adds(shape) * shard_size
    return Timing(
        name=f"{index} {type(layer).__name__}",
        forward=medians[f"forward {index}"],
        backward=medians.get(f"backward {index}", 0.0),
        forward_flop=flop,
        backward_flop=flop if index == first else 2 * flop,
    )
