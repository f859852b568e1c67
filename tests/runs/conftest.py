"""A finished run for the tests that only read it."""

import pytest

from tenfold.recipes import Recipe, Split
from tenfold.runs import Run

from .execution import finish, new


@pytest.fixture(scope="session")
def finished_run(tiny: Recipe, split: Split, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of ``tiny`` with seed 4. Do not change its folder."""
    return finish(new(tiny, tmp_path_factory.mktemp("runs") / "run", seed=4), split)
