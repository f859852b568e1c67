"""The task of ``tenfold read -o``: read the consecutive pictures of one part of the source."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tenfold.cluster.bulk.tables import Answer, ReadTable, readable
from tenfold.cluster.bulk.tasks import BulkTask, attempt
from tenfold.data.picture import PictureBytes
from tenfold.errors import TenfoldError
from tenfold.reading.answer import Reading
from tenfold.reading.entries import to_entry
from tenfold.reading.pictures import read
from tenfold.threads import limit_threads

__all__ = ["ReadTask"]


@dataclass(frozen=True, eq=False)
class ReadTask(BulkTask):
    """The readings of the pictures of one part.

    Attributes:
        single: As in ``tenfold.read``.
        error_rate: As in ``tenfold.read``.
    """

    single: bool
    error_rate: float

    @property
    def table(self) -> ReadTable:
        """The columns of the answers."""
        return ReadTable()

    def answers(self, threads: int, stop: Callable[[], bool]) -> list[Answer] | None:
        """Return the reading of each picture; None if ``stop`` has returned True."""
        answers = []
        with limit_threads(1):
            for i, name in enumerate(self.items.names):
                if stop():
                    return None
                result = attempt(partial(self._read, i), self.items.errors.get(i))
                if isinstance(result, TenfoldError):
                    result = TenfoldError(readable(str(result)))
                answers.append({"row": self.items.first + i, **to_entry(readable(name), result)})
        return answers

    def _read(self, index: int) -> Reading:
        items = self.items
        source = (
            PictureBytes(items.names[index], items.contents[index])
            if items.images is None
            else items.images[index]
        )
        return read(source, single=self.single, error_rate=self.error_rate)
