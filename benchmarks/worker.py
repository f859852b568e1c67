"""A worker: a subject's process, as the one who asks it sees it (``subjects/serving.py``)."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

from benchmarks.cases import Measurement
from benchmarks.libraries import LIBRARIES, Subject

__all__ = ["Worker", "installed"]

_ROOT = Path(__file__).resolve().parents[1]


def installed(subject: Subject) -> bool:
    """Return whether what a subject needs is there."""
    package = LIBRARIES[subject.library].package
    if subject.library == "python" and subject.mode.startswith("import "):
        package = subject.mode.removeprefix("import ").split(".")[0]
    return not package or find_spec(package) is not None


class Worker:
    """A process that has prepared a measurement and makes it whenever it is asked.

    Raises:
        SystemExit: if it ends instead of answering; its own message stands on stderr then.
    """

    def __init__(self, subject: Subject, measurement: Measurement) -> None:
        self.called = f"{subject}: {measurement.name}"
        module = f"benchmarks.subjects.{LIBRARIES[subject.library].module}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, subject.mode, measurement.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        self._read()  # "ready"

    def __enter__(self) -> "Worker":
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

    def ask(self, repetition: int) -> dict[str, float]:
        """Let it measure once; return its figures by their metric."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{repetition}\n")
        self._process.stdin.flush()
        return json.loads(self._read())

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.communicate()
            raise SystemExit(
                f"{self.called} ended with code {self._process.returncode} instead of answering; "
                "what was measured before it is kept, and --only measures the rest"
            )
        return line.strip()
