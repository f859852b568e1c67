"""Teams: the bits do not depend on how many ranks share the shards."""

import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import SGD
from tenfold.nn.array import Array
from tenfold.training import SINGLE_PROCESS, DivergenceError
from tenfold.training.team import Team, check_equal
from tests.training.team_trainings import OPTIONS, train

T = TypeVar("T")


class ThreadTeam(Team):
    """A team whose ranks are threads of this process."""

    def __init__(self, rank: int, size: int, board: list[Any], barrier: threading.Barrier) -> None:
        self.rank, self.size = rank, size
        self._board, self._barrier = board, barrier

    def share(self, count: int, rank: int | None = None) -> range:
        return range(
            *(count * (x + (self.rank if rank is None else rank)) // self.size for x in (0, 1))
        )

    def _all(self, mine: Any) -> list[Any]:
        self._board[self.rank] = mine
        self._barrier.wait(10)
        everything = list(self._board)
        self._barrier.wait(10)
        return everything

    def sum(self, own: Sequence[Array], counts: Sequence[int], out: Array) -> None:
        everything = self._all([vector.copy() for vector in own])
        assert [len(each) for each in everything] == list(counts)
        first, *others = (vector for each in everything for vector in each)
        out[...] = first
        for vector in others:
            out += vector

    def gather(self, own: Array, sizes: Sequence[int]) -> Array:
        everything = self._all(own)
        assert [len(each) for each in everything] == list(sizes)
        return np.concatenate(everything)

    def broadcast(self, make: Callable[[], T]) -> T:
        result: T = self._all(make() if self.rank == 0 else None)[0]
        return result


def on_ranks(size: int, work: Callable[[Team], T]) -> list[T | BaseException]:
    """Return the results or exceptions of all ranks."""
    board, barrier = [None] * size, threading.Barrier(size)
    results: list[Any] = [None] * size

    def run(rank: int) -> None:
        try:
            results[rank] = work(ThreadTeam(rank, size, board, barrier))
        except BaseException as error:
            results[rank] = error

    workers = [threading.Thread(target=run, args=(rank,), name=str(rank)) for rank in range(size)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


@pytest.mark.parametrize("name", OPTIONS)
def test_the_bits_do_not_depend_on_the_number_of_ranks(name: str, digits: Dataset) -> None:
    options = OPTIONS[name]
    expected = train(SINGLE_PROCESS, digits, **options)
    for size in range(1, options["shards"] + 1):
        results = on_ranks(size, lambda team: train(team, digits, **options))
        assert [result == expected for result in results] == [True] * size


def test_all_ranks_notice_a_divergence(digits: Dataset) -> None:
    options: dict[str, Any] = {"shards": 2, "optimizer": SGD, "l2": 1e30}
    errors = on_ranks(2, lambda team: train(team, digits, **options))
    assert [type(error) for error in errors] == [DivergenceError] * 2
    assert str(errors[0]) == str(errors[1])


def test_different_weights_are_an_error_on_rank_0() -> None:
    def check(team: Team) -> None:
        check_equal(team, np.arange(3.0) + 1e-15 * (team.rank == 2))

    error, *others = on_ranks(4, check)
    assert isinstance(error, TenfoldError)
    assert "rank 2 no longer has the same weights" in str(error)
    assert others == [None] * 3


def test_equal_weights_are_no_error() -> None:
    assert on_ranks(3, lambda team: check_equal(team, np.arange(3.0))) == [None] * 3


def test_all_ranks_get_the_validation_results_of_rank_0(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranks: list[int] = []

    def of_this_rank(network: object, data: object, threads: int) -> SimpleNamespace:
        ranks.append(int(threading.current_thread().name))
        return SimpleNamespace(loss=float(ranks[-1]), accuracy=float(ranks[-1]))

    monkeypatch.setattr("tenfold.training.loop.score", of_this_rank)
    first, second = on_ranks(2, lambda team: train(team, digits, shards=2))
    assert first == second
    assert ranks == [0, 0]
