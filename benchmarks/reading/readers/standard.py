"""The bundled model on the picture as ``read_image`` prepares it: the baseline."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import tenfold
from benchmarks.reading.answer import Answer, Digit
from benchmarks.reading.readers.reader import Reader
from tenfold.data import read_image
from tenfold.errors import InputWarning

__all__ = ["make_reader"]


class _Standard(Reader):
    version = tenfold.__version__

    def __init__(self) -> None:
        self._model = tenfold.load("standard")
        self._folder = tempfile.TemporaryDirectory()

    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        path = Path(self._folder.name) / "picture.bmp"
        Image.fromarray(picture).save(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InputWarning)  # such as those about grey paper
            found = self._model.predict(read_image(path)[np.newaxis])
        if found.blank[0]:
            return Answer()
        text = str(found.digit[0])
        verdict = "unsure" if found.unsure[0] else "digits"
        return Answer((text,), (Digit(text, float(found.confidence[0]), 0),), verdict)


def make_reader() -> Reader:
    """Return the reader."""
    return _Standard()
