"""Writers of one set in several containers, without the readers' code."""

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tests.data.layouts import zipped


def write_csv(folder: Path, images: Array, labels: Array | None, header: bool = True) -> Path:
    rows = [list(map(_cell, row)) for row in images.reshape(len(images), -1)]
    names = [f"pixel{i}" for i in range(len(rows[0]))]
    if labels is not None:
        columns = labels.reshape(len(labels), -1)
        rows = [[*map(_cell, label), *row] for label, row in zip(columns, rows, strict=True)]
        width = columns.shape[1]
        names = [*(["label"] if width == 1 else [f"is_{i}" for i in range(width)]), *names]
    lines = [*[names] * header, *rows]
    (folder / "train.csv").write_text("".join(",".join(line) + "\n" for line in lines))
    return folder / "train.csv"


def _cell(value: object) -> str:
    return f"{float(value):.9g}" if isinstance(value, (np.number, np.bool_)) else str(value)


def write_npz(folder: Path, images: Array, labels: Array | None) -> Path:
    arrays: dict[str, Any] = {"x_train": images} | ({} if labels is None else {"y_train": labels})
    np.savez(folder / "set.npz", **arrays)
    return folder / "set.npz"


def write_npz_pair(folder: Path, images: Array, labels: Array | None) -> Path:
    np.savez(folder / "X_set_train.npz", images)
    if labels is not None:
        np.savez(folder / "y_set_train.npz", labels)
    return folder / "X_set_train.npz"


def write_npy_pair(folder: Path, images: Array, labels: Array | None) -> Path:
    np.save(folder / "set-train-imgs.npy", images)
    if labels is not None:
        np.save(folder / "set-train-labels.npy", labels)
    return folder / "set-train-imgs.npy"


def write_idx(folder: Path, images: Array, labels: Array | None) -> Path:
    (folder / "train-images-idx3-ubyte").write_bytes(idx(images))
    if labels is not None:
        (folder / "train-labels-idx1-ubyte").write_bytes(idx(labels))
    return folder / "train-images-idx3-ubyte"


def idx(array: Array) -> bytes:
    codes = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
    kinds = {"bool": "u1", "int64": "i4", "uint16": "i4"}
    dtype = np.dtype(kinds.get(array.dtype.name, array.dtype.str[1:])).newbyteorder(">")
    head = struct.pack(">HBB", 0, codes[dtype.str[1:]], array.ndim)
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(dtype).tobytes()


def write_zip(folder: Path, images: Array, labels: Array | None) -> Path:
    inner = folder / "inner"
    inner.mkdir()
    write_csv(inner, images, labels)
    (folder / "set.zip").write_bytes(zipped(inner))
    return folder / "set.zip"


CONTAINERS: dict[str, Callable[[Path, Array, Array | None], Path]] = {
    "csv": write_csv,
    "csv without header": partial(write_csv, header=False),
    "npz": write_npz,
    "npz pair": write_npz_pair,
    "npy pair": write_npy_pair,
    "idx": write_idx,
    "zip": write_zip,
}
