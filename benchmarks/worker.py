"""The process of a subject, seen from the measuring program (see ``subjects/serving.py``)."""

import json
import sys
from importlib.util import find_spec

from benchmarks.cases import Measurement
from benchmarks.child_process import ChildProcess
from benchmarks.libraries import LIBRARIES, Subject

__all__ = ["Worker", "installed"]


def installed(subject: Subject) -> bool:
    """Return whether the packages that a subject needs are installed."""
    package = LIBRARIES[subject.library].package
    if subject.library == "python" and subject.mode.startswith("import "):
        package = subject.mode.removeprefix("import ").split(".")[0]
    return not package or find_spec(package) is not None


class Worker(ChildProcess):
    """A process that prepares a measurement and repeats it on request.

    Raises:
        SystemExit: If the process ends early; its error message is on stderr.
    """

    def __init__(self, subject: Subject, measurement: Measurement) -> None:
        self._name = f"{subject}: {measurement.name}"
        module = f"benchmarks.subjects.{LIBRARIES[subject.library].module}"
        super().__init__([sys.executable, "-m", module, subject.mode, measurement.name])
        self._receive()  # "ready"

    def measure(self, repetition: int) -> dict[str, float]:
        """Measure once, and return the figures by metric."""
        self._send(f"{repetition}\n".encode())
        return json.loads(self._receive())

    def _ended_early(self, code: int) -> BaseException:
        return SystemExit(
            f"{self._name} ended early with code {code}; the cases measured before it are saved, "
            "and --only measures the rest"
        )
