"""What a stream yields: consecutive images of a source, in batches of one size."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = [
    "NO_LABEL",
    "EncodedPicture",
    "ImageBatch",
    "ImageStream",
    "convert_rows",
    "position_names",
]

NO_LABEL = -1
"""The label of an item with an error in a labelled source."""


@dataclass(frozen=True, eq=False)
class ImageBatch:
    """Consecutive items of a source. An item that cannot be read is a blank image, with an error.

    Attributes:
        first: Position of the first item in the source, from 0.
        names: Name of each item, (n,): its path in the folder or archive, or its position in an
            array or table as text.
        images: (n, 28, 28, 1) uint8; blank where an item has an error.
        labels: (n,) int64, -1 where an item has an error; None if the source is unlabelled.
        errors: What is wrong with an item, by its position in the batch, 0 to n - 1.
    """

    first: int
    names: tuple[str, ...]
    images: Array
    labels: Array | None
    errors: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.images)

    def part(self, start: int, end: int) -> "ImageBatch":
        """Return the items at positions ``start`` to ``end`` - 1 of the batch, as views."""
        chosen = {i - start: text for i, text in self.errors.items() if start <= i < end}
        labels = None if self.labels is None else self.labels[start:end]
        names, images = self.names[start:end], self.images[start:end]
        return ImageBatch(self.first + start, names, images, labels, chosen)


@dataclass(frozen=True, eq=False)
class EncodedPicture:
    """One picture of a source, not yet decoded.

    Attributes:
        name: Name of the picture in the source.
        read: Returns the bytes of the file; raises TenfoldError if that is not possible.
        label: Label of the picture; None if it is unknown.
        place: Name of the picture in messages.
    """

    name: str
    read: Callable[[], bytes]
    label: int | None
    place: str


@dataclass(frozen=True, eq=False)
class ImageStream:
    """The images of a source, one after the other, with few of them in memory at a time.

    Attributes:
        name: Name of the file or folder.
        format: Noun phrase for its format, such as "a tar archive of image files".
        labelled: Whether the items have labels.
        pieces: Yields the items from a position on, in pieces of any size.
        count: Number of items; None if it is known only at the end.
        notes: What was detected, one sentence each.
        pictures: Yields the encoded pictures from a position on; None for a source of raw pixels.
            Each picture must be read before the next one is asked for.
    """

    name: str
    format: str
    labelled: bool
    pieces: Callable[[int], Iterator[ImageBatch]]
    count: int | None = None
    notes: tuple[str, ...] = ()
    pictures: Callable[[int], Iterator[EncodedPicture]] | None = None

    def batches(self, size: int = 1024, start: int = 0) -> Iterator[ImageBatch]:
        """Yield the items in their order, in batches of ``size``; the last may be smaller.

        The items do not depend on the size or on where a reader starts, so an interrupted reader
        can continue at the position it had reached.

        Args:
            size: Number of items of a batch.
            start: Position of the first item to yield.

        Raises:
            TenfoldError: If the source contains no items, or ends too early. All complete items
                are yielded first.
        """
        found = False
        for batch in _cut(self.pieces(start), size):
            found = True
            yield batch
        if not found and start == 0:
            raise TenfoldError(f"{self.name} contains no images: export it again.")


def _cut(pieces: Iterable[ImageBatch], size: int) -> Iterator[ImageBatch]:
    """Yield the items of pieces in batches of ``size``; items before an error are yielded first."""
    waiting: list[ImageBatch] = []
    try:
        for piece in pieces:
            waiting.append(piece)
            if sum(map(len, waiting)) >= size:
                joined = _joined(waiting)
                end = len(joined) - len(joined) % size
                yield from (joined.part(at, at + size) for at in range(0, end, size))
                waiting = [joined.part(end, len(joined))] if end < len(joined) else []
    except TenfoldError:
        yield from map(_joined, [waiting] if waiting else [])
        raise
    yield from map(_joined, [waiting] if waiting else [])


def _joined(pieces: Sequence[ImageBatch]) -> ImageBatch:
    if len(pieces) == 1:
        return pieces[0]
    starts = np.cumsum([0, *map(len, pieces)])
    labels = [piece.labels for piece in pieces if piece.labels is not None]
    return ImageBatch(
        pieces[0].first,
        tuple(name for piece in pieces for name in piece.names),
        np.concatenate([piece.images for piece in pieces]),
        np.concatenate(labels) if labels else None,
        {
            int(start) + i: text
            for start, piece in zip(starts, pieces, strict=False)
            for i, text in piece.errors.items()
        },
    )


def position_names(first: int, count: int) -> tuple[str, ...]:
    """Return the names of items that have none: their positions as text."""
    return tuple(map(str, range(first, first + count)))


def convert_rows(
    values: Sequence[Array] | Array, convert: Callable[[Array], Array]
) -> tuple[Array, dict[int, str]]:
    """Return rows as images, and what is wrong with the rows that cannot be converted.

    Args:
        values: Rows, (n, ...).
        convert: Converts several rows, (m, ...), to images (m, 28, 28, 1); raises TenfoldError.

    Returns:
        The images (n, 28, 28, 1), blank where there is an error; the errors by position.
    """
    try:
        return convert(np.asarray(values)), {}
    except TenfoldError:
        pass
    images, errors = np.zeros((len(values), SIDE, SIDE, 1), np.uint8), {}
    for i in range(len(values)):
        try:
            images[i] = convert(np.asarray(values[i : i + 1]))[0]
        except TenfoldError as error:
            errors[i] = str(error)
    return images, errors
