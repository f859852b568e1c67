"""New processes: the time that it takes to start."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.subjects.serving import Abilities, serve


def start_up(mode: str) -> Callable[[], object]:
    """Return a function that runs a statement in a new Python, or ``tenfold --help``."""
    command = [sys.executable, "-c", mode]
    if mode.startswith("tenfold "):
        command = [str(Path(sys.executable).with_name("tenfold")), *mode.split()[1:]]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    serve(Abilities(start_up=start_up))
