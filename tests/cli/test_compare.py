"""Tables, conclusions, metrics and pictures of ``tenfold compare``."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.evaluation import McNemar
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, Series, create_run, execute

from .conftest import Tenfold

SMALL = ["hidden=16", "epochs=1"]


@pytest.fixture(scope="module")
def series(digits: Dataset, digits_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two finished series of two seeds, "some" and "others"."""
    folder = tmp_path_factory.mktemp("series")
    for name, rate in (("some", 0.001), ("others", 1e-7)):
        recipe = apply_settings(RECIPES["mlp"], [*SMALL, f"learning_rate={rate}"])
        begun = Series.begin(Run(recipe, 0, folder / name, str(digits_file)), 2)
        split = recipe.source.load(digits_file)
        for index in range(2):
            for _ in execute(begun.run(index), split):
                pass
    return folder


def change_predictions(run: Path, wrong: slice | None = None) -> None:
    """Change the test predictions of a run: all are correct, except for a slice."""
    path = run / "predictions.npz"
    with np.load(path) as archive:
        arrays: dict[str, Array] = dict(archive)
    arrays["test_predicted"] = arrays["test_labels"].copy()
    if wrong is not None:
        arrays["test_predicted"][wrong] = (arrays["test_labels"][wrong] + 1) % 10
    np.savez(path, **arrays)  # type: ignore[arg-type]


def compared(tenfold: Tenfold, *arguments: object) -> tuple[list[Any], list[Any]]:
    answer = tenfold("compare", *arguments, "--json")
    assert answer.code == 0, answer.err
    result = json.loads(answer.out)
    return result["runs"], result["pairs"]


