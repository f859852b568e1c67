"""Teams: several processes, called ranks, that train one network together.

Every rank holds the whole network and takes the same steps. Each computes the gradients of its own
shards (``shards.py``); then all ranks get the sum over all shards, added in the order of the
shards, so the bits do not depend on the number of ranks. By default, ``fit`` trains in a team of
one process, ``SINGLE_PROCESS``. It can be given another team, such as the processes that
``mpiexec`` has started (``tenfold.cluster``).
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.threads import cores

__all__ = ["SINGLE_PROCESS", "SingleProcess", "Team", "check_equal"]

_T = TypeVar("_T")


class Team(ABC):
    """The processes that train one network together, as seen by one of them.

    All methods except ``share`` are collective: every rank must call them, in the same order.

    Attributes:
        rank: The number of this process, from 0.
        size: Number of processes.
    """

    rank: int
    size: int

    @property
    def threads(self) -> int:
        """Number of threads that this process should use by default: one per core."""
        return cores()

    @abstractmethod
    def share(self, count: int, rank: int | None = None) -> range:
        """Return which of ``count`` shards a rank computes; ``rank`` is by default this process.

        Each shard belongs to exactly one rank, and the shards of a rank are consecutive.
        """

    @abstractmethod
    def sum(self, own: Sequence[Array], counts: Sequence[int], out: Array) -> None:
        """Assign to ``out`` the sum of the vectors of all ranks, in the order of the shards.

        out = ((v_0 + v_1) + v_2) + ..., with the vectors v_i of rank 0 first.

        Args:
            own: The vectors of this rank, each of the shape (n,) and the dtype of ``out``.
            counts: The number of vectors of each rank.
            out: The result, (n,), contiguous. It may be the first of ``own``.
        """

    @abstractmethod
    def gather(self, own: Array, sizes: Sequence[int]) -> Array:
        """Return the bytes of all ranks, concatenated in their order.

        Args:
            own: The bytes of this rank, (sizes[rank],), uint8.
            sizes: The number of bytes of each rank.
        """

    @abstractmethod
    def broadcast(self, make: Callable[[], _T]) -> _T:
        """Call ``make`` on rank 0 only, and return its result on all ranks."""


class SingleProcess(Team):
    """The team of one process."""

    rank = 0
    size = 1

    def share(self, count: int, rank: int | None = None) -> range:
        """Return all shards."""
        return range(count)

    def sum(self, own: Sequence[Array], counts: Sequence[int], out: Array) -> None:
        """Assign the sum of ``own``."""
        if out is not own[0]:
            out[...] = own[0]
        for vector in own[1:]:
            out += vector

    def gather(self, own: Array, sizes: Sequence[int]) -> Array:
        """Return ``own``."""
        return own

    def broadcast(self, make: Callable[[], _T]) -> _T:
        """Return the result of ``make``."""
        return make()


SINGLE_PROCESS = SingleProcess()
"""The team of this process alone."""


def check_equal(team: Team, theta: Array) -> None:
    """Check that all ranks hold the same weights.

    The gradients are equal on all ranks. But clipping (``max_norm``) and the optimizer ``Muon``
    compute products from them on each rank, and the last bits of a product may differ between
    processors.

    Args:
        team: The team; all ranks call this function.
        theta: The vector of all parameters.

    Raises:
        TenfoldError: On rank 0, if the weights of another rank differ.
    """
    if team.size == 1:
        return
    own = np.frombuffer(hashlib.sha256(theta.tobytes()).digest(), np.uint8)
    digests = team.gather(own, [own.size] * team.size).reshape(team.size, -1)
    different = np.flatnonzero((digests != digests[0]).any(axis=1))
    if different.size and team.rank == 0:
        raise TenfoldError(
            f"rank {different[0]} no longer has the same weights as rank 0, so the training was "
            "stopped: all ranks must run on processors of the same kind, with the same versions "
            "of NumPy and tenfold"
        )
