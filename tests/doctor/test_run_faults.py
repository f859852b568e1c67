"""Faults planted in what a run leaves behind, and one run that is healthy."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import examine_run
from tenfold.doctor.finding import Finding
from tenfold.doctor.run.answers import one_answer, weak_digit
from tenfold.doctor.run.generalization import different_parts, overfitting, underfitting
from tenfold.doctor.run.training_curve import rising_loss, still_improving
from tenfold.errors import TenfoldError
from tenfold.models import Model, load_model
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, create_run, execute, open_run
from tenfold.training import DivergenceError, Selective
from tests.doctor.planted import names
from tests.runs.made_up import part, run_metrics

COMMAND = "tenfold train mlp"


def epochs(*accuracies: float, rates: tuple[float, ...] = ()) -> list[dict[str, Any]]:
    rates = rates or (0.01,) * len(accuracies)
    return [
        {"epoch": place, "train_loss": 0.5, "validation_accuracy": accuracy, "learning_rate": rate}
        for place, (accuracy, rate) in enumerate(zip(accuracies, rates, strict=True))
    ]


def losses(*pairs: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"epoch": place, "train_loss": train, "validation_loss": validation}
        for place, (train, validation) in enumerate(pairs)
    ]


def named(finding: Finding | None) -> str | None:
    return None if finding is None else finding.name


@pytest.mark.parametrize(
    ("train", "validation", "found"),
    [
        ((980, 1000), (9, 10), None),  # ten images prove nothing
        ((54_900, 55_000), (4_900, 5_000), None),  # 99.8 and 98 %: as networks are
        ((55_000, 55_000), (4_800, 5_000), "overfitting"),  # 100 and 96 %
        ((55_000, 55_000), (4_000, 5_000), "overfitting"),
        ((900, 1000), (880, 1000), None),
    ],
)
def test_overfitting_is_more_than_chance(
    train: tuple[int, int], validation: tuple[int, int], found: str | None
) -> None:
    metrics = run_metrics(train=part(*train), validation=part(*validation))
    finding = overfitting(metrics, [], COMMAND)
    assert named(finding) == found
    if finding is not None:
        assert finding.severity == ("serious" if validation[0] == 4_000 else "warning")
        assert "augment=Augment" in finding.remedy


def test_a_validation_loss_that_rises() -> None:
    metrics = run_metrics(train=part(99, 100), validation=part(98, 100))
    rising = losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.25))
    finding = overfitting(metrics, rising, COMMAND)
    assert finding is not None
    assert "fell to 0.2 in epoch 2 and rose to 0.25 by epoch 3" in finding.evidence
    assert finding.remedy == "tenfold train mlp --set patience=5"
    assert overfitting(metrics, losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.23)), COMMAND) is None
    assert overfitting(metrics, losses((0.5, 0.2), (0.6, 0.4)), COMMAND) is None
    assert overfitting(replace(metrics, best_epoch=1), rising, COMMAND) is None
    assert overfitting(run_metrics(train=part(99, 100)), rising, COMMAND) is None
    harder = losses((0.5, 0.4), (0.2, 0.2), (0.3, 0.25))
    assert overfitting(metrics, harder, COMMAND) is None
    finding = overfitting(metrics, harder, COMMAND, chosen=True)
    assert finding is not None
    assert finding.evidence.endswith("rose to 0.25 by epoch 3")


def test_underfitting() -> None:
    def found(right: int, loss: float, epochs: int) -> Finding | None:
        metrics = run_metrics(train=part(right, 1000, loss), epochs=epochs)
        return underfitting(metrics, COMMAND, "tenfold train quick")

    finding = found(900, 0.4, epochs=2)
    assert finding is not None
    assert (finding.severity, finding.remedy) == ("warning", "tenfold train mlp --epochs 6")
    finding = found(100, 2.3, epochs=3)
    assert finding is not None
    assert (finding.severity, finding.remedy) == ("serious", "tenfold train quick")
    assert "too small" in finding.cause
    assert found(945, 0.1, epochs=2) is None  # up to 95.7 %, perhaps


def test_still_improving() -> None:
    finding = still_improving(epochs(0.8, 0.9, 0.95), 5000, COMMAND, 3)
    assert finding is not None
    assert "from 90.00% in epoch 2 to 95.00% in epoch 3" in finding.evidence
    assert finding.remedy == "tenfold train mlp --epochs 6"
    assert still_improving(epochs(0.8, 0.95, 0.955), 5000, COMMAND, 3) is None
    assert still_improving(epochs(0.8, 0.9, 0.95), 50, COMMAND, 3) is None  # noise
    assert still_improving(epochs(0.8), 5000, COMMAND, 1) is None
    settled = epochs(0.9, 0.95, 0.97, rates=(0.01, 0.005, 1e-6))
    assert still_improving(settled, 5000, COMMAND, 3) is None


def test_rising_loss() -> None:
    assert rising_loss(losses((0.5, 1), (0.2, 1), (0.29, 1)), COMMAND, 0.1) is None
    finding = rising_loss(losses((0.5, 1), (0.2, 1), (0.31, 1)), COMMAND, 0.1)
    assert finding is not None
    assert finding.remedy == "tenfold train mlp --set learning_rate=0.01"
    assert rising_loss(losses((0.5, 1), (float("nan"), 1)), COMMAND, 0.1) is not None
    assert rising_loss([], COMMAND, 0.1) is None
    assert rising_loss(losses((0.5, 1), (0.2, 1), (0.31, 1)), COMMAND, 0.1, chosen=True) is None
    nan = losses((0.5, 1), (float("nan"), 1))
    assert rising_loss(nan, COMMAND, 0.1, chosen=True) is not None


def test_parts_of_different_kinds() -> None:
    differ = run_metrics(validation=part(990, 1000), test=part(950, 1000))
    finding = different_parts(differ, COMMAND)
    assert named(finding) == "different-parts"
    alike = run_metrics(validation=part(97, 100), test=part(93, 100))
    assert different_parts(alike, COMMAND) is None
    assert different_parts(replace(alike, validation=None), COMMAND) is None


def test_one_answer_for_all() -> None:
    labels = np.arange(100, dtype=np.uint8) % 10
    finding = one_answer(labels, np.where(labels < 8, 3, labels), COMMAND)
    assert finding is not None
    assert "80 of 100 answers are 3, and 10.0% of the labels" in finding.evidence
    assert one_answer(labels, labels, COMMAND) is None
    ones = np.ones(100, np.uint8)
    assert one_answer(ones, ones, COMMAND) is None


def test_a_digit_far_worse_than_the_others() -> None:
    labels = np.repeat(np.arange(10), 100).astype(np.uint8)
    predicted = labels.copy()
    predicted[500:520] = 3  # a fifth of the fives
    finding = weak_digit(labels, predicted, COMMAND)
    assert finding is not None
    assert "80.0% of 100 images, 100.0% of the others; it is taken for 3 20 times" in (
        finding.evidence
    )
    predicted[504:520] = 5
    assert weak_digit(labels, predicted, COMMAND) is None
    assert weak_digit(labels[:100], labels[:100], COMMAND) is None


@pytest.fixture(scope="module")
def finished(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A healthy run on 600 digits."""
    folder = tmp_path_factory.mktemp("doctor")
    path = folder / "digits.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    recipe = apply_settings(RECIPES["mlp"], ["epochs=12", "hidden=64", "average=none"])
    run = create_run(Run(recipe, 0, folder / "run", str(path)))
    for _ in execute(run, recipe.source.load(run.data)):
        pass
    return run.folder


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Run:
    return open_run(shutil.copytree(finished, tmp_path / "run"))


