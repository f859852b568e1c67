"""Tesseract, restricted to digits, with and without its page segmentation."""

import io
import re
import subprocess

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.answer import Answer
from benchmarks.reading.readers.reader import Reader

__all__ = ["lines_of_table", "make_reader"]

_SEGMENTATION = {"automatic layout": 3, "block": 6, "line": 7, "character": 10}
_BORDER = 10  # Tesseract needs some room around the text


class _Tesseract(Reader):
    modes = tuple(_SEGMENTATION)

    def __init__(self) -> None:
        said = subprocess.run(
            ["tesseract", "--version"], capture_output=True, text=True, check=True
        )
        found = re.search(r"\d[\d.]*", said.stdout + said.stderr)
        self.version = found[0] if found else "unknown"

    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        stored = io.BytesIO()
        around = np.pad(picture, ((_BORDER, _BORDER), (_BORDER, _BORDER), (0, 0)), mode="edge")
        Image.fromarray(around).save(stored, "BMP")
        command = ["tesseract", "-", "-", "--psm", str(_SEGMENTATION[mode])]
        digits = ["-c", "tessedit_char_whitelist=0123456789"]
        run = subprocess.run(
            [*command, *digits, "tsv"], input=stored.getvalue(), capture_output=True
        )
        return Answer.of_lines(lines_of_table(run.stdout.decode("utf-8", "replace")))


def lines_of_table(table: str) -> list[tuple[str, float]]:
    """Return the text and the lowest confidence of each line of Tesseract's TSV output."""
    lines: dict[tuple[str, ...], tuple[str, float]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            key = tuple(cells[1:5])  # page, block, paragraph, line
            text, score = lines.get(key, ("", 1.0))
            lines[key] = (text + cells[11].strip(), min(score, float(cells[10]) / 100))
    return list(lines.values())


def make_reader() -> Reader:
    """Return the reader."""
    return _Tesseract()
