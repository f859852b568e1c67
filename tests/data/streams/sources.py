"""The same labelled images as a source of each format."""

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from tenfold.data import Dataset
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.nn.array import Array

__all__ = ["SOURCES", "png", "write_idx"]


def png(image: Array) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image[..., 0]).save(file, "PNG")
    return file.getvalue()


def write_idx(path: Path, array: Array) -> None:
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def _idx(folder: Path, data: Dataset) -> Path:
    write_idx(folder / "train-images-idx3-ubyte", data.images[..., 0])
    write_idx(folder / "train-labels-idx1-ubyte", data.require_labels())
    return folder


def _idx_gz(folder: Path, data: Dataset) -> Path:
    _idx(folder, data)
    for file in list(folder.iterdir()):
        Path(f"{file}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    return folder / "train-images-idx3-ubyte.gz"


def _npy(folder: Path, data: Dataset) -> Path:
    np.save(folder / "images.npy", data.images[..., 0])
    np.save(folder / "labels.npy", data.require_labels())
    return folder


def _npy_fractions(folder: Path, data: Dataset) -> Path:
    np.save(folder / "x_train.npy", (data.images / 255).astype(np.float32))
    np.save(folder / "y_train.npy", data.require_labels().astype(np.uint8))
    return folder / "x_train.npy"


def _npz(folder: Path, data: Dataset) -> Path:
    np.savez(folder / "a.npz", x_train=data.images, y_train=data.require_labels())
    return folder / "a.npz"


def _npz_compressed(folder: Path, data: Dataset) -> Path:
    flat = data.images.reshape(len(data), -1)
    np.savez_compressed(folder / "a.npz", x_train=flat, y_train=data.require_labels())
    return folder / "a.npz"


def _npz_fortran(folder: Path, data: Dataset) -> Path:
    flat = np.asfortranarray(data.images.reshape(len(data), -1))
    np.savez(folder / "a.npz", x_train=flat, y_train=data.require_labels())
    return folder / "a.npz"


def _csv(folder: Path, data: Dataset) -> Path:
    write_kaggle_csv(folder / "train.csv", data)
    return folder / "train.csv"


def _csv_utf16(folder: Path, data: Dataset) -> Path:
    text = _csv(folder, data).read_text().replace("\n", "\r\n").replace(",", ";")
    (folder / "train.csv").write_bytes(gzip.compress(text.encode("utf-16")))
    return folder / "train.csv"


def _csv_fractions(folder: Path, data: Dataset) -> Path:
    table = np.column_stack([data.require_labels(), data.images.reshape(len(data), -1) / 255])
    names = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    np.savetxt(folder / "train.csv", table, "%.7g", ",", header=names, comments="")
    return folder / "train.csv"


def _folders(folder: Path, data: Dataset) -> Path:
    for i, (image, label) in enumerate(data):
        (folder / str(label)).mkdir(exist_ok=True)
        (folder / str(label) / f"{i:04}.png").write_bytes(png(image))
    return folder


def _names(folder: Path, data: Dataset) -> Path:
    for i, (image, label) in enumerate(data):
        (folder / f"{i:04}_num{label}.png").write_bytes(png(image))
    return folder


def _table(folder: Path, data: Dataset) -> Path:
    rows = ["filename,label"]
    for i, (image, label) in enumerate(data):
        (folder / f"a{i}.png").write_bytes(png(image))
        rows.append(f"a{i}.png,{label}")
    (folder / "labels.csv").write_text("\n".join(rows))
    return folder


def _tar(folder: Path, data: Dataset, mode: str = "w") -> Path:
    with tarfile.open(folder / "digits.tar", mode) as archive:  # type: ignore[call-overload]
        for i, (image, label) in enumerate(data):
            content = png(image)
            member = tarfile.TarInfo(f"digits/{label}/{i:04}.png")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return folder / "digits.tar"


def _parquet_pictures(folder: Path, data: Dataset) -> Path:
    pictures = [{"bytes": png(image), "path": None} for image, _ in data]
    table = pa.table({"image": pictures, "label": data.require_labels()})
    half = len(data) // 2
    pq.write_table(table[:half], folder / "train-00000-of-00002.parquet", row_group_size=7)
    pq.write_table(table[half:], folder / "train-00001-of-00002.parquet", row_group_size=7)
    return folder


def _parquet_columns(folder: Path, data: Dataset) -> Path:
    flat = data.images.reshape(len(data), -1)
    columns = {f"pixel{i}": flat[:, i] for i in range(784)}
    table = pa.table({"label": data.require_labels(), **columns})
    pq.write_table(table, folder / "a.parquet", row_group_size=16)
    return folder / "a.parquet"


def _parquet_lists(folder: Path, data: Dataset) -> Path:
    images = (data.images[..., 0] / 255).astype(np.float32).tolist()
    table = pa.table({"image": images, "label": [str(label) for label in data.require_labels()]})
    pq.write_table(table, folder / "a.parquet", row_group_size=16)
    return folder / "a.parquet"


SOURCES: dict[str, Callable[[Path, Dataset], Path]] = {
    "idx": _idx,
    "idx, gzipped": _idx_gz,
    "npy": _npy,
    "npy of fractions": _npy_fractions,
    "npz": _npz,
    "npz, compressed": _npz_compressed,
    "npz in Fortran order": _npz_fortran,
    "csv": _csv,
    "csv in UTF-16, gzipped, with semicolons": _csv_utf16,
    "csv of fractions": _csv_fractions,
    "folders of digits": _folders,
    "labels in names": _names,
    "labels in a table": _table,
    "tar": _tar,
    "tar, gzipped": lambda folder, data: _tar(folder, data, "w:gz"),
    "parquet of pictures": _parquet_pictures,
    "parquet of columns": _parquet_columns,
    "parquet of lists": _parquet_lists,
}
"""Each writes the data into an empty folder and returns the path of the source."""
