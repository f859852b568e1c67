"""Encoded pictures of a stream: decoded by a few threads, in order."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.picture import PictureBytes, read_picture
from tenfold.data.streams.batches import NO_LABEL, EncodedPicture, ImageBatch, ImageStream
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["MAX_PICTURE", "Decode", "decode_image", "encoded_stream"]

Decode: TypeAlias = Callable[[bytes, str], Array]
"""Called with the bytes of a picture file and its name for messages; returns (28, 28, 1) uint8."""

MAX_PICTURE = 2**28
"""Largest size of a picture file in a stream, in bytes."""

_TASK = 32  # pictures that a thread decodes at a time
_PIECE = 256  # pictures that are in memory at a time
_THREADS = min(4, os.cpu_count() or 1)


def decode_image(content: bytes, name: str) -> Array:
    """Return the image (28, 28, 1) uint8 that ``read_image`` returns for a file.

    Args:
        content: The bytes of the file.
        name: Name of the file in messages.

    Raises:
        TenfoldError: If the bytes cannot be read as an image.
    """
    return read_picture(PictureBytes(name, content)).image


def encoded_stream(
    name: str,
    format_name: str,
    labelled: bool,
    pictures: Callable[[int], Iterator[EncodedPicture]],
    decode: Decode,
    count: int | None = None,
    notes: tuple[str, ...] = (),
) -> ImageStream:
    """Return the stream of encoded pictures.

    Args:
        name: Name of the source.
        format_name: Noun phrase for its format.
        labelled: Whether the source has labels. If it has, a picture without a label is an error.
        pictures: Yields the pictures from a position on.
        decode: Decodes one picture; several threads call it.
        count: Number of pictures, if it is known.
        notes: Remarks on the source.
    """

    def pieces(start: int) -> Iterator[ImageBatch]:
        return _decoded_pieces(pictures(start), start, labelled, decode)

    return ImageStream(name, format_name, labelled, pieces, count, notes, pictures)


def _decoded_pieces(
    pictures: Iterable[EncodedPicture], first: int, labelled: bool, decode: Decode
) -> Iterator[ImageBatch]:
    """Yield pictures as images, in order."""
    with ThreadPoolExecutor(_THREADS) as threads:
        for piece in _grouped(pictures):
            tasks = [piece[at : at + _TASK] for at in range(0, len(piece), _TASK)]
            done = threads.map(lambda task: [_decoded(one, decode) for one in task], tasks)
            yield _batch(piece, [result for task in done for result in task], first, labelled)
            first += len(piece)


def _grouped(pictures: Iterable[EncodedPicture]) -> Iterator[list[EncodedPicture]]:
    """Yield pictures in groups; if the source raises an error, first yield those before it."""
    group: list[EncodedPicture] = []
    try:
        for picture in pictures:
            group.append(picture)
            if len(group) == _PIECE:
                yield group
                group = []
    except TenfoldError:
        if group:
            yield group
        raise
    if group:
        yield group


def _decoded(picture: EncodedPicture, decode: Decode) -> Array | str:
    """Return the image of a picture, or what is wrong with it."""
    try:
        return decode(picture.read(), picture.place)
    except TenfoldError as error:
        return str(error)


def _batch(
    pictures: Sequence[EncodedPicture], results: Sequence[Array | str], first: int, labelled: bool
) -> ImageBatch:
    """Return pictures as a batch; ``results`` has the image of each, or what is wrong with it."""
    errors = {i: text for i, text in enumerate(results) if isinstance(text, str)}
    if labelled:
        for i, picture in enumerate(pictures):
            if picture.label is None:
                errors.setdefault(i, f"{picture.place} has no label")
    images = np.zeros((len(pictures), SIDE, SIDE, 1), np.uint8)
    labels = np.full(len(pictures), NO_LABEL, np.int64)
    for i, (picture, result) in enumerate(zip(pictures, results, strict=True)):
        if i not in errors:
            assert not isinstance(result, str)
            images[i] = result
            labels[i] = NO_LABEL if picture.label is None else picture.label
    names = tuple(picture.name for picture in pictures)
    return ImageBatch(first, names, images, labels if labelled else None, errors)
