"""The number of BLAS threads inside and after a block."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_limits

from tenfold.threads import _controller, limit_threads

pytestmark = pytest.mark.usefixtures("two_blas_threads")


def number() -> int:
    info = _controller().info()
    return max(int(each["num_threads"]) for each in info if each["user_api"] == "blas")


def limited() -> int:
    with limit_threads(1):
        return number()


@pytest.fixture
def in_thread() -> Iterator[Callable[[Callable[[], int]], int]]:
    """A function that calls another one in a thread of its own, which stays alive."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda call: pool.submit(call).result()


def test_each_thread_can_limit_the_number(in_thread: Callable[[Callable[[], int]], int]) -> None:
    assert limited() == 1
    assert in_thread(limited) == 1
    assert limited() == 1
    assert number() == 2


def test_blocks_may_overlap_in_any_order() -> None:
    ends, both_hold = [threading.Event(), threading.Event()], threading.Barrier(2)
    seen = []

    def hold(end: threading.Event) -> None:
        with limit_threads(1):
            both_hold.wait(10)
            end.wait(10)
        seen.append(number())

    threads = [threading.Thread(target=hold, args=(end,)) for end in ends]
    for thread in threads:
        thread.start()
    for thread, end in zip(threads, ends, strict=True):
        end.set()
        thread.join()
    assert seen == [1, 2]


def test_other_programs_can_set_the_number_afterwards(
    in_thread: Callable[[Callable[[], int]], int],
) -> None:
    limited()

    def by_threadpoolctl() -> int:
        with threadpool_limits(1, user_api="blas"):
            return number()

    assert in_thread(by_threadpoolctl) == 1
    assert number() == 2
