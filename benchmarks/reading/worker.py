"""The process of a reader: it reads the pictures that arrive on stdin.

    python -m benchmarks.reading.worker MODULE

It imports nothing besides NumPy and its reader, so it also runs where tenfold is not installed.
"""

import importlib
import json
import os
import resource
import sys
import time
from typing import Any, BinaryIO

import numpy as np

from benchmarks.reading.answer import Answer
from benchmarks.reading.readers.reader import Reader

__all__ = ["main", "serve"]


def main() -> None:
    """Make the reader, let it read a first picture, and serve the others."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not disturb the answers
    reader: Reader = importlib.import_module(sys.argv[1]).make_reader()
    first = np.full((64, 64, 3), 255, np.uint8)
    first[16:48, 30:34] = 0
    reader.read(first, reader.modes[0])
    _send(out, {"version": reader.version, "modes": list(reader.modes)})
    serve(reader, sys.stdin.buffer, out)


def serve(reader: Reader, source: BinaryIO, out: BinaryIO) -> None:
    """Answer requests until the input ends.

    A request is a line of JSON with ``shape`` and ``mode``, and then the bytes of the picture. The
    reply is a line of JSON with ``answer``, ``ms`` and the peak memory ``mb`` so far.
    """
    while header := source.readline():
        request = json.loads(header)
        shape = tuple(request["shape"])
        picture = np.frombuffer(source.read(int(np.prod(shape))), np.uint8).reshape(shape).copy()
        started = time.perf_counter()
        try:
            answer = reader.read(picture, request["mode"])
        except Exception as error:  # the reader's failure is a result
            answer = Answer(error=f"{type(error).__name__}: {error}")
        ms = 1e3 * (time.perf_counter() - started)
        _send(out, {"answer": answer.to_dict(), "ms": ms, "mb": peak_mb()})


def peak_mb() -> float:
    """Return the largest memory of this process, or of a process that it started, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds)
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _send(out: BinaryIO, reply: dict[str, Any]) -> None:
    out.write(json.dumps(reply).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
