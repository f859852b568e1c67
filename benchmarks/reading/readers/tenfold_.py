"""``tenfold.read``."""

import numpy as np
from numpy.typing import NDArray

import tenfold
from benchmarks.reading.answer import Answer, Digit
from benchmarks.reading.readers.reader import Reader

__all__ = ["make_reader"]


class _Tenfold(Reader):
    version = tenfold.__version__

    def __init__(self) -> None:
        self._read = getattr(tenfold, "read")  # noqa: B009  # fails here if this version has none

    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        reading = self._read(picture)
        digits = tuple(
            Digit(str(one.digit), float(one.confidence), int(one.line)) for one in reading.digits
        )
        return Answer(tuple(reading.lines), digits, reading.verdict)


def make_reader() -> Reader:
    """Return the reader."""
    return _Tenfold()
