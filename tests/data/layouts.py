"""One data set in every supported layout, written without the readers' code."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from tests.data.damage import digits

COUNT = 12
IMAGES = digits(COUNT)
IMAGES[0, 14] = 255
LABELS = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5])
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CELLS: dict[str, Callable[[int], str]] = {
    "whole": str,
    "point": lambda pixel: f"{pixel}.0",
    "scaled": lambda pixel: f"{pixel / 255:.9g}",
    "padded": lambda pixel: f" {pixel}",
}
PIXEL_NAMES: tuple[Callable[[int], str], ...] = (
    lambda i: f"pixel{i}",
    lambda i: f"px_{i + 1}",
    lambda i: f"{i // 28 + 1}x{i % 28 + 1}",
    str,
)


@dataclass(frozen=True)
class CsvLayout:
    """How a CSV file is written."""

    separator: str
    header: bool
    label: str | None  # name of its column
    last: bool
    index: str | None  # name of its column
    pixels: Callable[[int], str]
    cell: str
    quoted: bool
    bom: bool
    end: str
    encoding: str

    def write(self) -> bytes:
        rows = [self._row(i) for i in range(COUNT)]
        names = [self.pixels(i) for i in range(784)]
        first = self._with_label(names, self.label or "label")
        if self.index is not None:
            first, rows = [self.index, *first], [[str(i), *row] for i, row in enumerate(rows)]
        file = io.StringIO()
        writer = csv.writer(
            file,
            delimiter=self.separator,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
            lineterminator=self.end,
        )
        writer.writerows([first, *rows] if self.header else rows)
        text = file.getvalue()
        if self.encoding == "utf-16":
            return text.encode("utf-16")
        return text.encode("utf-8-sig" if self.bom else "utf-8")

    def _row(self, i: int) -> list[str]:
        cells = [CELLS[self.cell](int(pixel)) for pixel in IMAGES[i].ravel()]
        if self.separator == " ":
            cells = [cell.strip() for cell in cells]
        return self._with_label(cells, str(LABELS[i]))

    def _with_label(self, cells: list[str], label: str) -> list[str]:
        if self.label is None:
            return cells
        return [*cells, label] if self.last else [label, *cells]


@st.composite
def csv_layouts(draw: st.DrawFn) -> CsvLayout:
    """Draw a dialect of CSV."""
    separator = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    index = draw(st.sampled_from([None, "", "Unnamed: 0", "id", "index"]))
    header = draw(st.booleans())
    if separator == " " and header and index in ("", "Unnamed: 0"):
        index = "id"  # spaces cannot separate an empty name
    label = draw(st.sampled_from([None, "label", "Class", "digit", "target", "y", "Ziffer"]))
    if not header:
        label = label and "label"
    return CsvLayout(
        separator=separator,
        header=header,
        label=label,
        last=draw(st.booleans()),
        index=index,
        pixels=draw(st.sampled_from(PIXEL_NAMES)),
        cell=draw(st.sampled_from(list(CELLS))),
        quoted=draw(st.booleans()) and separator != " ",
        bom=draw(st.booleans()),
        end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-8", "utf-16"])),
    )


FOLDER_NAMES: dict[str, Callable[[int], str]] = {
    "digit": str,
    "word": WORDS.__getitem__,
    "title": lambda digit: WORDS[digit].title(),
    "digit_": lambda digit: f"digit_{digit}",
    "class": lambda digit: f"class{digit}",
    "num": lambda digit: f"num{digit}",
}
FILE_NAMES: dict[str, Callable[[int, int], str]] = {
    "id_label": lambda i, digit: f"{i:05d}_{digit}",
    "train-id-label": lambda i, digit: f"train-{i}-{digit}",
    "label_id": lambda i, digit: f"{digit}_{i:04d}",
    "id-numlabel": lambda i, digit: f"{i}-num{digit}",
    "word": lambda i, digit: f"{WORDS[digit]} ({i})",
    "img label": lambda i, digit: f"img_{i + 100}_label_{digit}",
}


def write_pictures(folder: Path, name: Callable[[int, int], str]) -> None:
    """Write the images as PNG files; the name may contain a folder."""
    for i, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
        path = folder / f"{name(i, int(label))}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)


def write_table(path: Path, header: str | None, label_first: bool, cell: str) -> None:
    """Write a table of the labels of pictures named 00000.png and so on."""
    rows = [] if header is None else [header.split(",")]
    for i, label in enumerate(LABELS):
        name = {"name": f"{i:05d}.png", "stem": f"{i:05d}", "id": str(i)}[cell]
        rows.append([name, str(label)])
    lines = [",".join(reversed(row) if label_first else row) for row in rows]
    path.write_text("\n".join(lines) + "\n")


ARRAYS: dict[str, Callable[[], Any]] = {
    "bytes": lambda: IMAGES,
    "flat": lambda: IMAGES.reshape(COUNT, 784),
    "channels last": lambda: IMAGES[..., np.newaxis],
    "channels first": lambda: IMAGES[:, np.newaxis],
    "scaled": lambda: (IMAGES / 255).astype(np.float32),
    "float": lambda: IMAGES.astype(np.float64),
    "int64": lambda: IMAGES.astype(np.int64),
}
LABEL_ARRAYS: dict[str, Callable[[], Any]] = {
    "int64": lambda: LABELS,
    "uint8 column": lambda: LABELS.astype(np.uint8)[:, np.newaxis],
    "float": lambda: LABELS.astype(np.float32),
    "strings": lambda: LABELS.astype(str),
    "bytes": lambda: LABELS.astype("S2"),
    "one-hot": lambda: np.eye(10)[LABELS],
}
ARRAY_NAMES = (
    ("x_train", "y_train"),
    ("X_train", "Y_train"),
    ("train_images", "train_labels"),
    ("images", "labels"),
    ("data", "target"),
    ("x", "y"),
)


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 1)


def zipped(folder: Path) -> bytes:
    """Return a zip archive of a folder's content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return file.getvalue()
