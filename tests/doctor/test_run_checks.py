"""Faults planted in what a run leaves behind, and a healthy run."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import Finding, examine_run, run_checks
from tenfold.doctor.run.case import RunCase, open_case
from tenfold.doctor.run.checkup import RUN_CHECKS
from tenfold.doctor.run.ending import Divergence
from tenfold.doctor.run.generalization import DifferentParts, Overfitting, Underfitting
from tenfold.doctor.run.predictions import OneDigit, WeakDigit
from tenfold.doctor.run.training_curve import RisingLoss, StillImproving
from tenfold.errors import TenfoldError
from tenfold.models import Model, load_model
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import PartPredictions, Run, RunMetrics, create_run, execute, open_run
from tenfold.training import DivergenceError, Selective
from tests.doctor.remedies import names, recipe_of
from tests.runs.made_up import part, run_metrics

RECIPE = apply_settings(RECIPES["mlp"], ["learning_rate=0.1"])
SELECTIVE = replace(RECIPE, selective=Selective())


def case(recipe: Any = RECIPE, **contents: Any) -> RunCase:
    """Return a finished run with these contents."""
    run = Run(recipe, 0, Path("runs/none"))
    return RunCase(run, "tenfold train mlp", **{"metrics": run_metrics()} | contents)


def accuracies(*values: float, rates: tuple[float, ...] = ()) -> list[dict[str, Any]]:
    rates = rates or (0.01,) * len(values)
    return [
        {"epoch": epoch, "train_loss": 0.5, "validation_accuracy": accuracy, "learning_rate": rate}
        for epoch, (accuracy, rate) in enumerate(zip(values, rates, strict=True), 1)
    ]


def losses(*pairs: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"epoch": epoch, "train_loss": train, "validation_loss": validation}
        for epoch, (train, validation) in enumerate(pairs, 1)
    ]


@pytest.mark.parametrize(
    ("train", "validation", "severity"),
    [
        ((980, 1000), (9, 10), None),  # ten images prove nothing
        ((54_900, 55_000), (4_900, 5_000), None),  # 99.8 and 98 %: usual
        ((55_000, 55_000), (4_800, 5_000), "warning"),  # 100 and 96 %
        ((55_000, 55_000), (4_000, 5_000), "serious"),
        ((900, 1000), (880, 1000), None),
    ],
)
def test_overfitting_is_reported_if_chance_does_not_explain_the_gap(
    train: tuple[int, int], validation: tuple[int, int], severity: str | None
) -> None:
    metrics = run_metrics(train=part(*train), validation=part(*validation))
    finding = Overfitting().run(case(metrics=metrics))
    if severity is None:
        assert finding is None
        return
    assert finding is not None
    assert (finding.name, finding.severity) == ("overfitting", severity)
    assert "augment=Augment" in finding.remedy


FITTED = run_metrics(train=part(99, 100), validation=part(98, 100))
RISING = losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.25))


def test_rising_validation_loss_is_reported_as_overfitting() -> None:
    finding = Overfitting().run(case(metrics=FITTED, records=RISING))
    assert finding is not None
    assert "fell to 0.2 in epoch 2 and rose to 0.25 by epoch 3" in finding.evidence
    assert finding.remedy == "tenfold train mlp --set patience=5"


@pytest.mark.parametrize(
    ("metrics", "records"),
    [
        (FITTED, losses((0.5, 0.4), (0.2, 0.2), (0.1, 0.23))),  # by less than a fifth
        (FITTED, losses((0.5, 0.2), (0.6, 0.4))),  # the training loss rose, too
        (replace(FITTED, kept_epoch=2), RISING),  # the best weights were kept
        (replace(FITTED, validation=None), RISING),
    ],
)
def test_other_losses_are_not_reported_as_overfitting(
    metrics: RunMetrics, records: list[dict[str, Any]]
) -> None:
    assert Overfitting().run(case(metrics=metrics, records=records)) is None


def test_training_loss_of_sampled_images_is_ignored_by_overfitting() -> None:
    harder = losses((0.5, 0.4), (0.2, 0.2), (0.3, 0.25))
    assert Overfitting().run(case(metrics=FITTED, records=harder)) is None
    finding = Overfitting().run(case(SELECTIVE, metrics=FITTED, records=harder))
    assert finding is not None
    assert finding.evidence.endswith("rose to 0.25 by epoch 3")


def underfitting(correct: int, loss: float, epochs: int) -> Finding | None:
    metrics = run_metrics(train=part(correct, 1000, loss), epochs=epochs)
    return Underfitting().run(case(metrics=metrics))


def test_short_training_is_reported_as_underfitting() -> None:
    finding = underfitting(900, 0.4, epochs=2)
    assert finding is not None
    assert (finding.severity, finding.remedy) == ("warning", "tenfold train mlp --set epochs=6")


def test_small_network_is_reported_as_underfitting() -> None:
    finding = underfitting(100, 2.3, epochs=3)
    assert finding is not None
    assert (finding.severity, finding.remedy) == ("serious", "tenfold train quick")
    assert "too small" in finding.cause


def test_training_accuracy_that_may_reach_95_percent_is_no_underfitting() -> None:
    assert underfitting(945, 0.1, epochs=2) is None  # its interval reaches 95.7 %


def still_improving(records: list[dict[str, Any]], images: int = 5000) -> Finding | None:
    validation = part(images // 2, images) if images else None
    metrics = run_metrics(epochs=3, **{"validation": validation} if validation else {})
    return StillImproving().run(case(records=records, metrics=metrics))


def test_training_that_ended_too_early_is_found() -> None:
    finding = still_improving(accuracies(0.8, 0.9, 0.95))
    assert finding is not None
    assert "from 90.00% in epoch 2 to 95.00% in epoch 3" in finding.evidence
    assert finding.remedy == "tenfold train mlp --set epochs=6"
    assert recipe_of(finding.remedy).epochs == 6


def test_training_that_settled_is_not_reported() -> None:
    assert still_improving(accuracies(0.8, 0.95, 0.955)) is None
    assert still_improving(accuracies(0.8, 0.9, 0.95), images=50) is None  # noise
    assert still_improving(accuracies(0.8, 0.9, 0.95), images=0) is None
    assert still_improving(accuracies(0.8)) is None
    annealed = accuracies(0.9, 0.95, 0.97, rates=(0.01, 0.005, 1e-6))
    assert still_improving(annealed) is None


NAN = float("nan")


@pytest.mark.parametrize(
    ("last", "usual", "selective"),
    [(0.29, False, False), (0.31, True, False), (NAN, True, True)],
)
def test_rising_loss_is_found(last: float, usual: bool, selective: bool) -> None:
    records = losses((0.5, 1), (0.2, 1), (last, 1))
    finding = RisingLoss().run(case(records=records))
    assert (finding is not None) == usual
    if finding is not None:
        assert finding.remedy == "tenfold train mlp --set learning_rate=0.01"
    assert (RisingLoss().run(case(SELECTIVE, records=records)) is not None) == selective


def test_run_without_records_has_no_rising_loss() -> None:
    assert RisingLoss().run(case()) is None


def test_validation_and_test_images_of_different_kinds_are_found() -> None:
    def found(**parts: dict[str, Any]) -> list[str]:
        return names(run_checks([DifferentParts()], case(metrics=run_metrics(**parts))))

    assert found(validation=part(990, 1000), test=part(950, 1000)) == ["different-parts"]
    assert found(validation=part(97, 100), test=part(93, 100)) == []
    assert found(test=part(93, 100)) == []


def predictions(labels: Array, predicted: Array) -> RunCase:
    confidence = np.ones(len(labels))
    return case(predictions=PartPredictions("test", labels, predicted, confidence))


def test_one_digit_predicted_for_nearly_everything_is_found() -> None:
    labels = np.arange(100) % 10
    finding = OneDigit().run(predictions(labels, np.where(labels < 8, 3, labels)))
    assert finding is not None
    assert "80 of 100 predictions are 3, and 10.0% of the labels" in finding.evidence
    assert OneDigit().run(predictions(labels, labels)) is None
    ones = np.ones(100, np.int64)
    assert OneDigit().run(predictions(ones, ones)) is None


def test_digit_far_worse_than_the_others_is_found() -> None:
    labels = np.repeat(np.arange(10), 100)
    predicted = labels.copy()
    predicted[500:520] = 3  # a fifth of the fives
    finding = WeakDigit().run(predictions(labels, predicted))
    assert finding is not None
    assert finding.evidence == (
        "80.0% of 100 images are predicted correctly, 100.0% of the others; most often it is "
        "predicted as 3 (20 times)"
    )
    predicted[504:520] = 5
    assert WeakDigit().run(predictions(labels, predicted)) is None
    assert WeakDigit().run(predictions(labels[:100], labels[:100])) is None


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
    checkup = examine_run(run)
    assert set(names(checkup.findings)) <= {"overfitting"}
    assert not checkup.serious
    assert {"blank images", "a dead network", "overfitting"} <= set(checkup.checked)


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
    assert finding.remedy == f"tenfold train --resume {run.folder}"


def test_missing_images_are_noted(run: Run) -> None:
    config = json.loads((run.folder / "config.json").read_text())
    config["data"] = str(run.folder / "nowhere.npz")
    (run.folder / "config.json").write_text(json.dumps(config))
    checkup = examine_run(open_run(run.folder))
    assert names(checkup.findings)[-1] == "data-gone"
    assert not checkup.serious
    assert "blank images" not in checkup.checked


def test_cause_of_divergence_replaces_its_consequences(digits: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DivergenceError):
        train("classic-gd-corrected", ["learning_rate=42", "epochs=5"], digits, tmp_path)
    run = open_run(tmp_path / "run")
    assert found_in_run(run) == ["diverged"]
    [finding] = examine_run(run).findings
    assert finding.name == "learning-rate"
    assert "learning_rate=" in finding.remedy
    assert str(tmp_path / "digits.npz") in finding.remedy


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
        assert "initializer=HeNormal" in diverged.remedy
        assert "learning_rate" not in diverged.remedy


def test_divergence_without_images_blames_the_rate(digits: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DivergenceError):
        train("classic-gd-corrected", ["learning_rate=42", "epochs=5"], digits, tmp_path)
    finding = Divergence().run(replace(open_case(open_run(tmp_path / "run")), split=None))
    assert finding is not None
    assert finding.cause == "the learning rate is the likely cause"
    assert finding.remedy.endswith("--set learning_rate=4.2")


def test_remedy_of_faulty_pixels_examines_the_data(digits: Dataset, tmp_path: Path) -> None:
    ones = Dataset((digits.images > 127).astype(np.uint8), digits.labels)
    with pytest.raises(DivergenceError, match="pixels are between 0 and 1"):
        train("classic-gd-corrected", ["learning_rate=1e30", "epochs=2"], ones, tmp_path)
    finding = Divergence().run(open_case(open_run(tmp_path / "run")))
    assert finding is not None
    assert finding.remedy == f"tenfold doctor {tmp_path / 'digits.npz'}"


def test_small_batches_of_an_older_run_are_found(run: Run) -> None:
    older = replace(run, recipe=apply_settings(run.recipe, ["batch_size=1"]))
    finding = examine_run(older).findings[0]
    assert finding.name == "small-batches"
    assert finding.remedy.startswith(f"tenfold train mlp --data {run.data} --set ")


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
    assert not [f for f in examine_run(run).findings if f.severity == "serious"]
