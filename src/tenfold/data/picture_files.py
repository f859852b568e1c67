"""Picture files with labels as a data set."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.picture import Picture, read_picture

__all__ = ["read_pictures"]


def read_pictures(
    files: Sequence[tuple[Path, int]], name: str, notes: Sequence[str] = ()
) -> Dataset:
    """Return a data set of image files with their labels.

    Args:
        files: Paths and labels, at least one.
        name: Name of the data set.
        notes: Further notes, which come after those on inverted and resized pictures.

    Raises:
        TenfoldError: If a picture cannot be read; the message names the first one.
    """
    pictures = [read_picture(file) for file, _ in files]
    return Dataset(
        np.stack([picture.image for picture in pictures]),
        np.array([digit for _, digit in files], np.int64),
        name,
        (*_count_changes(pictures), *notes),
    )


def _count_changes(pictures: Sequence[Picture]) -> list[str]:
    of_all = f"of {len(pictures)} image files"
    inverted = sum(picture.inverted for picture in pictures)
    resized = sum(picture.resized for picture in pictures)
    notes = {
        f"{inverted} {of_all} had dark ink on a light background and were inverted": inverted,
        f"{resized} {of_all} were not 28 x 28 and were resized": resized,
    }
    return [note for note, count in notes.items() if count]
