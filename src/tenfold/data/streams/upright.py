"""Streams of digits that are stored transposed, as EMNIST's: set upright."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.orientation import TRANSPOSED, looks_transposed
from tenfold.data.orientation import set_upright as upright_data
from tenfold.data.streams.batches import ImageBatch, ImageStream

__all__ = ["set_upright"]

_SAMPLE = 2000  # images from which the orientation is detected


def set_upright(stream: ImageStream, path_names: str) -> ImageStream:
    """Return the stream with transposed digits set upright, as ``load_dataset`` does for EMNIST.

    Only sources whose name contains ``emnist`` are changed, and only these are examined, so that
    other sources are not read twice.

    Args:
        stream: The stream.
        path_names: Names of the source, of its folder and of the data in it, as one text.
    """
    if "emnist" not in path_names.lower():
        return stream
    sample = next(stream.batches(_SAMPLE))
    labels = None if sample.labels is None else np.maximum(sample.labels, 0)
    if not looks_transposed(sample.images, labels):
        return stream
    note = upright_data(Dataset(sample.images, labels), path_names).notes[-1]
    assert note != TRANSPOSED, "the name was checked"

    def pieces(start: int) -> Iterator[ImageBatch]:
        for piece in stream.pieces(start):
            images = np.ascontiguousarray(piece.images.swapaxes(1, 2))
            yield replace(piece, images=images)

    return replace(stream, pieces=pieces, notes=(*stream.notes, note))
