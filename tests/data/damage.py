"""Test data: made-up images, IDX files, and files that were damaged at random."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array: Array) -> bytes:
    """Return an IDX file, written from the description of the format without the reader's code."""
    kind = array.dtype.str[1:]
    header = bytes([0, 0, CODES[kind], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(f">{kind}").tobytes()


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw damaged content: cut, changed, with bytes inserted or removed, or only noise."""
    place = draw(st.integers(0, len(content)))
    noise = draw(st.binary(max_size=12))
    kind = draw(st.sampled_from(["cut", "change", "insert", "remove", "replace"]))
    if kind == "cut":
        return content[:place]
    if kind == "replace":
        return noise
    skipped = {"change": len(noise), "insert": 0, "remove": draw(st.integers(1, 20))}[kind]
    middle = b"" if kind == "remove" else noise
    return content[:place] + middle + content[place + skipped :]


def read_or_none(reader: Callable[[Path], Any], path: Path, content: bytes) -> Any:
    """Return what the reader returns for the content, or None if it raises TenfoldError.

    The message must name the file. Any other exception fails the test.
    """
    path.write_bytes(content)
    message = path.name
    result = None
    try:
        result = reader(path)
    except TenfoldError as error:
        message = str(error)
    assert path.name in message, "the message must name the file"
    return result


def digits(count: int, seed: int = 0) -> Array:
    """Return made-up images (count, 28, 28) uint8, all different, dark at the border."""
    rng = stream(seed, "test images")
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = rng.integers(0, 256, (count, 20, 20))
    return images