def test_a_healthy_run_is_not_blamed(run: Run) -> None:
    # 600 digits are too few to read all others as well, and the doctor may say so.
    checkup = examine_run(run)
    assert set(names(checkup.findings)) <= {"overfitting"}
    assert not checkup.serious
    assert "over- and underfitting" in checkup.checked


def test_a_dead_trained_network(run: Run) -> None:
    model = load_model(run.model)
    tensors = model.network.tensors()
    next(array for name, array in tensors.items() if name.endswith("shift"))[...] = -100
    Model(model.network, provenance=model.provenance).save(run.model)
    assert "dead-units" in names(examine_run(run).findings)


def test_the_loss_of_chosen_images_may_rise(run: Run) -> None:
    rows = run.records()
    rows[-1]["train_loss"] = 2 * min(row["train_loss"] for row in rows)
    run.records_file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "rising-loss" in names(examine_run(run).findings)
    chosen = replace(run, recipe=replace(run.recipe, selective=Selective()))
    assert "rising-loss" not in names(examine_run(chosen).findings)


def test_an_interrupted_run(run: Run) -> None:
    (run.folder / "metrics.json").unlink()
    run.model.unlink()
    [finding] = examine_run(run).findings
    assert finding.name == "unfinished"
    assert finding.remedy == f"tenfold train --resume {run.folder}"


def test_images_that_are_gone_are_a_note(run: Run) -> None:
    config = json.loads((run.folder / "config.json").read_text())
    config["data"] = str(run.folder / "nowhere.npz")
    (run.folder / "config.json").write_text(json.dumps(config))
    findings = examine_run(open_run(run.folder)).findings
    assert names(findings)[-1] == "data-gone"
    assert not any(finding.severity == "serious" for finding in findings)


def test_a_run_that_diverged_names_its_cause(digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "digits.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    recipe = apply_settings(RECIPES["classic-gd-corrected"], ["learning_rate=42", "epochs=5"])
    run = create_run(Run(recipe, 0, tmp_path / "run", str(path)))
    with pytest.raises(DivergenceError):
        list(execute(run, recipe.source.load(run.data)))
    [finding] = examine_run(run).findings
    assert finding.name == "learning-rate"
    assert "learning_rate=" in finding.remedy
    assert str(path) in finding.remedy


def test_validation_images_among_those_to_learn_from(digits: Dataset, tmp_path: Path) -> None:
    twice = np.concatenate([np.arange(100), np.arange(100)])
    data = digits.subset(twice)
    path = tmp_path / "twice.npz"
    np.savez(path, images=data.images, labels=data.require_labels())
    recipe = apply_settings(RECIPES["linear"], ["epochs=20"])
    run = create_run(Run(recipe, 0, tmp_path / "run", str(path)))
    list(execute(run, recipe.source.load(run.data)))
    found = names(examine_run(run).findings)
    assert {"validation-images-in-training", "repeated-images"} <= set(found)


@pytest.mark.parametrize("name", ["predictions.npz", "metrics.json", "records.jsonl"])
def test_damage_is_told_in_words(name: str, run: Run) -> None:
    (run.folder / name).write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(TenfoldError, match=name):
        examine_run(run)
