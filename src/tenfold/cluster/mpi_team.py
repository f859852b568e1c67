"""The team of the processes that ``mpiexec`` or ``srun`` has started, through MPI."""

import math
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.threads import cores
from tenfold.training.team import Team

if TYPE_CHECKING:
    from tenfold.runs.team import SharedRun

__all__ = ["MpiTeam"]

_T = TypeVar("_T")
_RESULT = 1  # the tag of messages from rank 0
_BUSY = 0.002  # seconds of busy waiting for rank 0; after that, the process pauses
_PAUSE = 0.0005  # seconds between two checks


class MpiTeam(Team):
    """A team (``tenfold.training.Team``) of all processes of the MPI job.

    Args:
        expected: Number of processes according to the launcher.

    Attributes:
        rank: The number of this process, from 0.
        size: Number of processes.

    Raises:
        TenfoldError: If mpi4py is missing, or belongs to another MPI than the launcher. In the
            second case, each process would be a team of its own, and all would train the same run.

    References:
        Message Passing Interface Forum, "MPI: A Message-Passing Interface Standard" (2021).
    """

    def __init__(self, expected: int) -> None:
        self._mpi = _import_mpi()
        self._comm = self._mpi.COMM_WORLD
        self.rank, self.size = self._comm.rank, self._comm.size
        if self.size != expected:
            raise TenfoldError(
                f"MPI must have {expected} processes, as many as were started, got {self.size}: "
                "mpi4py belongs to another MPI than the mpiexec or srun used. Use the mpiexec of "
                "the same installation, or srun --mpi=pmi2; within a batch job, srun -n 1 or "
                "SLURM_NTASKS=1 trains in one process"
            )
        machine = self._comm.Split_type(self._mpi.COMM_TYPE_SHARED)
        self._threads = max(1, cores() // machine.size)
        self._buffers: dict[str, Array] = {}

    @property
    def threads(self) -> int:
        """The cores of this machine, divided by the number of its ranks."""
        return self._threads

    def share(self, count: int, rank: int | None = None) -> range:
        """Return which of ``count`` shards a rank computes; ``rank`` is by default this process."""
        rank = self.rank if rank is None else rank
        return range(count * rank // self.size, count * (rank + 1) // self.size)

    def sum(self, own: Sequence[Array], counts: Sequence[int], out: Array) -> None:
        """Assign to ``out`` the sum of the vectors of all ranks, in the order of the shards.

        Chunk j of each vector goes to rank j (Alltoallv), which adds the chunks from left to right;
        then each rank gets all sums (Allgatherv). MPI's own Allreduce is not used: it may add in
        any order, and the last bits of the sum depend on the order.

        Args:
            own: The vectors of this rank, one for each of its shards.
            counts: The number of vectors of each rank.
            out: The result, (n,).
        """
        bounds = [len(out) * rank // self.size for rank in range(self.size + 1)]
        sizes = np.diff(bounds)
        send = self._buffer("send", len(own) * len(out), out.dtype)
        for rank, (size, start) in enumerate(zip(sizes, bounds, strict=False)):
            chunks = send[len(own) * start :][: len(own) * size].reshape(len(own), size)
            for chunk, vector in zip(chunks, own, strict=True):
                chunk[:] = vector[start : bounds[rank + 1]]
        mine = int(sizes[self.rank])
        received = self._buffer("received", sum(counts) * mine, out.dtype)
        self._comm.Alltoallv([send, len(own) * sizes], [received, np.array(counts) * mine])
        total, *others = received.reshape(sum(counts), mine)
        for chunk in others:
            total += chunk
        self._comm.Allgatherv(total, [out, sizes])

    def gather(self, own: Array, sizes: Sequence[int]) -> Array:
        """Return the bytes of all ranks, concatenated in their order."""
        received = np.empty(sum(sizes), np.uint8)
        self._comm.Allgatherv(own, [received, sizes])
        return received

    def broadcast(self, make: Callable[[], _T]) -> _T:
        """Call ``make`` on rank 0 only, and return its result on all ranks.

        A rank that waits here keeps its core busy for at most two milliseconds. Then it sleeps
        between two checks, because rank 0 may need the core.
        """
        if self.rank == 0:
            result = make()
            sent = [self._comm.isend(result, rank, _RESULT) for rank in range(1, self.size)]
            self._mpi.Request.Waitall(sent)
            return result
        self._wait(lambda: bool(self._comm.Iprobe(0, _RESULT)))
        received: _T = self._comm.recv(source=0, tag=_RESULT)
        return received

    def next_run(self) -> "SharedRun | None":
        """Return the next run that rank 0 sends; None when the team ends. Not for rank 0."""
        return self.broadcast(lambda: None)

    def end(self, seconds: float) -> bool:
        """End the team, and return whether all ranks have called this method within ``seconds``.

        Rank 0 sends a last message. Every other rank must receive it with ``next_run`` before it
        calls ``end``: MPI kills a process that ends before it has received all its messages.
        """
        others = range(1, self.size) if self.rank == 0 else ()
        sent = [self._comm.isend(None, rank, _RESULT) for rank in others]
        barrier = self._comm.Ibarrier()
        requests = [barrier, *sent]
        return self._wait(lambda: bool(self._mpi.Request.Testall(requests)), seconds)

    def _wait(self, happened: Callable[[], bool], seconds: float = math.inf) -> bool:
        """Wait until ``happened`` returns True; return False if this takes longer than allowed."""
        start = time.perf_counter()
        while not happened():
            waited = time.perf_counter() - start
            if waited > seconds:
                return False
            if waited > _BUSY:
                time.sleep(_PAUSE)
        return True

    def abort(self, code: int) -> NoReturn:
        """End the processes of all ranks at once.

        If only this process ended, the other ranks would wait for it for ever. The error stream is
        discarded first, so that MPI does not print its own message.
        """
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        self._comm.Abort(code)
        raise AssertionError("Abort does not return")

    def _buffer(self, name: str, size: int, dtype: np.dtype[Any]) -> Array:
        """Return an array of the given size; it is used again in later steps."""
        buffer = self._buffers.get(name)
        if buffer is None or len(buffer) < size or buffer.dtype != dtype:
            buffer = self._buffers[name] = np.empty(size, dtype)
        return buffer[:size]


def _import_mpi() -> Any:
    try:
        from mpi4py import MPI
    except ImportError as error:  # also if there is no MPI library
        raise TenfoldError(
            f"several processes were started, and to train together they need MPI ({error}): "
            "install it in a checkout of tenfold with pip install '.[mpi]'"
        ) from error
    return MPI
