"""Array-likes that are read when they are used can be given wherever arrays can."""

from typing import Any

import numpy as np
import pytest

from tenfold.nn.arguments import rule_of
from tenfold.nn.array import Array, LazyArray
from tenfold.nn.constraints import InstanceOf


class Lazy(LazyArray):
    def __init__(self, values: Array) -> None:
        self.values, self.reads = values, 0

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        self.reads += 1
        return self.values.astype(dtype or self.values.dtype)


def test_arithmetic_functions_and_methods_read_the_values() -> None:
    values = np.arange(6.0).reshape(3, 2)
    lazy = Lazy(values)
    for found, expected in (
        (lazy * 2 + 1, values * 2 + 1),
        (1 - lazy, 1 - values),
        (lazy > 2, values > 2),
        (np.maximum(lazy, 3), np.maximum(values, 3)),
        (lazy.reshape(-1), values.reshape(-1)),
        (np.stack([lazy, lazy]), np.stack([values, values])),
        (lazy.max(axis=0), values.max(axis=0)),
    ):
        np.testing.assert_array_equal(found, expected)
    assert lazy.shape == (3, 2)
    with pytest.raises(AttributeError):
        lazy._missing  # noqa: B018


def test_arguments_that_must_be_arrays_accept_them() -> None:
    lazy = Lazy(np.ones((2, 3)))
    rule = rule_of(Array)
    assert rule is not None
    assert rule.check("images", lazy) is lazy
    assert lazy.reads == 0
    with pytest.raises(ValueError, match="images must be"):
        InstanceOf(dict).check("images", lazy)
