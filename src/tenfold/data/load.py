"""Any data set from any path: what it is, is seen from what it holds."""

from pathlib import Path

from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.folder import digit_folders, read_folder
from tenfold.data.idx import GZIP_MAGIC
from tenfold.data.idx_files import find_idx_images, read_idx_pair
from tenfold.data.kaggle import read_kaggle_csv
from tenfold.data.mnist import check_part
from tenfold.data.npz import read_npz
from tenfold.data.opening import PathLike, opened
from tenfold.data.orientation import set_upright
from tenfold.errors import TenfoldError

__all__ = ["load_dataset", "load_parts"]

_ACCEPTED = (
    "Accepted are: a folder with MNIST's IDX files (train-images-idx3-ubyte[.gz] and so on), with "
    "Kaggle's train.csv and test.csv, or with subfolders '0' to '9' of pictures; or one IDX images "
    "file, Kaggle CSV file or .npz archive"
)
_PART_FOLDERS = {"train": ("train", "training"), "test": ("test", "testing")}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"%PDF")


def load_dataset(path: PathLike, part: Part = "train") -> Dataset:
    """Return the data at ``path``; content decides what it is, not the ending of its name.

    A folder holds MNIST's IDX files (also EMNIST's and QMNIST's), or Kaggle's ``train.csv`` and
    ``test.csv``, or subfolders "0" to "9" of pictures (or ``train`` and ``test`` with such
    subfolders). A file is IDX images (labels are found beside it), a Kaggle CSV or an npz archive.

    Digits that are stored transposed, as EMNIST's are, are recognised by their looks. If the name
    of the file or its folder says ``emnist`` too, they are set upright; else they stay as they
    are. A note in the data says which.

    Args:
        path: of the file or folder.
        part: which half to take where there are two; a source with one half gives that.

    Raises:
        TenfoldError: if there is nothing at ``path``, it is nothing of this kind, or it is damaged.
    """
    check_part(part)
    source = Path(path)
    if source.is_dir():
        dataset = _read_folder(source, part)
    elif source.exists():
        dataset = _read_file(source, part)
    else:
        raise TenfoldError(f"there is nothing at {source}. {_ACCEPTED}.")
    return set_upright(dataset, f"{source.parent.name} {source.name} {dataset.name}")


def load_parts(path: PathLike) -> tuple[Dataset, Dataset | None]:
    """Return the data to learn from at ``path`` and, if there is such a part, that to test on.

    The second may be without labels, as Kaggle's is.

    Raises:
        TenfoldError: as ``load_dataset``.
    """
    source = Path(path)
    train = load_dataset(source, "train")
    if not source.is_dir() and not _is_archive(source):
        return train, None
    try:
        test = load_dataset(source, "test")
    except MissingPartError:
        return train, None
    return train, None if test.fingerprint == train.fingerprint else test


def _read_folder(folder: Path, part: Part) -> Dataset:
    images = find_idx_images(folder, part)
    if images:
        return read_idx_pair(images)
    if (folder / f"{part}.csv").is_file():
        return read_kaggle_csv(folder / f"{part}.csv")
    if digit_folders(folder):
        return read_folder(folder)
    for name in _PART_FOLDERS[part]:
        if (folder / name).is_dir() and digit_folders(folder / name):
            return read_folder(folder / name)
    raise MissingPartError(f"the folder {folder} holds no {part} data that is known. {_ACCEPTED}.")


def _is_archive(source: Path) -> bool:
    with opened(source) as file:
        return file.read(2) == b"PK"


def _read_file(source: Path, part: Part) -> Dataset:
    with opened(source) as file:
        start = file.read(4)
    if start.startswith((GZIP_MAGIC, b"\0\0")) or start.endswith(b"\0\0"):
        return read_idx_pair(source)
    if _is_archive(source):
        return read_npz(source, part)
    if start.startswith(_PICTURES):
        raise TenfoldError(f"{source} is one picture or document, not a data set. {_ACCEPTED}.")
    return read_kaggle_csv(source)
