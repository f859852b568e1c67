"""The environment variables by which ``mpiexec`` and ``srun`` describe the started processes."""

import os
import sys
from collections.abc import Callable

from tenfold.errors import TenfoldError, UsageError

__all__ = ["launched_by_mpiexec", "launched_ranks", "lead_or_follow", "number_of_this_rank"]

_COMMAND = "train"

# Variables with the number of processes: MPICH and Intel MPI; Open MPI; SLURM.
_MPIEXEC = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE")
_SLURM = "SLURM_NTASKS"
# Variables with the number of this process, from 0.
_RANKS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID")


def launched_ranks() -> int:
    """Return how many processes were started together, including this one.

    Raises:
        TenfoldError: If a variable of the launcher is not a number.
    """
    return max(map(_number, (*_MPIEXEC, _SLURM)))


def launched_by_mpiexec() -> bool:
    """Return whether ``mpiexec`` has started several processes.

    SLURM sets its variable also in a batch script, which is a single process until it calls
    ``srun``.
    """
    return max(map(_number, _MPIEXEC)) > 1


def number_of_this_rank() -> int:
    """Return the number of this process among those started together, from 0."""
    return next((int(os.environ[name]) for name in _RANKS if name in os.environ), 0)


def _number(name: str) -> int:
    text = os.environ.get(name, "1")
    if not text.isdigit():
        raise TenfoldError(
            f"the environment variable {name} must be a number of processes, got {text!r}: it is "
            "set by mpiexec or srun; unset it to train in one process"
        )
    return int(text)


def lead_or_follow(main: Callable[[], None], arguments: list[str]) -> None:
    """Call ``main``. With several processes, only rank 0 calls it; the others train with rank 0.

    Args:
        main: Executes the command; it may raise SystemExit.
        arguments: The arguments of the command line, without the program.

    Raises:
        UsageError: If ``mpiexec`` starts another command than ``train``.
        TenfoldError: If several processes were started and there is no MPI.
    """
    if launched_ranks() == 1 or (arguments[:1] != [_COMMAND] and not launched_by_mpiexec()):
        main()
    elif arguments[:1] == [_COMMAND]:
        from tenfold.cluster.ranks import train_over_ranks

        train_over_ranks(main, launched_ranks())
    elif number_of_this_rank() > 0:
        sys.exit(UsageError.exit_code)
    else:
        raise UsageError("mpiexec can start tenfold train only: run other commands without mpiexec")
