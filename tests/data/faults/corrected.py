"""Data after a reader has carried out the fix of a finding."""

import warnings
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.nn.array import Array

__all__ = ["run_lines"]


def run_lines(lines: str, data: Dataset, **others: Array) -> Dataset:
    """Run lines of Python on the arrays of a data set as a reader would; warnings are errors."""
    scope: dict[str, Any] = {"np": np, "images": data.images, "labels": data.labels, **others}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(lines, scope)
    return Dataset(scope["images"], scope["labels"], data.name)
