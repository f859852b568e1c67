"""Many pictures at once, on all cores."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tenfold.errors import TenfoldError
from tenfold.reading.read import read
from tenfold.reading.result import Reading
from tenfold.reading.thresholds import ERROR_RATE
from tenfold.threads import cores

__all__ = ["read_many"]


def read_many(
    paths: Sequence[Path], *, single: bool = False, error_rate: float = ERROR_RATE
) -> Iterator[tuple[Path, Reading | TenfoldError]]:
    """Yield each path with its reading, or with the error if it cannot be read, in their order.

    Args:
        paths: Picture files.
        single: As in ``read``.
        error_rate: As in ``read``.
    """

    def one(path: Path) -> Reading | TenfoldError:
        try:
            return read(path, single=single, error_rate=error_rate)
        except TenfoldError as error:
            return error

    with ThreadPoolExecutor(min(cores(), max(1, len(paths)))) as pool:
        yield from zip(paths, pool.map(one, paths), strict=True)
