"""Mapped folders for tests."""

from collections.abc import Iterator
from pathlib import Path

from tenfold.data import Dataset
from tenfold.data.mapped.folder import open_folder
from tenfold.data.mapped.manifest import Manifest
from tenfold.data.mapped.writing import write_folder
from tenfold.data.streams import ImageBatch, ImageStream
from tenfold.data.streams.collect import dataset_stream

__all__ = ["convert", "failing_stream", "mapped"]


def convert(data: Dataset, folder: Path) -> Manifest:
    return write_folder(dataset_stream(data, "a test"), folder, {"path": "here"})


def mapped(data: Dataset, folder: Path) -> Dataset:
    convert(data, folder)
    return open_folder(folder)


def failing_stream(data: Dataset, error: BaseException) -> ImageStream:
    """Return a stream that raises an error after its first images."""

    def pieces(start: int) -> Iterator[ImageBatch]:
        yield from dataset_stream(data, "").pieces(start)
        raise error

    return ImageStream("failing", "a test", True, pieces)
