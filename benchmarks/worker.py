"""The process of a subject, seen from the measuring program (see ``subjects/serving.py``)."""

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
    """Return whether the packages that a subject needs are installed."""
    package = LIBRARIES[subject.library].package
    if subject.library == "python" and subject.mode.startswith("import "):
        package = subject.mode.removeprefix("import ").split(".")[0]
    return not package or find_spec(package) is not None


class Worker:
    """A process that prepares a measurement and repeats it on request.

    Raises:
        SystemExit: If the process ends early; its error message is on stderr.
    """

    def __init__(self, subject: Subject, measurement: Measurement) -> None:
        self._name = f"{subject}: {measurement.name}"
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

    def measure(self, repetition: int) -> dict[str, float]:
        """Measure once, and return the figures by metric."""
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
                f"{self._name} ended early with code {self._process.returncode}; the cases "
                "measured before it are saved, and --only measures the rest"
            )
        return line.strip()
