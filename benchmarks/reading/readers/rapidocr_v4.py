"""RapidOCR 1.4: PP-OCRv4 with and without its detector of text."""

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from rapidocr_onnxruntime import RapidOCR

from benchmarks.reading.answer import Answer
from benchmarks.reading.readers.reader import Reader, joined

__all__ = ["make_reader"]


class _RapidOcrV4(Reader):
    modes = ("detector", "recogniser alone")

    def __init__(self) -> None:
        self.version = version("rapidocr-onnxruntime")
        self._engine = RapidOCR()

    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        blue_first = np.ascontiguousarray(picture[..., ::-1])
        if mode == "detector":
            found, _ = self._engine(blue_first, use_det=True, use_cls=False, use_rec=True)
            boxes = [(np.asarray(box, np.float64), t, float(s)) for box, t, s in found or ()]
            return Answer.of_lines(joined(boxes))
        found, _ = self._engine(blue_first, use_det=False, use_cls=False, use_rec=True)
        return Answer.of_lines([(text, float(score)) for text, score in found or ()])


def make_reader() -> Reader:
    """Return the reader."""
    return _RapidOcrV4()
