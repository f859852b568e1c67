"""What holds for every test: numerical faults are errors, and each run draws the same examples."""

import contextlib
import functools
import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

# BLAS, which is loaded with NumPy, computes on one thread: each of the workers has one core, and
# threads that wait for each other cost ten times the time of a small product. See
# ``two_blas_threads`` for tests of them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

from tenfold.data import Dataset, load_mnist
from tenfold.data import mnist as mnist_file
from tenfold.nn.arguments import PathLike
from tenfold.nn.array import Array
from tenfold.nn.description import registered
from tenfold.recipes import MLP, RECIPES, Recipe, Source, Split

TESTS = Path(__file__).parent

# Compiled modules are stored, also where PYTHONDONTWRITEBYTECODE says not to: otherwise each of the
# workers rewrites the asserts of all tests, and each process that a test starts compiles tenfold.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# An overflow, an invalid operation or a division by zero is a defect even where the result happens
# to look right. Underflow is not: the tails of exp end in zeros.
np.seterr(over="raise", invalid="raise", divide="raise", under="ignore")

settings.register_profile(
    "tenfold",
    deadline=None,  # no test depends on how busy the machine is
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    max_examples=40,
)
settings.load_profile("tenfold")


def pytest_configure(config: pytest.Config) -> None:
    """Let the second worker import all tests from the last to the first, as the other does not.

    Each of them finds half of the modules compiled by the other one in a new checkout.
    """
    worker = getattr(config, "workerinput", {}).get("workerid")
    if worker == "gw1" and [Path(path).resolve() for path in config.args] == [TESTS]:
        for path in sorted(TESTS.rglob("test_*.py"), reverse=True):
            name = ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
            with contextlib.suppress(Exception, pytest.skip.Exception):  # the collection says why
                importlib.import_module(name)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave out the objects that live until the end, and run less often.

    Ten thousand tests and the libraries are millions of objects, and figures contain many cycles:
    collecting at the usual intervals takes a tenth of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def mnist_is_read_once() -> Iterator[None]:
    """``load_mnist`` decompresses each file only once for all tests.

    Data sets hold read-only views, so no test can change the arrays.
    """

    @functools.cache
    def read(name: str, read: Callable[[str], Array] = mnist_file._read) -> Array:
        array = read(name)
        array.setflags(write=False)
        return array

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist_file, "_read", read)
        yield


@pytest.fixture(scope="session", autouse=True)
def mnist_is_split_once() -> Iterator[None]:
    """The usual splits of MNIST are made, and their fingerprints computed, only once.

    Data sets and splits are immutable, so no test can change them.
    """
    load = Source.load
    known: dict[str, Split] = {}

    def loaded(source: Source, path: PathLike | None = None) -> Split:
        usual = Source(source.name)
        if path is not None or (source.validation, source.test_share) != (
            usual.validation,
            usual.test_share,
        ):
            return load(source, path)
        if source.name not in known:
            known[source.name] = load(usual)
        return known[source.name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Source, "load", loaded)
        yield


@pytest.fixture(scope="session", autouse=True)
def files_are_not_flushed_to_the_disk() -> Iterator[None]:
    """Leave files in the memory of the system, since no test switches the machine off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        yield


@pytest.fixture
def two_blas_threads() -> Iterator[None]:
    """Let BLAS use two threads, as outside the tests, where the code must limit it to one."""
    with threadpool_limits(2, user_api="blas"):
        yield


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """The first 600 of MNIST's training images."""
    return load_mnist("train").subset(np.arange(600))


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """MNIST's training images."""
    return load_mnist("train")


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that Hypothesis may use again for each of its examples."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="session")
def tiny() -> Recipe:
    """A small network with every kind of state: batch normalisation, dropout, Adam, average."""
    architecture = MLP((16,), batch_norm=True, dropout=0.2)
    return replace(RECIPES["mlp"], architecture=architecture, epochs=3, batch_size=64)


@pytest.fixture(scope="session")
def split(digits: Dataset) -> Split:
    """400 images to train on, 100 to validate, 100 to test."""
    parts = np.split(np.arange(600), [400, 500])
    return Split(*(digits.subset(part) for part in parts))


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """Generate synthetic images in blocks of 32, since each call computes at least one block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenfold.reading.synthetic.existing._BLOCK", 32)
        patch.setattr("tenfold.reading.synthetic.glyphs._BLOCK", 32)
        yield


@pytest.fixture
def no_registered_classes() -> Iterator[None]:
    """Start without registered classes (``nn.register``), and restore them at the end."""
    saved = dict(registered)
    registered.clear()
    yield
    registered.clear()
    registered.update(saved)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium; tests are skipped if it is not installed.

    It is closed after each module, since its event loop disturbs tests that start one of their own.
    """
    from playwright.sync_api import sync_playwright

    if (path := which("chromium")) is None:
        pytest.skip("chromium is not installed")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    # Each process of Chromium compiles the scripts of the pages again.
    arguments += ["--in-process-gpu", "--process-per-site", "--disable-site-isolation-trials"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
