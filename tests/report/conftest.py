"""A small finished run on 600 digits, and a copy of it that tests may change."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.recipes import RECIPES, Split, apply_settings
from tenfold.report import Report, write_report
from tenfold.report import page as page_
from tenfold.report.mistakes import mistakes_section
from tenfold.report.reproduce import reproduce_section
from tenfold.report.result import result_section
from tenfold.report.training import training_section
from tenfold.runs import Run, create_run, execute, open_run
from tests.inspection.maps import short_tsne
from tests.plots.pictures import placed_roughly


@pytest.fixture(scope="session")
def trained(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of three epochs, which records every metric."""
    folder = tmp_path_factory.mktemp("report")
    data = folder / "digits.npz"
    np.savez(data, images=digits.images, labels=digits.require_labels())
    recorded = 'observe=["probability_errors","last_batch_accuracy"]'
    changed = ["hidden=16", "epochs=3", recorded]
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
    with placed_roughly(), short_tsne():
        written = write_report(trained, split, path)
    assert written == Report(path, path.stat().st_size, missing=())
    return path


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the sections that take long to draw."""
    monkeypatch.setattr(
        page_, "SECTIONS", (result_section, training_section, mistakes_section, reproduce_section)
    )


@pytest.fixture
def run(trained: Run, tmp_path: Path) -> Run:
    """A copy of that run with only its last record, so that no curves are drawn."""
    studies = shutil.ignore_patterns("studies")
    folder = Path(shutil.copytree(trained.folder, tmp_path / "run", ignore=studies))
    (folder / "layers.jsonl").unlink()
    records = folder / "records.jsonl"
    records.write_text(records.read_text().splitlines()[-1] + "\n")
    return open_run(folder)
