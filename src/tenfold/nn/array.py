"""The types of arrays in annotations: NumPy arrays, and arrays that are read when they are used."""

from typing import Any, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import DTypeLike, NDArray

__all__ = ["Array", "DTypeLike", "LazyArray"]

Array: TypeAlias = NDArray[Any]
"""A NumPy array. Docstrings give its shape and dtype.

In shapes, N is the number of images in a batch, H, W and C are the height, width and number of
channels of an image, and F is a number of features.
"""


class LazyArray(NDArrayOperatorsMixin):
    """Base class of array-likes whose rows are read from a file only when they are used.

    Functions whose annotations say ``Array`` accept such an object, too. Indexing reads the chosen
    rows; every other operation of arrays reads all rows first.
    """

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        raise NotImplementedError

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        arrays = [np.asarray(each) if isinstance(each, LazyArray) else each for each in inputs]
        return getattr(function, method)(*arrays, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)


assert np.lib.NumpyVersion(np.__version__) >= "2.0.0", "tenfold needs NumPy 2.0 or newer"
