"""Helper processes, which read pictures on further cores.

Threads of one process read hardly more pictures than one thread, since the global interpreter lock
(GIL) lets only one of them run Python code. So one worker thread of ``read_many`` reads
its pictures itself, and each of the others hands its pictures to a process of its own. A process
takes half a second to start, so it is started only if enough work is left.
"""

import contextlib
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Helpers"]

_PATIENCE = 1.0  # seconds of work before the first helper is started
_CODE = (
    "import sys; sys.path[:] = {path!r}; from tenfold.reading.helper_process import serve; serve()"
)


class Helpers:
    """The helpers of the worker threads of one call, which end with the ``with`` block.

    Args:
        count: Largest number of helpers.
        pictures: Number of pictures that will be read.
        read: Function of a path and of options that reads a picture in this process.
        options: Options of ``read``, as keywords.
    """

    def __init__(
        self, count: int, pictures: int, read: Callable[..., Any], options: dict[str, Any]
    ) -> None:
        self._count, self._left = count, pictures
        self._done = 0
        self._read, self._options = read, options
        self._lock = threading.Lock()
        self._of_thread = threading.local()
        self._helpers: list[_Helper] = []
        self._start = time.monotonic()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._closed = True
            for helper in self._helpers:
                helper.close()

    def read(self, path: Path) -> Any:
        """Return what is read from a picture, by the helper of this thread if it has one."""
        helper = self._find()
        if helper is not None:
            try:
                return helper.read(path, self._options)
            except (OSError, EOFError, pickle.UnpicklingError):  # it was ended from outside
                self._of_thread.helper = None
                if self._closed:
                    raise
        return self._read(path, **self._options)

    def _find(self) -> "_Helper | None":
        """Return the helper of this thread, which is started if enough work is left; else None.

        Enough is left if a second has passed, and at least as many pictures are left as were read.
        """
        with self._lock:
            enough = self._left >= self._done and time.monotonic() - self._start >= _PATIENCE
            self._left, self._done = self._left - 1, self._done + 1
            if hasattr(self._of_thread, "helper") or not enough or self._closed:
                return getattr(self._of_thread, "helper", None)
            self._of_thread.helper = None  # a helper that cannot be started is not tried again
            if len(self._helpers) < self._count:
                with contextlib.suppress(OSError):
                    self._of_thread.helper = _Helper()
                    self._helpers.append(self._of_thread.helper)
            found: _Helper | None = self._of_thread.helper
            return found


class _Helper:
    """One process; raises OSError if it cannot be started."""

    def __init__(self) -> None:
        if not sys.executable or getattr(sys, "frozen", False):
            raise OSError("there is no Python interpreter to start")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._reading = threading.Lock()

    def read(self, path: Path, options: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._reading:
            pickle.dump((path, options), self._process.stdin)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)

    def close(self) -> None:
        self._process.kill()  # so that a thread that waits in ``read`` ends
        with self._reading, contextlib.suppress(BrokenPipeError):
            self._process.communicate()
