"""The array type of the annotations."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Array", "DTypeLike"]

Array: TypeAlias = NDArray[Any]
"""A NumPy array. Docstrings give shapes and dtypes: N batch, F features, NHWC images."""

assert np.lib.NumpyVersion(np.__version__) >= "2.0.0", "tenfold needs NumPy 2.0 or newer"
