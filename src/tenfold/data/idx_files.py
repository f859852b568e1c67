"""IDX files as they are published: images in one file, their labels in another, paired by name.

``train-images-idx3-ubyte`` belongs to ``train-labels-idx1-ubyte``. MNIST's test files are called
``t10k``; those of EMNIST and QMNIST ``test``, with a prefix. A dot may stand for a dash, and all
may be gzipped. QMNIST's labels are tables (``labels-idx2-int``) whose first column is the digit.
"""

import re
from pathlib import Path

from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, Part
from tenfold.data.idx import read_idx
from tenfold.data.opening import PathLike, listed
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["find_idx_images", "read_idx_pair"]

_IMAGES = re.compile(r"(.*[-_.])?(?P<part>train|test|t10k)[-_.]images[-_.]idx3[-_.]ubyte")
_PARTS = {"train": "train", "test": "test", "t10k": "test"}


def find_idx_images(folder: PathLike, part: Part) -> Path | None:
    """Return the file in a folder that is named as the images of ``part``, or None.

    Raises:
        TenfoldError: if several are.
    """
    found: dict[str, Path] = {}
    for file in listed(folder):
        match = _IMAGES.fullmatch(_stem(file))
        if match and _PARTS[match["part"]] == part and file.is_file():
            # of twins (gzipped or not, with dots or dashes) one is enough
            found.setdefault(_stem(file).replace(".", "-"), file)
    if len(found) > 1:
        raise TenfoldError(
            f"{folder} holds several sets of {part} images: {', '.join(found)}. "
            "Name the file that you mean instead of the folder."
        )
    return next(iter(found.values()), None)


def read_idx_pair(path: PathLike) -> Dataset:
    """Return the images of an IDX file, with the labels of the file beside it if there is one.

    The labels file has the same name with ``labels`` for ``images`` and ``idx1`` (or ``idx2-int``)
    for ``idx3``. Without it the images are unlabelled, and a note says where labels were sought.

    Raises:
        TenfoldError: if a file is damaged, images and labels are exchanged, or do not match.
    """
    source = Path(path)
    values = read_idx(source)
    if values.ndim < 3:
        raise TenfoldError(
            f"{source} holds labels (an array of shape {values.shape}) where images are expected. "
            "Name the images file: labels are found beside it."
        )
    images, notes = to_images(values, str(source))
    beside = _labels_beside(source)
    if beside is None:
        sought = _stem(source).replace("images", "labels").replace("idx3", "idx1")
        note = f"there is no labels file beside {source.name} (such as {sought})"
        return Dataset(images, None, source.name, (*notes, note))
    return Dataset(images, _read_labels(beside), source.name, notes)


def _labels_beside(source: Path) -> Path | None:
    stem = _stem(source)
    if "images" not in stem:
        return None
    stem = stem.replace("images", "labels")
    wanted = {stem.replace("idx3", "idx1"), re.sub(r"idx3([-_.])ubyte", r"idx2\1int", stem)}
    beside = (file for file in listed(source.parent) if _stem(file) in wanted and file.is_file())
    return next(beside, None)


def _read_labels(path: Path) -> Array:
    values = read_idx(path)
    if values.ndim > 2:
        raise TenfoldError(
            f"{path} holds images (an array of shape {values.shape}) where labels are expected. "
            "Are the names of the two files exchanged?"
        )
    return to_labels(values if values.ndim == 1 else values[:, 0], str(path))


def _stem(file: Path) -> str:
    """Return the name without .gz."""
    return file.name.removesuffix(".gz")
