"""One small finished run on 600 digits of its own, and a copy of it that may be changed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.recipes import RECIPES, Split, apply_settings
from tenfold.report import Report, write_report
from tenfold.report import page as page_
from tenfold.report.learning import learning
from tenfold.report.mistakes import mistakes
from tenfold.report.reproduce import again
from tenfold.report.verdict import verdict
from tenfold.runs import Run, create_run, execute, open_run


@pytest.fixture(scope="session")
def trained(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of three epochs; it observes what the first project draws."""
    folder = tmp_path_factory.mktemp("report")
    data = folder / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    seen = 'observe=["probability_errors","last_batch_accuracy"]'
    changed = ["hidden=16", "epochs=3", seen]
    recipe = apply_settings(RECIPES["mlp"], changed)
    run = create_run(Run(recipe, 0, folder / "001-mlp", str(data)))
    for _ in execute(run, recipe.source.load(run.data)):
        pass
    return run


@pytest.fixture(scope="session")
def split(trained: Run) -> Split:
    """The data of that run."""
    return trained.recipe.source.load(trained.data)


@pytest.fixture(scope="session")
def page(trained: Run, split: Split, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report."""
    path = tmp_path_factory.mktemp("page") / "whole.html"
    written = write_report(trained, split, path)
    assert written == Report(path, path.stat().st_size, missing=())
    return path


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write pages without the sections that take their time."""
    monkeypatch.setattr(page_, "SECTIONS", (verdict, learning, mistakes, again))


@pytest.fixture
def run(trained: Run, tmp_path: Path) -> Run:
    """A copy of that run, with its last record alone: no curves, which take their time."""
    studies = shutil.ignore_patterns("studies")
    folder = Path(shutil.copytree(trained.folder, tmp_path / "run", ignore=studies))
    (folder / "layers.jsonl").unlink()
    records = folder / "records.jsonl"
    records.write_text(records.read_text().splitlines()[-1] + "\n")
    return open_run(folder)
