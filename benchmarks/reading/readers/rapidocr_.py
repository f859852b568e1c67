"""RapidOCR 3: PP-OCRv6 with and without its detector of text."""

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from benchmarks.reading.answer import Answer
from benchmarks.reading.readers.reader import Reader, joined

__all__ = ["make_reader"]


class _RapidOcr(Reader):
    modes = ("detector", "recogniser alone")

    def __init__(self) -> None:
        self.version = version("rapidocr")
        self._engine = RapidOCR(params={"Global.log_level": "error"})

    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        blue_first = np.ascontiguousarray(picture[..., ::-1])
        # The engine keeps the switches of its last call, so all of them are given each time.
        if mode == "detector":
            found = self._engine(blue_first, use_det=True, use_cls=False, use_rec=True)
            if found.txts is None or found.boxes is None:
                return Answer()
            boxes = [np.asarray(box, np.float64) for box in found.boxes]
            scores = [float(score) for score in found.scores]
            return Answer.of_lines(joined(list(zip(boxes, found.txts, scores, strict=True))))
        found = self._engine(blue_first, use_det=False, use_cls=False, use_rec=True)
        scores = [float(score) for score in found.scores or ()]
        return Answer.of_lines(list(zip(found.txts or (), scores, strict=True)))


def make_reader() -> Reader:
    """Return the reader."""
    return _RapidOcr()
