"""MNIST, which is part of the package: nothing is downloaded."""

from importlib import resources

import numpy as np

from tenfold.data.dataset import Dataset, Part
from tenfold.data.idx import read_idx
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["load_mnist"]

_PREFIXES = {"train": "train", "test": "t10k"}


@checked
def load_mnist(part: Part = "train") -> Dataset:
    """Return MNIST's 60,000 training or 10,000 test images, (N, 28, 28, 1) uint8, with labels.

    The images are in the published order. Each call reads the files again, in a few tenths of a
    second.

    Args:
        part: "train" or "test".

    Raises:
        ValueError: If the split is neither "train" nor "test".
    """
    images = _read(f"{_PREFIXES[part]}-images-idx3-ubyte.gz")
    labels = _read(f"{_PREFIXES[part]}-labels-idx1-ubyte.gz")
    return Dataset(images[..., np.newaxis], labels.astype(np.int64), f"MNIST {part}")


def _read(name: str) -> Array:
    with resources.as_file(resources.files("tenfold.data") / "mnist" / name) as path:
        return read_idx(path)
