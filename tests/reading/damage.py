"""Picture files damaged at random, and the reader that must survive them.

    python -m tests.reading.damage 10000 [SEED]

writes that many damaged files of all formats and modes, one after the other, reads each as
``tenfold read`` does, and prints every traceback, and every file that took long. The test suite
runs a sample of the same.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.reading import Reading
from tenfold.reading.pictures import read_many
from tests.reading.pages import page

__all__ = ["KINDS", "damaged_file", "survives"]

KINDS: tuple[tuple[str, str], ...] = (
    ("PNG", "L"),
    ("PNG", "RGB"),
    ("PNG", "RGBA"),
    ("PNG", "LA"),
    ("PNG", "P"),
    ("PNG", "1"),
    ("PNG", "I;16"),
    ("JPEG", "L"),
    ("JPEG", "RGB"),
    ("JPEG", "CMYK"),
    ("GIF", "P"),
    ("BMP", "RGB"),
    ("TIFF", "L"),
    ("TIFF", "RGB"),
    ("TIFF", "I;16"),
    ("TIFF", "F"),
    ("WEBP", "RGB"),
    ("PPM", "RGB"),
    ("TGA", "RGB"),
    ("ICO", "RGB"),
)
"""The format and the mode of the files that are damaged."""

_SLOW = 20.0  # seconds


def damaged_file(kind: tuple[str, str], rng: np.random.Generator) -> bytes:
    """Return a picture of two digits as a file with wrong, missing, repeated or added bytes."""
    name, mode = kind
    buffer = BytesIO()
    picture = Image.fromarray(page([[int(rng.integers(50)), 1]], height=30))
    picture.convert("I").convert(mode).save(buffer, name) if mode == "I;16" else picture.convert(
        mode
    ).save(buffer, name)
    content = bytearray(buffer.getvalue())
    for _ in range(int(rng.integers(1, 6))):
        _damage(content, rng)
    return bytes(content)


def _damage(content: bytearray, rng: np.random.Generator) -> None:
    """Change a file, most often near its start, where its sizes and kinds are."""
    last = max(1, len(content))
    place = int(rng.integers(min(last, 64) if rng.random() < 0.4 else last))
    size = int(rng.integers(1, 40))
    action = rng.integers(5)
    if action == 0:
        content[place : place + 1] = bytes([int(rng.integers(256))])
    elif action == 1:
        content[place : place + 4] = int(rng.choice((0, 1, 2**16, 2**31 - 1, 2**32 - 1))).to_bytes(
            4, "little" if rng.random() < 0.5 else "big"
        )
    elif action == 2:
        del content[place : place + size]
    elif action == 3:
        content[place:place] = content[place : place + size]
    else:
        del content[place if rng.random() < 0.3 else last :]


def survives(content: bytes) -> bool:
    """Return whether the reader gives a reading or one clear sentence for a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        path.write_bytes(content)
        [(_, result)] = read_many([path])
    if isinstance(result, TenfoldError):
        return "\n" not in str(result) and str(path) in str(result)
    return isinstance(result, Reading)


def _trials(count: int, seed: int) -> Iterator[tuple[int, tuple[str, str], str]]:
    """Yield the number, the kind and the fault of each file that was not survived."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        start = time.perf_counter()
        fault = ""
        try:
            content = damaged_file(kind, stream(seed, "damaged pictures", number))
            if not survives(content):
                fault = "neither a reading nor one clear sentence"
        except Exception:
            fault = traceback.format_exc()
        if time.perf_counter() - start > _SLOW:
            fault += f"\ntook {time.perf_counter() - start:.0f} seconds"
        if fault:
            yield number, kind, fault


def main(arguments: list[str]) -> None:
    """Run the trials and print their faults."""
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    faults = 0
    for number, kind, fault in _trials(count, seed):
        faults += 1
        print(f"file {number}, {kind}: {fault}", flush=True)
    print(f"{count} damaged files, {faults} faults")


if __name__ == "__main__":
    main(sys.argv[1:])
