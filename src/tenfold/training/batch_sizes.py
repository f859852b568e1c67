"""Batches that are too small for batch normalisation, and what to set instead.

Batch normalisation subtracts the mean of each feature. The mean of a single value is the value
itself, so a feature that has only one value in a batch becomes 0 whatever the image is. After a
dense layer, a feature has one value per image, so a batch needs at least two images. After a
convolution, a feature has H * W values per image. Each shard of a batch is normalised by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, prod

from tenfold.errors import TenfoldError
from tenfold.nn import BatchNorm, Layer, Network, Residual
from tenfold.nn.arguments import checked

__all__ = ["BatchProblem", "batch_problem", "check_batches", "least_images", "smallest_shard"]

_LEAST_VALUES = 2  # least number of values of a feature for batch normalisation


@dataclass(frozen=True)
class BatchProblem:
    """Why batches are too small.

    Attributes:
        statement: A clause with the rule and the sizes.
        advice: A clause that says what to do.
        settings: The advice as settings of a recipe; empty if only more images help.
    """

    statement: str
    advice: str
    settings: tuple[str, ...] = ()


def least_images(network: Network) -> int:
    """Return the number of images that each shard of a batch must have: 2 or 1.

    It is 2 if batch normalisation sees one value per image, and otherwise 1.
    """
    sizes = _values_per_image(network.layers, network.input_shape)
    return max((ceil(_LEAST_VALUES / size) for size in sizes), default=1)


def smallest_shard(images: int, shards: int) -> int:
    """Return the size of the smallest shard of a batch; a small batch is cut into fewer shards."""
    return max(1, images // shards)


@checked
def batch_problem(
    network: Network, images: int, batch_size: int | None, shards: int
) -> BatchProblem | None:
    """Return why batches are too small for the network's batch normalisation, or None.

    A short last batch is no problem, since it is merged with the one before it (``Batches``).

    Args:
        network: The network.
        images: Number of training images.
        batch_size: Number of images per step; None for all of them.
        shards: Number of parts that each batch is cut into.
    """
    least, size = least_images(network), min(batch_size or images, images)
    if smallest_shard(size, shards) >= least:
        return None
    where = "batch" if shards == 1 else "shard of a batch"
    found = f"batches of {size}" if shards == 1 else f"batches of {size} in {shards} shards"
    statement = f"batch normalisation needs at least {least} images in each {where}, got {found}"
    if images >= least * shards:
        one_shard_helps = shards > 1 and size >= least
        advice = (
            f"set batch_size to at least {least * shards}{', or shards to 1' * one_shard_helps}"
        )
        return BatchProblem(statement, advice, (f"batch_size={max(32, least * shards)}",))
    if images >= least:
        advice = f"set shards to 1, as there are {images} training images"
        settings = ["shards=1"]
        if size < least:
            advice, settings = (
                f"{advice}, and batch_size to at least {least}",
                [*settings, "batch_size=32"],
            )
        return BatchProblem(statement, advice, tuple(settings))
    return BatchProblem(statement, "add training images")


@checked
def check_batches(network: Network, images: int, batch_size: int | None, shards: int) -> None:
    """Raise an error if batches are too small for the network's batch normalisation.

    Args:
        network: The network.
        images: Number of training images.
        batch_size: Number of images per step; None for all of them.
        shards: Number of parts that each batch is cut into.

    Raises:
        TenfoldError: If a batch or shard is too small; the message says what to set.
    """
    problem = batch_problem(network, images, batch_size, shards)
    if problem is not None:
        raise TenfoldError(f"{problem.statement}: {problem.advice}")


def _values_per_image(layers: Sequence[Layer], shape: tuple[int, ...]) -> Iterator[int]:
    """Yield how many values of a feature each batch normalisation gets from one image."""
    for layer in layers:
        if isinstance(layer, BatchNorm):
            yield prod(shape[:-1])
        elif isinstance(layer, Residual):
            yield from _values_per_image(layer.block, shape)
        shape = layer.output_shape(shape)
