"""The process of a reader, seen from the measuring program (see ``worker``)."""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.answer import Answer

__all__ = ["ReaderProcess", "Timed"]

_ROOT = Path(__file__).resolve().parents[2]

Timed = tuple[Answer, float]
"""An answer, and the milliseconds that it took."""


class ReaderProcess:
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
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.reading.worker", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
        )
        ready = self._receive()
        self.start_ms = 1e3 * (time.perf_counter() - started)
        self.version: str = ready["version"]
        self.modes = tuple(ready["modes"])

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def read(self, picture: NDArray[np.uint8], mode: str) -> Timed:
        """Return the answer to a picture (H, W, 3), and the milliseconds that it took."""
        assert self._process.stdin is not None
        header = json.dumps({"shape": picture.shape, "mode": mode}).encode() + b"\n"
        self._process.stdin.write(header + picture.tobytes())
        self._process.stdin.flush()
        reply = self._receive()
        self.peak_mb = reply["mb"]
        return Answer.from_dict(reply["answer"]), reply["ms"]

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.communicate()
            code = self._process.returncode
            raise RuntimeError(f"the process of {self._module} ended early with code {code}")
        return json.loads(line)
