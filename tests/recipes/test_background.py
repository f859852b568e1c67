"""A call in another process: its result, its errors, and what happens without a process."""

import math
import os
import sys
import time

import numpy as np
import pytest

from tenfold.reading.synthetic import generate_digits
from tenfold.recipes.background import Background


def test_the_result_is_that_of_the_call() -> None:
    with Background(generate_digits, 3, 2, non_digits=0.5) as made:
        images, labels = made.result()
    expected = generate_digits(3, 2, non_digits=0.5)
    np.testing.assert_array_equal(images, expected[0])
    np.testing.assert_array_equal(labels, expected[1])


def test_it_is_another_process() -> None:
    with Background(os.getpid) as made:
        assert made.result() != os.getpid()


def test_errors_are_raised_here() -> None:
    with Background(math.sqrt, -1) as made, pytest.raises(ValueError, match="math domain"):
        made.result()


def test_without_an_interpreter_the_call_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for missing in ("", "/no/such/python"):
        monkeypatch.setattr(sys, "executable", missing)
        with Background(os.getpid) as made:
            assert made.result() == os.getpid()


def test_a_process_whose_result_is_not_wanted_is_ended() -> None:
    start = time.monotonic()
    with Background(time.sleep, 60):
        pass
    assert time.monotonic() - start < 30


def test_an_argument_that_cannot_be_pickled_is_used_here() -> None:
    with Background(lambda: os.getpid()) as made:
        assert made.result() == os.getpid()


def test_the_process_ends_when_its_parent_does() -> None:
    with Background(time.sleep, 60) as made:
        process = made._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()  # as the operating system does if the parent is killed
        assert process.wait(timeout=40) == 1
