"""Run folders of version 0.1 can be opened and resumed.

``fixtures/version-0.1`` contains a finished and an interrupted run of one recipe on the first 300
training images of MNIST. Some settings had other names then (``shift``, ``deslant``).
"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import load_mnist
from tenfold.models import load_model
from tenfold.recipes import ConvNet
from tenfold.runs import execute, open_run, read_predictions

FIXTURES = Path(__file__).parent / "fixtures" / "version-0.1"


@pytest.fixture
def old_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the runs in the current folder, with the images that they were trained on."""
    digits = load_mnist("train").subset(np.arange(300))
    np.savez(tmp_path / "digits.npz", images=digits.images, labels=digits.require_labels())
    shutil.copytree(FIXTURES, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def test_finished_run_opens_with_the_new_names(old_runs: Path) -> None:
    run = open_run(old_runs / "finished")
    assert run.finished
    assert run.recipe.test_time_shift == 1
    assert isinstance(run.recipe.architecture, ConvNet)
    assert run.recipe.architecture.deskew
    assert len(run.records()) == 4
    assert run.layers()


def test_model_of_a_finished_run_gives_the_stored_predictions(old_runs: Path) -> None:
    run = open_run(old_runs / "finished")
    model, answers = load_model(run.model), read_predictions(run, "test")
    split = run.recipe.source.load(run.data)
    assert split.test is not None
    assert answers is not None
    predictions = model.predict(split.test.images)
    np.testing.assert_array_equal(predictions.digit, answers.predicted)
    np.testing.assert_allclose(predictions.confidence, answers.confidence, atol=1e-4)


def test_interrupted_run_is_resumed_from_its_checkpoint(old_runs: Path) -> None:
    run, whole = open_run(old_runs / "interrupted"), open_run(old_runs / "finished")
    records = list(execute(run, run.recipe.source.load(run.data), threads=1))
    assert records[0].step == 14
    assert run.finished
    new, old = load_model(run.model).network, load_model(whole.model).network
    for name, array in old.tensors().items():
        # On the processor that made the fixtures they are equal to the bit; on others, the steps
        # of the training amplify differences of rounding (seen: 0.0014).
        np.testing.assert_allclose(new.tensors()[name], array, atol=5e-3)
    assert [row["epoch"] for row in run.records()] == [row["epoch"] for row in whole.records()]
