"""The process of a reader, seen from the measuring program (see ``worker``)."""

import json
import sys
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.child_process import ChildProcess
from benchmarks.reading.answer import Answer

__all__ = ["ReaderProcess", "Timed"]

Timed = tuple[Answer, float]
"""An answer, and the milliseconds that it took."""


class ReaderProcess(ChildProcess):
    """A reader in a process of its own.

    Args:
        module: Module of the reader.
        python: The interpreter that has the reader's packages.

    Attributes:
        version: Version of the reader.
        modes: Its modes.
        start_ms: Milliseconds until it has read a first, tiny picture.
        peak_mb: Its largest memory so far, in MB.

    Raises:
        RuntimeError: If the process ends early; its message is on stderr.
    """

    def __init__(self, module: str, python: str = sys.executable) -> None:
        self._module = module
        self.peak_mb = 0.0
        started = time.perf_counter()
        super().__init__([python, "-m", "benchmarks.reading.worker", module])
        ready = json.loads(self._receive())
        self.start_ms = 1e3 * (time.perf_counter() - started)
        self.version: str = ready["version"]
        self.modes = tuple(ready["modes"])

    def read(self, picture: NDArray[np.uint8], mode: str) -> Timed:
        """Return the answer to a picture (H, W, 3), and the milliseconds that it took."""
        header = json.dumps({"shape": picture.shape, "mode": mode}).encode() + b"\n"
        self._send(header + picture.tobytes())
        reply = json.loads(self._receive())
        self.peak_mb = reply["mb"]
        return Answer.from_dict(reply["answer"]), reply["ms"]

    def _ended_early(self, code: int) -> BaseException:
        return RuntimeError(f"the process of {self._module} ended early with code {code}")
