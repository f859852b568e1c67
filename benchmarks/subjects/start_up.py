"""Fresh processes: what it takes before anything can begin."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.subjects.serving import Abilities, serve


def start_up(mode: str) -> Callable[[], object]:
    """Return what runs a statement in a new Python, or the command ``tenfold --help``."""
    command = [sys.executable, "-c", mode]
    if mode.startswith("tenfold "):
        command = [str(Path(sys.executable).with_name("tenfold")), *mode.split()[1:]]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    serve(Abilities(start_up=start_up))
