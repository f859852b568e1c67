import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from tenfold.evaluation import confusion_matrix
from tenfold.nn import stream
from tenfold.plots import FIGURES
from tenfold.plots.formatting import percent
from tenfold.recipes import RECIPES, apply_settings
from tenfold.report import Intervals, mistakes, result, training, write_report
from tenfold.report.blocks import Interval, Matrix, SideBySide, Table
from tenfold.report.context import read_context
from tenfold.report.reproduce import changed_settings, run_command, settings_table
from tenfold.report.training import training_section
from tenfold.runs import Run, newest_run
from tenfold.training import Selective
from tests.plots.pictures import placed_roughly

NAMES = tuple("0123456789")


def test_the_table_by_digit_agrees_with_scikit_learn() -> None:
    rng = stream(0, "test mistakes")
    labels = rng.integers(0, 9, 500)  # without a 9
    predicted = np.where(rng.random(500) < 0.3, rng.integers(0, 10, 500), labels)
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=np.nan
    )
    table = mistakes._by_digit(confusion_matrix(labels, predicted), NAMES)
    for digit, row in enumerate(table.rows):
        assert row[1] == f"{support[digit]:,}"
        for cell, number in zip(row[3:], (recall[digit], precision[digit], f1[digit]), strict=True):
            assert cell == ("none" if np.isnan(number) else percent(float(number)))


def test_the_darkest_colour_is_the_most_frequent_mistake() -> None:
    counts = np.diag([90] * 10)
    assert Matrix("", "", counts, NAMES).darkest() == 0.01
    counts[3, 5], counts[2] = 10, 0
    matrix = Matrix("", "", counts, NAMES)
    assert matrix.shares()[3][5] == matrix.darkest() == 0.1
    assert matrix.shares()[2] == [0] * 10


def test_places_on_the_axis_are_percentages() -> None:
    axis = Intervals("", [Interval("x", 0.99, 0.985, 0.995, "")], 0.98, 1.0, ("98%", "100%"))
    assert [axis.place(share) for share in (0.98, 0.985, 0.99, 1.0)] == [0, 25, 50, 100]


@pytest.mark.parametrize(("low", "begins"), [(0.9907, 0.99), (0.9887, 0.98), (0.31, 0.3), (0, 0)])
def test_the_axis_begins_below_the_lowest_interval(low: float, begins: float, run: Run) -> None:
    score = replace(read_context(run).scores["test"], interval95=(low, 1.0))
    axis = result._intervals({"test": score})
    assert axis.low == pytest.approx(begins)


def test_recorded_metrics_have_curves(trained: Run) -> None:
    data = read_context(trained).figure_data
    shown = {
        figure.title: figure.report.caption(data)
        for figure in FIGURES
        if figure.report is not None
        and figure.report.section == "training"
        and figure.applies(data)
    }
    assert list(shown) == [
        "Accuracy",
        "Loss",
        "Accuracy on the last batch",
        "MSE",
        "RMSE",
        "R²",
        "Accuracy against seconds",
        "Learning rate",
    ]
    rows = trained.records()
    fell = f"from {rows[0]['train_loss']:.4g} to {rows[-1]['train_loss']:.4g}"
    assert fell in shown["Loss"]


def test_selective_training_is_explained(trained: Run) -> None:
    chosen = replace(trained, recipe=replace(trained.recipe, selective=Selective()))
    for run, explained in ((trained, False), (chosen, True)):
        intro = training._intro(read_context(run))
        assert ("sampled images, which are harder" in intro) == explained


def test_a_single_record_has_no_curve(run: Run) -> None:
    alone = training_section(read_context(run))
    assert alone is not None
    (tables,) = alone.blocks
    assert isinstance(tables, SideBySide)
    assert [type(block) for block in tables.blocks] == [Table, Table]
    assert "steps in" in alone.intro


def test_changed_settings_are_marked(trained: Run) -> None:
    assert dict(marked(trained)) == {
        "architecture.hidden": "changed",
        "epochs": "changed",
        "observe": "changed",
    }
    table = settings_table(RECIPES["mlp"])
    assert all(len(row) == len(table.head) == 2 for row in table.rows)


def marked(run: Run) -> list[tuple[str, str]]:
    return [(row[0], row[2]) for row in settings_table(run.recipe).rows if row[2]]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("quick", []),
        ("quick", ["epochs=3", "batch_size=full", "learning_rate=0.002"]),
        ("mlp", ["hidden=256,128", "dropout=0.2", "average=none"]),
        ("mlp", ["optimizer=Momentum", "schedule=Cosine", "loss.label_smoothing=0"]),
        ("mlp", ["augment=Augment", "rotation=10", "hidden=none"]),
        ("standard", ["augment=none", "clean_epochs=0", "source.name=kaggle"]),
        ("classic-two-layer", ["observe=probability_errors"]),
    ],
)
def test_changed_settings_reproduce_the_recipe(name: str, settings: list[str]) -> None:
    recipe = apply_settings(RECIPES[name], settings)
    found = changed_settings(Run(recipe, 3, Path("x")))
    assert found is not None
    assert apply_settings(RECIPES[name], found) == recipe
    assert bool(found) == bool(settings)


def test_the_command_is_quoted_for_a_shell() -> None:
    recipe = apply_settings(RECIPES["quick"], ["epochs=2"])
    line = run_command(Run(recipe, 3, Path("x"), "my digits.npz"))
    assert line == "tenfold train quick --seed 3 --data 'my digits.npz' --set epochs=2"
    assert run_command(Run(replace(recipe, name="own"), 0, Path("x"))) is None


def test_newest_run_is_the_last_finished(run: Run, tmp_path: Path) -> None:
    deep = Path(shutil.copytree(run.folder, tmp_path / "series" / "seed-0"))
    unfinished = Path(shutil.copytree(run.folder, tmp_path / "unfinished"))
    (unfinished / "metrics.json").unlink()
    os.utime(run.folder / "metrics.json", (100, 100))
    os.utime(deep / "metrics.json", (200, 200))
    assert newest_run(tmp_path).folder == deep
    os.utime(run.folder / "metrics.json", (300, 300))
    assert newest_run(tmp_path).folder == run.folder


def test_equal_folders_give_equal_bytes(trained: Run, page: Path, tmp_path: Path) -> None:
    with placed_roughly():  # as the page
        again = write_report(trained, path=tmp_path / "again.html")
    assert again.path.read_bytes() == page.read_bytes()
    assert again.size < 2_000_000


def test_frequent_mistakes_and_their_reverse() -> None:
    matrix = np.diag([50] * 10)
    matrix[4, 9], matrix[9, 4], matrix[7, 1] = 7, 3, 9
    pairs = [(7, 1, 9), (4, 9, 7), (9, 4, 3)]
    (first, second, third) = mistakes._pairs_table(pairs, matrix, NAMES).rows
    assert (first[0], second[1], second[3], third[3]) == ("7 → 1", "7", "3", "7")
