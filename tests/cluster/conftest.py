"""Programs of several processes."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MPIEXEC = Path(sys.executable).with_name("mpiexec")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment of a program that imports ``tenfold`` and ``tests`` from this checkout."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="session")
def mpiexec(environment: dict[str, str]) -> Start:
    """Start Python with the given arguments on a number of ranks."""
    if find_spec("mpi4py") is None or not MPIEXEC.exists():
        pytest.skip("no MPI: pip install '.[mpi]'")

    def start(ranks: int, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [MPIEXEC, "-n", str(ranks), sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment | variables,
            start_new_session=True,
        )

    return start
