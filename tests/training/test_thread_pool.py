"""Crew: jobs shared out among threads."""

import threading
from contextvars import ContextVar

import numpy as np
import pytest

from tenfold.training.thread_pool import Crew

variable: ContextVar[int] = ContextVar("variable", default=0)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_every_job_is_done_once(threads: int, count: int) -> None:
    crew, done = Crew(threads), []
    for _ in range(3):  # a crew serves many times
        crew.run([lambda number=n: done.append(number) for n in range(count)])  # type: ignore[misc]
    crew.close()
    assert sorted(done) == sorted(list(range(count)) * 3)


def test_two_jobs_run_at_once() -> None:
    crew, meeting = Crew(2), threading.Barrier(2, timeout=20)
    crew.run([meeting.wait, meeting.wait])  # neither ends before both have begun
    crew.close()


def test_the_caller_does_the_first_job_and_what_nobody_else_has_begun() -> None:
    crew, busy, here = Crew(2), threading.Event(), threading.get_ident()
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
        while "second" not in by:  # until the other thread is taken
            pass

    crew.run([first, long, last])
    crew.close()
    assert by["first"] == here == by["last"] != by["second"]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_an_error_comes_after_all_jobs_have_ended(position: int) -> None:
    crew, done = Crew(3), []

    def job(number: int) -> None:
        if number == position:
            raise ValueError(f"job {number}")
        done.append(number)

    jobs = [lambda number=n: job(number) for n in range(3)]
    with pytest.raises(ValueError, match=f"job {position}"):
        crew.run(jobs)
    assert sorted(done) == [n for n in range(3) if n != position]
    crew.run([lambda: done.append(9)] * 3)  # and the crew is still there
    assert done.count(9) == 3
    crew.close()


def test_jobs_see_the_context_of_the_caller() -> None:
    crew, seen = Crew(2), []
    token = variable.set(7)
    meeting = threading.Barrier(2, timeout=20)

    def job() -> None:
        meeting.wait()  # so that each thread has one
        seen.append((variable.get(), np.geterr()["over"]))

    with np.errstate(over="ignore"):
        crew.run([job, job])
    variable.reset(token)
    crew.close()
    assert seen == [(7, "ignore")] * 2


def test_closing_ends_the_threads() -> None:
    before = threading.active_count()
    crew = Crew(4)
    assert threading.active_count() == before + 3
    crew.close()
    assert threading.active_count() == before