def test_runs_are_listed_and_drawn(
    tenfold: Tenfold, trained: Path, run_copy: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "both.png"
    answer = tenfold("compare", trained, run_copy, "--figure", picture)
    assert answer.code == 0, answer.err
    assert str(trained) in answer.out
    assert str(run_copy) in answer.out
    assert picture.read_bytes().startswith(b"\x89PNG")
    runs, _ = compared(tenfold, trained, run_copy)
    assert runs[0]["test"] == runs[1]["test"]


def test_run_does_not_differ_from_its_copy(tenfold: Tenfold, trained: Path, run_copy: Path) -> None:
    answer = tenfold("compare", trained, run_copy)
    assert "001-mlp and copy (60 test images):" in answer.out
    assert "not significant: they are correct on the same images, p = 1" in answer.out
    assert "train several seeds of each" in answer.out


def test_real_difference_is_significant(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    for name, wrong in (("good", slice(0, 2)), ("bad", slice(1, 12))):
        change_predictions(Path(shutil.copytree(trained, tmp_path / name)), wrong)
    _, [pair] = compared(tenfold, tmp_path / "good", tmp_path / "bad")
    assert (pair["only_first_right"], pair["only_second_right"]) == (10, 1)
    assert pair["p"] == McNemar(60, 10, 1).p < 0.05
    assert pair["significant"] is True
    assert pair["conclusion"].startswith("significant, good is better: they disagree on 11 images")


def test_p_values_of_several_pairs_are_corrected(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    for name, wrong in (("a", slice(0, 0)), ("b", slice(0, 0)), ("c", slice(0, 7))):
        change_predictions(Path(shutil.copytree(trained, tmp_path / name)), wrong)
    _, pairs = compared(tenfold, *(tmp_path / name for name in "abc"))
    p = McNemar(60, 7, 0).p  # 0.0156 for two pairs; the third has p = 1
    assert [pair["p"] for pair in pairs] == [1, p, p]
    assert [pair["p_corrected"] for pair in pairs] == pytest.approx([1, 3 * p, 3 * p])
    assert [pair["significant"] for pair in pairs] == [False, True, True]


def test_runs_on_different_images_are_not_compared(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    recipe = apply_settings(RECIPES["mlp"], SMALL)
    np.savez(tmp_path / "few.npz", images=digits.images[:300], labels=digits.labels[:300])  # type: ignore[index]
    run = create_run(Run(recipe, 0, tmp_path / "few", str(tmp_path / "few.npz")))
    for _ in execute(run, recipe.source.load(run.data)):
        pass
    answer = tenfold("compare", trained, run.folder)
    assert answer.code == 0
    assert "not compared: they were evaluated on different test images" in answer.out
    assert "(60 for 001-mlp, 30 for few)" in answer.out
    assert "train several seeds of each" not in answer.out
    _, [pair] = compared(tenfold, trained, run.folder)
    assert set(pair) == {"first", "second", "conclusion"}


def test_series_are_compared_by_their_means(tenfold: Tenfold, series: Path) -> None:
    answer = tenfold("compare", series / "some", series / "others")
    assert answer.code == 0, answer.err
    assert "2 seeds" in answer.out
    assert "±" in answer.out
    assert "means" in answer.out
    assert "train several seeds of each" not in answer.out
    runs, [pair] = compared(tenfold, series / "some", series / "others")
    summary = tenfold("train", "--resume", series / "some", "--json")
    written = json.loads(summary.out)
    assert runs[0]["test"]["accuracy"] == pytest.approx(written["test_accuracy_mean"])
    assert runs[0]["test"]["standard_deviation"] == pytest.approx(written["test_accuracy_std"])
    assert runs[0]["test"]["accuracies"] == written["test_accuracies"]
    assert (pair["test"], pair["images"]) == ("Welch", 60)
    assert pair["lead"] == pytest.approx(runs[0]["test"]["accuracy"] - runs[1]["test"]["accuracy"])


def test_run_and_series_are_not_compared(tenfold: Tenfold, trained: Path, series: Path) -> None:
    answer = tenfold("compare", trained, series / "some")
    assert "not compared: one has 1 and the other 2 seeds" in answer.out


def test_unfinished_series_raises(tenfold: Tenfold, series: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(series / "some", tmp_path / "half"))
    (copy / "seed-1" / "metrics.json").unlink()
    answer = tenfold("compare", copy)
    assert answer.code == 1
    assert f"unfinished series: continue it with tenfold train --resume {copy}" in answer.err
    shutil.rmtree(copy / "seed-1")
    assert tenfold("compare", copy).code == 1
    assert not (copy / "seed-1").exists()  # comparing creates nothing


def test_metric_prints_its_last_value(tenfold: Tenfold, trained: Path, run_copy: Path) -> None:
    answer = tenfold("compare", trained, run_copy, "--metric", "loss", "--metric", "learning_rate")
    last = json.loads((trained / "records.jsonl").read_text().splitlines()[-1])
    assert "at the end  train loss  validation loss  learning rate" in answer.out
    assert f"{last['train_loss']:.6g}" in answer.out
    runs, _ = compared(tenfold, trained, run_copy, "--metric", "loss")
    assert runs[0]["last"]["loss"] == {key: last[key] for key in ("train_loss", "validation_loss")}


def test_unknown_metric_raises_with_the_known_ones(tenfold: Tenfold, trained: Path) -> None:
    answer = tenfold("compare", trained, "--metric", "cots")
    assert answer.code == 2
    assert "no run has recorded cots; choose from accuracy, learning_rate, loss" in answer.err


def test_picture_shows_the_selected_runs_and_metrics(
    tenfold: Tenfold, trained: Path, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr("tenfold.plots.draw_comparison", lambda *given: drawn.append(given))
    for name in ("a", "b"):
        shutil.copytree(trained, tmp_path / name / "run")
    folders = [tmp_path / name / "run" for name in ("a", "b")]
    picture = tmp_path / "p.png"
    tenfold("compare", *folders, "--figure", picture)
    options = ("--metric", "loss", "--x-axis", "seconds", "--figure", picture)
    tenfold("compare", trained, series / "some", *options)
    (usual, *rest), (other, *asked) = drawn
    assert list(usual) == [str(folder) for folder in folders]
    assert rest == [picture, [], "epoch"]
    assert list(other) == ["001-mlp", "some, mean of 2 seeds"]
    assert asked == [picture, ["loss"], "seconds"]
