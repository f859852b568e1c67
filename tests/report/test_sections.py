import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from tenfold.evaluation import confusion_matrix
from tenfold.inspection import OptimizerPaths
from tenfold.nn import stream
from tenfold.recipes import RECIPES, apply_settings
from tenfold.report import Intervals, mistakes, verdict, write_report
from tenfold.report.blocks import Beside, Interval, Matrix, Picture, Table
from tenfold.report.context import read_context
from tenfold.report.formatting import a, count, joined, percent, points, seconds
from tenfold.report.inside import race
from tenfold.report.learning import learning
from tenfold.report.reproduce import changes, command, settings_table
from tenfold.runs import Run, newest_run
from tenfold.training import Selective


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (percent(0.99264), "99.26 %"),
        (percent(0.99999), "> 99.99 %"),
        (percent(1.0), "100.00 %"),
        (percent(0.00001), "< 0.01 %"),
        (percent(0.0), "0.00 %"),
        (percent(0.9996, 1), "> 99.9 %"),
        (points(0.9999), "99.9"),
        (points(0.0005), "<0.1"),
        (points(0.29), "29.0"),
        (points(1), "100"),
        (points(0), "0"),
        (count(1, "epoch"), "1 epoch"),
        (count(2000, "epoch"), "2,000 epochs"),
        (seconds(3.68), "3.7 s"),
        (seconds(545), "9 min 5 s"),
        (seconds(7801), "2 h 10 min"),
        (joined(["a", "b", "c"]), "a, b and c"),
        (a(8), "an 8"),
        (a(1), "a 1"),
    ],
)
def test_numbers_are_written_as_people_write_them(written: str, expected: str) -> None:
    assert written.replace("\N{NO-BREAK SPACE}", " ") == expected


@given(st.integers(0, 60_000), st.integers(1, 60_000))
def test_a_share_says_all_or_nothing_only_if_it_is(part: int, whole: int) -> None:
    share = min(part, whole) / whole
    assert (percent(share).startswith("100.00")) == (share == 1)
    assert (percent(share).startswith("0.00")) == (share == 0)
    assert (points(share) == "100") == (share == 1)
    assert (points(share) == "0") == (share == 0)


def test_the_table_by_digit_agrees_with_scikit_learn() -> None:
    rng = stream(0, "test mistakes")
    labels = rng.integers(0, 9, 500)  # no 9 among them
    predicted = np.where(rng.random(500) < 0.3, rng.integers(0, 10, 500), labels)
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=np.nan
    )
    table = mistakes._by_digit(confusion_matrix(labels, predicted))
    for digit, row in enumerate(table.rows):
        assert row[1] == f"{support[digit]:,}"
        for cell, number in zip(row[3:], (recall[digit], precision[digit], f1[digit]), strict=True):
            assert cell == ("none" if np.isnan(number) else percent(float(number)))


def test_a_matrix_is_as_dark_as_its_commonest_mistake() -> None:
    counts = np.diag([90] * 10)
    assert Matrix("", "", counts).darkest() == 0.01
    counts[3, 5], counts[2] = 10, 0
    matrix = Matrix("", "", counts)
    assert matrix.shares()[3][5] == matrix.darkest() == 0.1
    assert matrix.shares()[2] == [0] * 10


def test_a_place_on_the_axis_is_its_percentage() -> None:
    axis = Intervals("", [Interval("x", 0.99, 0.985, 0.995, "")], 0.98, 1.0, ("98 %", "100 %"))
    assert [axis.place(share) for share in (0.98, 0.985, 0.99, 1.0)] == [0, 25, 50, 100]


@pytest.mark.parametrize(("low", "begins"), [(0.9907, 0.99), (0.9887, 0.98), (0.31, 0.3), (0, 0)])
def test_the_axis_begins_below_the_lowest_interval(low: float, begins: float, run: Run) -> None:
    context = read_context(run)
    score = replace(context.scores["test"], interval95=(low, 1.0))
    axis = verdict._intervals(replace(context, scores={"test": score}))
    assert axis.low == pytest.approx(begins)


