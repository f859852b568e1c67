"""The thread pool runs jobs, passes errors to the caller, and can be reused."""

import threading
from contextvars import ContextVar

import numpy as np
import pytest

from tenfold.training.thread_pool import ThreadPool

variable: ContextVar[int] = ContextVar("variable", default=0)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_every_job_runs_once(threads: int, count: int) -> None:
    pool, done = ThreadPool(threads), []
    for _ in range(3):  # a pool can be reused
        pool.run([lambda number=n: done.append(number) for n in range(count)])  # type: ignore[misc]
    pool.close()
    assert sorted(done) == sorted(list(range(count)) * 3)


def test_two_jobs_run_at_the_same_time() -> None:
    pool, meeting = ThreadPool(2), threading.Barrier(2, timeout=20)
    pool.run([meeting.wait, meeting.wait])  # neither ends before both have begun
    pool.close()


def test_caller_runs_the_first_job_and_waiting_jobs() -> None:
    pool, busy, here = ThreadPool(2), threading.Event(), threading.get_ident()
    by: dict[str, int] = {}

    def note(name: str) -> None:
        by[name] = threading.get_ident()

    def long() -> None:
        note("second")
        busy.wait(20)

    def last() -> None:
        note("last")
        busy.set()

    def first() -> None:
        note("first")
        while "second" not in by:  # until the other thread is busy
            pass

    pool.run([first, long, last])
    pool.close()
    assert by["first"] == here == by["last"] != by["second"]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_error_is_raised_after_all_jobs_have_ended(position: int) -> None:
    pool, done = ThreadPool(3), []

    def job(number: int) -> None:
        if number == position:
            raise ValueError(f"job {number}")
        done.append(number)

    jobs = [lambda number=n: job(number) for n in range(3)]
    with pytest.raises(ValueError, match=f"job {position}"):
        pool.run(jobs)
    assert sorted(done) == [n for n in range(3) if n != position]
    pool.run([lambda: done.append(9)] * 3)  # the pool still works
    assert done.count(9) == 3
    pool.close()


def test_jobs_run_in_the_context_of_the_caller() -> None:
    pool, seen = ThreadPool(2), []
    token = variable.set(7)
    meeting = threading.Barrier(2, timeout=20)

    def job() -> None:
        meeting.wait()  # so that each thread runs one job
        seen.append((variable.get(), np.geterr()["over"]))

    with np.errstate(over="ignore"):
        pool.run([job, job])
    variable.reset(token)
    pool.close()
    assert seen == [(7, "ignore")] * 2


def test_close_ends_the_threads() -> None:
    before = threading.active_count()
    pool = ThreadPool(4)
    assert threading.active_count() == before + 3
    pool.close()
    assert threading.active_count() == before
