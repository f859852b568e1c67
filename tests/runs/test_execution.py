"""Training in a run folder: its files, its records, and early stopping."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.evaluation import score
from tenfold.models import Classifier, load_model, predict_probabilities
from tenfold.nn import Adam, Array, ExponentialAverage
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, execute
from tenfold.training import DivergenceError, EpochRecord, Selective, StepRecord, fit

from .execution import finish, new


def test_files_of_a_finished_run(finished_run: Run, split: Split) -> None:
    run = finished_run
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "config.json",
        "environment.json",
        "layers.jsonl",
        "metrics.json",
        "model.safetensors",
        "predictions.npz",
        "records.jsonl",
    ]
    metrics = json.loads((run.folder / "metrics.json").read_text())
    network = load_model(run.model).network
    assert split.test is not None
    assert metrics["test"]["accuracy"] == score(network, split.test).accuracy
    assert metrics["test"]["n"] == 100
    low, high = metrics["test"]["interval95"]
    assert low < metrics["test"]["accuracy"] < high
    assert split.validation is not None
    # The last record has the statistics of batch normalisation before they are estimated again.
    assert metrics["validation"]["accuracy"] == score(network, split.validation).accuracy
    assert metrics["seconds"]["train"] > 0
    assert metrics["seed"] == 4
    assert len(run.records()) == 3
    predictions = np.load(run.folder / "predictions.npz")
    right = (predictions["test_labels"] == predictions["test_predicted"]).mean()
    assert right == metrics["test"]["accuracy"]
    environment = json.loads((run.folder / "environment.json").read_text())
    assert {"numpy", "python", "tenfold", "cores", "blas"} <= set(environment)


def test_validation_and_evaluation_use_no_more_threads_than_the_training(
    tiny: Recipe, split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int | None] = []

    def predict(classifier: Classifier, images: Array, threads: int | None = None) -> Array:
        used.append(threads)
        return predict_probabilities(classifier, images, threads)

    monkeypatch.setattr("tenfold.evaluation.scoring.predict_probabilities", predict)
    records = list(execute(new(tiny, tmp_path / "run"), split, threads=3))
    epochs = sum(isinstance(record, EpochRecord) for record in records)
    assert used == [3] * (epochs + 3)  # at the end: training, validation and test images


def test_run_is_whitened_and_selective_as_the_recipe_says(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    recipe = replace(tiny, whitened=True, selective=Selective(easy=0.2))
    run = finish(new(recipe, tmp_path / "run", seed=2), split)
    assert recipe.selective is not None
    assert not recipe.selective.state  # the recipe itself keeps no state
    network, average = recipe.network(2, split.train.images), ExponentialAverage(0.995)
    assert not np.array_equal(network.theta.value, recipe.network(2).theta.value)
    options: dict[str, Any] = {"epochs": 3, "batch_size": 64, "average": average}
    options |= {"schedule": recipe.schedule, "loss": recipe.loss, "optimizer": Adam()}
    for _ in fit(network, split.train, selective=Selective(easy=0.2), **options):
        pass
    trained = load_model(run.model).network
    assert np.array_equal(trained.theta.value, network.theta.value)
    plain = finish(new(replace(recipe, selective=None), tmp_path / "plain", seed=2), split)
    assert not np.array_equal(load_model(plain.model).network.theta.value, trained.theta.value)


def test_model_has_its_provenance(finished_run: Run, split: Split) -> None:
    provenance = load_model(finished_run.model).provenance
    assert provenance["seed"] == 4
    assert provenance["recipe"]["name"] == "mlp"
    assert provenance["data"]["train"] == split.train.fingerprint
    assert set(provenance["versions"]) == {"tenfold", "numpy"}


def test_held_out_images_are_predicted_with_test_time_augmentation(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    plain = finish(new(tiny, tmp_path / "plain"), split)
    run = finish(new(replace(tiny, test_time_shift=1), tmp_path / "run"), split)
    model = load_model(run.model)
    assert model.test_time_shift == 1
    assert np.array_equal(model.network.theta.value, load_model(plain.model).network.theta.value)
    assert split.test is not None
    probabilities = model.predict_probabilities(split.test.images)
    kept = np.load(run.folder / "predictions.npz")["test_confidence"]
    assert kept == pytest.approx(probabilities.max(axis=1), abs=1e-6)
    assert run.metrics()["train"] == plain.metrics()["train"]


def test_early_stopping_keeps_the_best_epoch(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = finish(new(replace(tiny, epochs=40, patience=2), tmp_path / "run"), split)
    records, metrics = run.records(), run.metrics()
    best = max(records, key=lambda r: (r["validation_accuracy"], -r["validation_loss"]))
    assert metrics["kept_epoch"] == best["epoch"]
    assert records[-1]["epoch"] == best["epoch"] + 2 < 40
    assert metrics["validation"]["accuracy"] == best["validation_accuracy"]


def test_early_stopping_needs_validation(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = new(replace(tiny, patience=2), tmp_path / "run")
    with pytest.raises(TenfoldError, match=r"\(patience\) needs validation images"):
        finish(run, Split(split.train, None, split.test))


def test_divergence_keeps_the_last_good_weights(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    schedule = type(tiny.schedule)(1e30)
    run = new(replace(tiny, schedule=schedule), tmp_path / "run")
    with pytest.raises(DivergenceError, match=r"learning rate.*saved in .*model\.safetensors"):
        finish(run, split)
    assert np.isfinite(load_model(run.model).network.theta.value).all()
    assert not run.finished


def test_early_stopping_is_the_same_after_a_resume(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    """Resumed after every epoch, early stopping ends the run at the same epoch."""
    recipe = replace(tiny, epochs=40, patience=3, average=0.5)
    whole = finish(new(recipe, tmp_path / "whole"), split)
    run = new(recipe, tmp_path / "parts")
    while not run.finished:
        epochs = 0

        def stop() -> bool:
            return epochs > 0  # noqa: B023 - called within the loop

        for record in execute(run, split, stop=stop):
            epochs += isinstance(record, EpochRecord)
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert len(run.records()) == len(whole.records())


def test_early_stopping_keeps_the_averaged_weights(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = finish(new(replace(tiny, epochs=4, patience=9, average=0.9), tmp_path / "run"), split)
    best = max(r["validation_accuracy"] for r in run.records())
    assert run.metrics()["validation"]["accuracy"] == best


@pytest.mark.parametrize("change", ["data", "seed", "recipe"])
def test_checkpoint_of_another_run_raises(
    tiny: Recipe, split: Split, tmp_path: Path, change: str
) -> None:
    run = new(tiny, tmp_path / "run")
    for _ in execute(run, split, stop=lambda: True):
        pass
    if change == "data":
        assert split.test is not None
        split = Split(split.test, split.validation, split.train)
    elif change == "seed":
        run = replace(run, seed=1)
    else:
        run = replace(run, recipe=replace(tiny, epochs=2))
    with pytest.raises(TenfoldError, match="other settings or other images"):
        finish(run, split)


def test_incomplete_files_of_a_killed_run_are_removed(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = new(tiny, tmp_path / "run")
    (run.folder / ".checkpoint.safetensors.x.tmp").write_text("half")
    finish(run, split)
    assert not list(run.folder.glob(".*"))


def test_row_of_the_last_layer_has_the_results_of_its_batch(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = create_run(Run(replace(tiny, epochs=1), 0, tmp_path / "run"))
    steps = [record for record in execute(run, split) if isinstance(record, StepRecord)]
    last = max(row["layer"] for row in run.layers())
    rows = {row["step"]: row for row in run.layers() if row["layer"] == last}
    for step in steps:
        right = (step.logits.argmax(axis=1) == step.labels).mean()
        assert rows[step.step]["batch_loss"] == step.loss
        assert 0 <= rows[step.step]["batch_accuracy"] <= 1
    # The memory of the logits is reused: only those of the last batch are still there.
    assert rows[steps[-1].step]["batch_accuracy"] == right
    assert all("batch_loss" not in row for row in run.layers() if row["layer"] < last)


def test_epochs_are_counted_from_1_everywhere(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    """As the progress bar shows them: "epoch 1/3", "epoch 2/3", "epoch 3/3"."""
    run = new(tiny, tmp_path / "run")
    records = list(execute(run, split))
    for kind in (StepRecord, EpochRecord):
        assert sorted({one.epoch for one in records if isinstance(one, kind)}) == [1, 2, 3]
    assert [row["epoch"] for row in run.records()] == [1, 2, 3]
    stored = [json.loads(line)["epoch"] for line in run.records_file.read_text().splitlines()]
    assert stored == [1, 2, 3]


def test_records_of_version_0_1_are_continued(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run")
    for _ in execute(run, split, stop=lambda: len(run.records()) == 2):
        pass
    rows = [row | {"epoch": row["epoch"] - 1} for row in run.records()]
    run.records_file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    finish(run, split)
    stored = [json.loads(line)["epoch"] for line in run.records_file.read_text().splitlines()]
    assert stored == [1, 2, 3]
