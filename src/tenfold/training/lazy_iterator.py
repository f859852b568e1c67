"""An iterator that warns if it is deleted before its first item was requested.

``fit`` returns one, because it trains nothing before its first record is requested.
"""

import sys
import warnings
from collections.abc import Iterator
from typing import Generic, TypeVar

from tenfold.errors import InputWarning

__all__ = ["LazyIterator"]

_T = TypeVar("_T")


class LazyIterator(Iterator[_T], Generic[_T]):
    """The items of a generator, with an ``InputWarning`` if it was never iterated over.

    Args:
        items: The generator.
        message: Text of the warning.
    """

    def __init__(self, items: Iterator[_T], message: str) -> None:
        self._items, self._message, self._used = items, message, False

    def __next__(self) -> _T:
        self._used = True
        return next(self._items)

    def close(self) -> None:
        """End the generator at its current item."""
        self._used = True
        close = getattr(self._items, "close", None)
        if close is not None:
            close()

    def __del__(self) -> None:
        if not self._used and not sys.is_finalizing():
            warnings.warn(self._message, InputWarning, stacklevel=2)
