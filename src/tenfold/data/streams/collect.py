"""A whole stream in memory, and a data set in memory as a stream."""

from collections.abc import Iterator

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.streams.batches import ImageBatch, ImageStream, position_names
from tenfold.errors import TenfoldError

__all__ = ["collected", "dataset_stream"]

_PIECE = 4096  # images of a piece


def collected(stream: ImageStream) -> Dataset:
    """Return all images of a stream as a data set.

    Raises:
        TenfoldError: If an item cannot be read; the message gives the first one.
    """
    images, labels = [], []
    for batch in stream.batches():
        if batch.errors:
            raise TenfoldError(batch.errors[min(batch.errors)])
        images.append(batch.images)
        if batch.labels is not None:
            labels.append(batch.labels)
    digits = np.concatenate(labels) if labels else None
    return Dataset(np.concatenate(images), digits, stream.name, stream.notes)


def dataset_stream(dataset: Dataset, format_name: str) -> ImageStream:
    """Return the stream of a data set in memory, or mapped from a file.

    Args:
        dataset: The data set.
        format_name: Noun phrase for the format that it was read from.
    """

    def pieces(start: int) -> Iterator[ImageBatch]:
        for first in range(start, len(dataset), _PIECE):
            images = dataset.images[first : first + _PIECE]
            labels = None if dataset.labels is None else dataset.labels[first : first + _PIECE]
            yield ImageBatch(first, position_names(first, len(images)), images, labels)

    labelled = dataset.labels is not None
    return ImageStream(dataset.name, format_name, labelled, pieces, len(dataset), dataset.notes)
