"""MNIST itself, which comes with the package: nothing is downloaded, ever."""

from importlib import resources
from typing import get_args

import numpy as np

from tenfold.data.dataset import Dataset, Part
from tenfold.data.idx import read_idx
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["check_part", "load_mnist"]

_FILES = {"train": "train", "test": "t10k"}


def load_mnist(part: Part = "train") -> Dataset:
    """Return MNIST's 60,000 training or 10,000 test images, (N, 28, 28, 1) uint8, with labels.

    In the published order. It takes some tenths of a second and is not kept.

    Raises:
        TenfoldError: if the part is neither ``"train"`` nor ``"test"``.
    """
    check_part(part)
    images = _read(f"{_FILES[part]}-images-idx3-ubyte.gz")
    labels = _read(f"{_FILES[part]}-labels-idx1-ubyte.gz")
    return Dataset(images[..., np.newaxis], labels.astype(np.int64), f"MNIST {part}")


def check_part(part: str) -> None:
    """Raise TenfoldError unless ``part`` is one of the two that data comes in."""
    if part not in get_args(Part):
        raise TenfoldError(f"data has the parts 'train' and 'test', not {part!r}: choose one.")


def _read(name: str) -> Array:
    with resources.as_file(resources.files("tenfold.data") / "mnist" / name) as path:
        return read_idx(path)
