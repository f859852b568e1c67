"""The figures in the pages are those that were measured."""

from typing import Any

import pytest
from experiments import fill_tables as tables
from experiments import measure_recipes

from tenfold.evaluation import BASELINES, wilson_interval
from tenfold.inspection import Robustness, Tally
from tenfold.recipes import RECIPES


def test_the_tables_are_filled_from_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main(["--check"]) == 0, capsys.readouterr().out


def test_a_changed_figure_is_noticed() -> None:
    form = {"train_accuracy": 0.5, "test_accuracy": 0.25, "seconds": 3.0, "seeds": [0]}
    form |= {"runs": [{"test_accuracy": 0.25}]}
    result = {"name": "n", "project": "p", "as_written": form, "corrected": form}
    measured: dict[str, Any] = {
        "environment": {"date": "2026-01-01", "cores": 1, "processor": "p"},
        "classics": [result | {"claims": [{"value": 0.9, "measures": "held_out"}]}],
    }
    measured["environment"] |= {"python": "3", "numpy": "2"}
    for page in tables.PAGES:
        text = tables.filled(page, measured)
        assert text != (tables.ROOT / page).read_text("utf-8")
        assert "25.00 %" in text
    assert "90.00 % held out" in tables.filled("README.md", measured)


def test_the_table_of_recipes_is_sorted_and_shows_what_was_measured() -> None:
    found = {"parameters": 1234, "multiply_adds": 5_000_000, "seeds": [0, 1, 2]}
    found |= {"test_accuracy_std": 0.0004, "test_uncontested_accuracy_mean": 0.9981}
    found |= {"test_interval95": [0.991, 0.998], "seconds_train_mean": 77.4}
    recipes = {
        "standard": found | {"test_accuracy_mean": 0.9971},
        "quick": found | {"test_accuracy_mean": 0.9921},
    }
    lines = tables.recipe_table(recipes).splitlines()
    assert [line.split("`")[1] for line in lines[2:]] == ["quick", "standard"]
    for cell in ("1,234", "10.00", "3", "**99.71** ± 0.04 %", "99.10 to 99.80 %", "99.81 %", "77"):
        assert f" {cell} |" in lines[-1]


def test_every_recipe_of_the_table_has_a_peer() -> None:
    assert set(measure_recipes.ALL) == set(tables.ANCHORS)
    assert set(measure_recipes.SHORT) <= set(measure_recipes.SEEDS) <= set(RECIPES)


def test_a_ensemble_is_measured_once() -> None:
    found = {"members": [{}, {}, {}], "parameters": 9, "multiply_adds": 500_000}
    found |= {"test_accuracy_mean": 0.9978, "test_uncontested_accuracy_mean": 0.9985}
    found |= {"test_interval95": [0.996, 0.999], "seconds_train_mean": 7200.0}
    line = tables.recipe_table({"ensemble": found}).splitlines()[-1]
    assert "| 1 of 3 networks | **99.78** % | 99.60 to 99.90 % |" in line


def test_the_ablation_has_a_table_for_each_recipe_with_differences_from_its_first_row() -> None:
    variants = [
        {"recipe": recipe, "name": name, "mean": mean, "deviation": 0.002, "seconds": 3.94}
        | {"accuracies": [mean] * seeds}
        for recipe, name, mean, seeds in (
            ("quick", "as it is", 0.992, 5),
            ("quick", "less", 0.9885, 5),
            ("standard", "three epochs", 0.99, 3),
            ("standard", "more", 0.995, 3),
        )
    ]
    first, second = (part.splitlines() for part in tables.ablation_table(variants).split("\n\n"))
    assert first[0] == "| `quick`, 5 seeds | validation | difference | seconds |"
    assert first[2:] == [
        "| as it is | 99.20 ± 0.20 % |  | 3.9 |",
        "| less | 98.85 ± 0.20 % | -0.35 | 3.9 |",
    ]
    assert second[0].startswith("| `standard`, 3 seeds |")
    assert second[3] == "| more | 99.50 ± 0.20 % | +0.50 | 3.9 |"


def test_the_table_of_corruptions_is_sorted_by_its_last_model() -> None:
    def model(**right: int) -> dict[str, Any]:
        corruptions = {name: Tally(count, 200) for name, count in right.items()}
        return Robustness("d", 0, Tally(198, 200), {}, corruptions).to_dict()

    models = {"a": model(fog=180, shear=20), "b": model(fog=50, shear=100)}
    lines = tables.robustness_table(models).splitlines()
    assert lines[0].endswith("| `a` | `b` |")
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        *("none", "`shear`", "`fog`", "mean", "mistakes", "images")
    ]
    low, high = wilson_interval(50, 200)
    assert f" 25.0 ({100 * low:.1f} to {100 * high:.1f}) % |" in lines[4]
    assert lines[5].endswith("| **50.0 %** | **37.5 %** |")
    assert lines[6].endswith("| 50 times | 62 times |")  # 50 and 62.5 % of mistakes for 1 %
    assert lines[7].endswith("| 200 | 200 |")


def test_the_baselines_stand_above_our_recipes_with_their_errors() -> None:
    found = {"accuracy": 0.9691, "interval95": [0.9655, 0.9723], "seconds": 12.34}
    lines = tables.baseline_table({"1 nearest neighbour": found}).splitlines()
    cells = "| 1 nearest neighbour | **3.09 %** | 96.91 % | 96.55 to 97.23 % | 12.3 | 3.09 % [5] |"
    assert lines[2] == cells
    errors = [float(line.split("**")[1].split()[0]) for line in lines[2:]]
    assert errors == sorted(errors, reverse=True)
    assert set(tables.PUBLISHED) == set(BASELINES)
