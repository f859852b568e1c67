"""What ``mpiexec`` or ``srun`` says about the processes that it has started."""

import os

from tenfold.errors import TenfoldError

__all__ = ["launched_by_mpiexec", "launched_ranks", "number_of_this_rank"]

# Variables with the number of processes: MPICH and Intel MPI; Open MPI; SLURM.
_MPIEXEC = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE")
_SLURM = "SLURM_NTASKS"
_RANKS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID")


def launched_ranks() -> int:
    """Return how many processes were started together with this one; 1 if it is alone.

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
