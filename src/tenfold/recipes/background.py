"""Call a function in another process, while this process continues.

Generating images is mostly Python code, and in one process only one thread at a time can run Python
code (the global interpreter lock). A pool of ``multiprocessing`` would run the user's script again
in each of its processes. The process that is started here runs only the function.

"Background" means here: at the same time as other work. In the rest of the package it is
everything in an image that is not ink.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

__all__ = ["Background"]

P = ParamSpec("P")
T = TypeVar("T")

_CODE = (
    "import os, pickle, sys, threading; sys.path[:] = {path!r}; "
    "function, arguments, options = pickle.load(sys.stdin.buffer); "
    "threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start(); "
    "pickle.dump(function(*arguments, **options), sys.stdout.buffer)"
)


class Background(Generic[T]):
    """One call in another process. Leaving the ``with`` block ends that process.

    If no process can be started, or it ends without a result, ``result`` makes the call in this
    process. So an error in the function is always raised here. If this process ends in any way,
    the pipe to the other process is closed, and the other process ends, too.

    Args:
        function: Function of a module. It must not print anything.
        arguments: Positional arguments of the function.
        options: Keyword arguments of the function.
    """

    def __init__(self, function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> None:
        self._call = function, arguments, options
        self._process: subprocess.Popen[bytes] | None = None
        if not sys.executable or getattr(sys, "frozen", False):
            return
        try:
            call = pickle.dumps(self._call)
        except (pickle.PicklingError, AttributeError, TypeError):
            return
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdin is not None
            self._process.stdin.write(call)
            self._process.stdin.flush()
        except OSError:
            self.close()

    def result(self) -> T:
        """Wait for the call to end, and return its result."""
        if self._process is not None:
            assert self._process.stdout is not None
            data = self._process.stdout.read()
            if self._process.wait() == 0:
                found: T = pickle.loads(data)
                return found
        function, arguments, options = self._call
        result: Any = function(*arguments, **options)
        return result

    def close(self) -> None:
        """End the other process, if it is still running."""
        if self._process is not None:
            with contextlib.suppress(BrokenPipeError), self._process as process:
                process.kill()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
