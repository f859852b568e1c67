"""Create and execute a run."""

from pathlib import Path

from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, execute


def finish(run: Run, split: Split) -> Run:
    for _ in execute(run, split):
        pass
    assert run.finished
    return run


def new(recipe: Recipe, folder: Path, seed: int = 0) -> Run:
    return create_run(Run(recipe, seed, folder))