def test_the_curves_are_those_that_were_recorded(trained: Run) -> None:
    section = learning(read_context(trained))
    assert section is not None
    beside = section.blocks[0]
    pictures = [block for block in beside.blocks if isinstance(block, Picture)]  # type: ignore[union-attr]
    titles = [picture.title for picture in pictures]
    assert titles == [
        "Accuracy",
        "Loss",
        "Accuracy on the last batch",
        "Cost",
        "RMSE",
        "R²",
        "Accuracy against seconds",
        "Learning rate",
    ]
    rows = trained.records()
    fell = f"from {rows[0]['train_loss']:.4g} to {rows[-1]['train_loss']:.4g}"
    assert fell in pictures[1].caption


def test_of_chosen_images_it_is_said_that_more_are_hard(trained: Run) -> None:
    chosen = replace(trained, recipe=replace(trained.recipe, selective=Selective()))
    for run, told in ((trained, False), (chosen, True)):
        section = learning(read_context(run))
        assert section is not None
        assert ("of which more are hard than of all" in section.lead) == told


def test_one_record_is_no_curve(run: Run) -> None:
    alone = learning(read_context(run))
    assert alone is not None
    (tables,) = alone.blocks
    assert isinstance(tables, Beside)
    assert [type(block) for block in tables.blocks] == [Table, Table]
    assert "updates in" in alone.lead


def test_adam_against_gradient_descent_says_what_the_study_holds() -> None:
    losses = {"SGD": [2.5, 2.0, 1.5, 0.75], "Adam": [2.5, 1.25, 0.5, 0.25], "Muon": [3, 2, 1, 0.1]}
    ways = {name: [(0.0, 0.0)] * 4 for name in losses}
    words = race(OptimizerPaths(ways, losses, [0, 1], [0, 1], [[1, 2], [2, 1]], 1.0)).caption
    assert "after 3 steps Adam (rate 0.003) has a loss of 0.250" in words
    assert words.endswith("gradient descent (rate 0.2) one of 0.750, where Adam was after 2.")
    losses["Adam"][2:] = [1.0, 0.8]
    words = race(OptimizerPaths(ways, losses, [0, 1], [0, 1], [[1, 2], [2, 1]], 1.0)).caption
    assert words.endswith("one of 0.750.")


def test_the_settings_that_were_changed_are_marked(trained: Run) -> None:
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
def test_the_command_makes_the_same_recipe_again(name: str, settings: list[str]) -> None:
    recipe = apply_settings(RECIPES[name], settings)
    found = changes(Run(recipe, 3, Path("x")))
    assert found is not None
    assert apply_settings(RECIPES[name], found) == recipe
    assert bool(found) == bool(settings)


def test_the_command_is_one_that_a_shell_takes() -> None:
    recipe = apply_settings(RECIPES["quick"], ["epochs=2"])
    line = command(Run(recipe, 3, Path("x"), "my digits.npz"))
    assert line == "tenfold train quick --seed 3 --data 'my digits.npz' --set epochs=2"
    assert command(Run(replace(recipe, name="own"), 0, Path("x"))) is None


def test_the_newest_run_is_the_one_that_was_finished_last(run: Run, tmp_path: Path) -> None:
    deep = Path(shutil.copytree(run.folder, tmp_path / "series" / "seed-0"))
    unfinished = Path(shutil.copytree(run.folder, tmp_path / "unfinished"))
    (unfinished / "metrics.json").unlink()
    os.utime(run.folder / "metrics.json", (100, 100))
    os.utime(deep / "metrics.json", (200, 200))
    assert newest_run(tmp_path).folder == deep
    os.utime(run.folder / "metrics.json", (300, 300))
    assert newest_run(tmp_path).folder == run.folder


def test_equal_folders_give_equal_bytes(trained: Run, page: Path, tmp_path: Path) -> None:
    again = write_report(trained, path=tmp_path / "again.html")
    assert again.path.read_bytes() == page.read_bytes()
    assert again.size < 2_000_000


def test_the_table_of_confusions_says_how_often_the_reverse_happened() -> None:
    matrix = np.diag([50] * 10)
    matrix[4, 9], matrix[9, 4], matrix[7, 1] = 7, 3, 9
    (first, second, third) = mistakes._pairs_table([(7, 1, 9), (4, 9, 7), (9, 4, 3)], matrix).rows
    assert (first[0], second[1], second[3], third[3]) == ("7 taken for 1", "7", "3", "7")
