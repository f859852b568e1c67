"""A process that answers each request with one line, seen from the measuring program."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["ChildProcess"]

_ROOT = Path(__file__).resolve().parents[1]


class ChildProcess:
    """A process that is started at once and ends with the ``with`` block.

    Args:
        command: The program and its arguments; the working folder is that of the repository.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
        )

    def __enter__(self) -> Self:
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

    def _send(self, request: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(request)
        self._process.stdin.flush()

    def _receive(self) -> str:
        """Return the next line of the process; raise ``_ended_early`` if it has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.communicate()
            raise self._ended_early(self._process.returncode)
        return line.decode().strip()

    def _ended_early(self, code: int) -> BaseException:
        """Return the error for a process that ended with an exit code before it answered."""
        return RuntimeError(f"the process ended early with code {code}")
