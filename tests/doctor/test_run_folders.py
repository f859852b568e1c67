"""Faults in the folders of real runs: found by the doctor, and corrected by the fix."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import examine_run, run_checks
from tenfold.doctor.run.case import open_case
from tenfold.doctor.run.ending import Divergence
from tenfold.doctor.run.examination import RUN_CHECKS
from tenfold.errors import TenfoldError
from tenfold.models import Model, load_model
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, create_run, execute, open_run
from tenfold.training import DivergenceError, Selective
from tests.doctor.fixes import names, recipe_of


def train(recipe: str, settings: list[str], data: Dataset, folder: Path) -> Run:
    """Train a recipe on data of one's own, in a new run folder."""
    path = folder / "digits.npz"
    np.savez(path, images=data.images, labels=data.require_labels())
    changed = apply_settings(RECIPES[recipe], settings)
    run = create_run(Run(changed, 0, folder / "run", str(path)))
    for _ in execute(run, changed.source.load(run.data)):
        pass
    return run


@pytest.fixture(scope="session")
def finished(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A healthy run on 600 digits."""
    settings = ["epochs=12", "hidden=64", "average=none"]
    return train("mlp", settings, digits, tmp_path_factory.mktemp("doctor")).folder


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Run:
    return open_run(shutil.copytree(finished, tmp_path / "run"))


def found_in_run(run: Run) -> list[str]:
    """Return what the checks of the run find, without those of its data and recipe."""
    return names(run_checks(RUN_CHECKS, open_case(run)))


def test_healthy_run_has_no_serious_findings(run: Run) -> None:
    # 600 digits are too few to recognise all others as well, and the doctor may say so.
    examination = examine_run(run)
    assert set(names(examination.findings)) <= {"overfitting"}
    assert not examination.serious
    assert {"blank images", "a dead network", "overfitting"} <= set(examination.checked)


def test_dead_units_of_a_trained_network_are_found(run: Run) -> None:
    model = load_model(run.model)
    tensors = model.network.tensors()
    next(array for name, array in tensors.items() if name.endswith("shift"))[...] = -100
    Model(model.network, provenance=model.provenance).save(run.model)
    assert "dead-units" in found_in_run(run)


def test_rising_loss_is_read_from_the_records(run: Run) -> None:
    rows = run.records()
    rows[-1]["train_loss"] = 2 * min(row["train_loss"] for row in rows)
    run.records_file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "rising-loss" in found_in_run(run)
    selective = replace(run, recipe=replace(run.recipe, selective=Selective()))
    assert "rising-loss" not in found_in_run(selective)


def test_unfinished_run_can_be_resumed(run: Run) -> None:
    (run.folder / "metrics.json").unlink()
    run.model.unlink()
    [finding] = examine_run(run).findings
    assert finding.name == "unfinished"
    assert finding.fix == f"tenfold train --resume {run.folder}"


def test_missing_images_are_noted(run: Run) -> None:
    config = json.loads((run.folder / "config.json").read_text())
    config["data"] = str(run.folder / "nowhere.npz")
    (run.folder / "config.json").write_text(json.dumps(config))
    examination = examine_run(open_run(run.folder))
    assert names(examination.findings)[-1] == "data-gone"
    assert not examination.serious
    assert "blank images" not in examination.checked


def test_cause_of_divergence_replaces_its_consequences(digits: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DivergenceError):
        train("classic-gd-corrected", ["learning_rate=42", "epochs=5"], digits, tmp_path)
    run = open_run(tmp_path / "run")
    assert found_in_run(run) == ["diverged"]
    [finding] = examine_run(run).findings
    assert finding.name == "learning-rate"
    assert "learning_rate=" in finding.fix
    assert str(tmp_path / "digits.npz") in finding.fix


@pytest.mark.parametrize("activation", ["ReLU", "Tanh"])
def test_zero_weights_are_the_cause_of_divergence_not_the_rate(
    activation: str, digits: Dataset, tmp_path: Path
) -> None:
    settings = ["initializer=Zeros", "batch_norm=false", "epochs=1", f"activation={activation}"]
    with pytest.raises(DivergenceError, match="weights of 3 of 3 layers are all zero"):
        train("mlp", settings, digits, tmp_path)
    run = open_run(tmp_path / "run")
    [finding] = examine_run(run).findings
    assert finding.name == "dead-network"
    assert "the initial weights are all zero in 3 of 3 layers" in finding.cause
    gone = replace(open_case(run), split=None)
    for case in (open_case(run), gone):
        diverged = Divergence().run(case)
        assert diverged is not None
        assert diverged.cause.startswith("The weights of 3 of 3 layers are all zero")
        assert "initializer=HeNormal" in diverged.fix
        assert "learning_rate" not in diverged.fix


def test_divergence_without_images_blames_the_rate(digits: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DivergenceError):
        train("classic-gd-corrected", ["learning_rate=42", "epochs=5"], digits, tmp_path)
    finding = Divergence().run(replace(open_case(open_run(tmp_path / "run")), split=None))
    assert finding is not None
    assert finding.cause == "the learning rate is the likely cause"
    assert finding.fix.endswith("--set learning_rate=4.2")


def test_remedy_of_faulty_pixels_examines_the_data(digits: Dataset, tmp_path: Path) -> None:
    ones = Dataset((digits.images > 127).astype(np.uint8), digits.labels)
    with pytest.raises(DivergenceError, match="pixels are between 0 and 1"):
        train("classic-gd-corrected", ["learning_rate=1e30", "epochs=2"], ones, tmp_path)
    finding = Divergence().run(open_case(open_run(tmp_path / "run")))
    assert finding is not None
    assert finding.fix == f"tenfold doctor {tmp_path / 'digits.npz'}"


def test_small_batches_of_an_older_run_are_found(run: Run) -> None:
    older = replace(run, recipe=apply_settings(run.recipe, ["batch_size=1"]))
    finding = examine_run(older).findings[0]
    assert finding.name == "small-batches"
    assert finding.fix.startswith(f"tenfold train mlp --data {run.data} --set ")


@pytest.mark.parametrize("name", ["mlp", "of my own"])
def test_recipe_of_an_edited_run_is_expressed_as_a_command(name: str, run: Run) -> None:
    config = json.loads((run.folder / "config.json").read_text())
    rule = {"type": "SGD"}
    config["recipe"] |= {"name": name, "optimizer": {"type": "OneBiasPerLayer", "rule": rule}}
    (run.folder / "config.json").write_text(json.dumps(config))
    edited = open_run(run.folder)
    assert examine_run(edited).checked
    expressed = recipe_of(open_case(edited).command)
    assert replace(expressed, name=name) == edited.recipe


def test_validation_images_in_training_are_found(digits: Dataset, tmp_path: Path) -> None:
    twice = digits.subset(np.concatenate([np.arange(100), np.arange(100)]))
    run = train("linear", ["epochs=3"], twice, tmp_path)
    found = names(examine_run(run).findings)
    assert {"validation-images-in-training", "repeated-images"} <= set(found)


@pytest.mark.parametrize("name", ["predictions.npz", "metrics.json", "records.jsonl"])
def test_damaged_file_is_named(name: str, run: Run) -> None:
    (run.folder / name).write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(TenfoldError, match=name):
        examine_run(run)


@pytest.mark.parametrize(
    "key",
    ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate"],
)
@pytest.mark.parametrize("absent", [True, False])
def test_missing_and_null_values_in_records_are_left_out(key: str, absent: bool, run: Run) -> None:
    rows = [json.loads(line) for line in run.records_file.read_text().splitlines()]
    for row in (rows[0], rows[-1]):
        row[key] = None
        if absent:
            del row[key]
    run.records_file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = run_checks(RUN_CHECKS, open_case(run))  # the others do not read the records
    assert not [finding for finding in found if finding.severity == "serious"]
