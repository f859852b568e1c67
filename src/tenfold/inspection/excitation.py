"""Excitation: the images to which each unit of a network responds most."""

from collections.abc import Callable

import numpy as np

from tenfold.inspection.frozen import FrozenNetwork
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size

__all__ = ["most_exciting"]

_BATCH = 200  # images at a time


@checked
def most_exciting(
    frozen: FrozenNetwork,
    images: Array,
    count: Size = 9,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Array, ...]:
    """Return, for each layer, the images for which each of its features is largest.

    The response of a channel to an image is its largest value in the image.

    Args:
        frozen: The network, from ``freeze``; float32 is sufficient.
        images: (N, H, W, C) uint8, at least ``count``.
        count: Number of images for each feature. Default 9.
        progress: Function that is called with the number of finished images and the number of all
            images. By default nothing is called.

    Returns:
        For each layer the indices of the images, (features, count), ordered from the largest
        response; images with equal responses are in the order of the data.

    Raises:
        ValueError: If an argument has a wrong type, or there are too few images.
    """
    if len(images) < count:
        raise ValueError(f"images must be at least {count}, got {len(images)}")
    responses: list[list[Array]] = [[] for _ in frozen.network.layers]
    for start in range(0, len(images), _BATCH):
        x = images[start : start + _BATCH]
        for found, layer in zip(responses, frozen.network.layers, strict=True):
            x = layer.forward(x)
            found.append(x.reshape(len(x), -1, x.shape[-1]).max(axis=1))
        progress(min(start + _BATCH, len(images)), len(images))
    return tuple(_largest(np.concatenate(found), count) for found in responses)


def _largest(responses: Array, count: int) -> Array:
    order = np.argsort(-responses, axis=0, kind="stable")[:count]
    return np.ascontiguousarray(order.T)
