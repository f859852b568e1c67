"""The tables of README and docs show the measured results."""

import re
from pathlib import Path
from typing import Any

import pytest
from experiments import fill_tables, measure_recipes, results, tables

from tenfold.evaluation import BASELINES, wilson_interval
from tenfold.files import write_text
from tenfold.inspection import CorrectCount, Robustness
from tenfold.recipes import RECIPES

# The pages


def test_pages_show_the_measured_results(capsys: pytest.CaptureFixture[str]) -> None:
    assert fill_tables.main(["--check"]) == 0, capsys.readouterr().out


def test_sources_are_numbered_in_their_order_and_explained() -> None:
    text = (fill_tables.ROOT / "docs" / "results.md").read_text("utf-8")
    used = list(dict.fromkeys(re.findall(r"(?<!^)\[(\d)\]", text, re.MULTILINE)))
    assert used == [str(number) for number in range(1, len(used) + 1)]
    assert re.findall(r"^\[(\d)\] ", text, re.MULTILINE) == used


@pytest.fixture
def copied_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages, into which ``fill`` writes."""
    for page, text in fill_tables.pages().items():
        (tmp_path / page).parent.mkdir(exist_ok=True)
        write_text(tmp_path / page, text)
    monkeypatch.setattr(fill_tables, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", fill_tables.pages())
def test_outdated_page_is_reported_and_filled(
    page: str, copied_pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fill_tables.main(["--check"]) == 0
    path = copied_pages / page
    right = path.read_text("utf-8")
    write_text(path, re.sub(r"(\d\.\d)\d%", r"\g<1>X%", right))
    assert fill_tables.main(["--check"]) == 1
    assert capsys.readouterr().out.startswith(f"{page} differs from the results")
    assert fill_tables.main([]) == 0
    filled = re.compile(
        r"<!-- ([\w-]+) -->.*?<!-- /\1 -->|<!-- measured: .*?<!-- /measured -->", re.S
    )
    found = [match[0] for match in filled.finditer(path.read_text("utf-8"))]
    assert found == [match[0] for match in filled.finditer(right)] != []
    assert fill_tables.main(["--check"]) == 0


def test_table_replaces_the_content_between_its_markers() -> None:
    page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\nold\n<!-- /y -->\n"
    expected = "a\n<!-- x -->\nT\n\nM\n<!-- /x -->\nb\n<!-- y -->\nold\n<!-- /y -->\n"
    assert fill_tables.with_table(page, "x", "T", "M") == expected


def test_sentence_follows_its_marker() -> None:
    page = "a <!-- measured: x -->\n\nb <!-- measured: y -->\nold\n<!-- /measured -->\n"
    once = fill_tables.with_sentences(page, {"x": "One.", "y": "Two."})
    assert once == (
        "a <!-- measured: x -->\nOne.\n<!-- /measured -->\n\n"
        "b <!-- measured: y -->\nTwo.\n<!-- /measured -->\n"
    )
    assert fill_tables.with_sentences(once, {"x": "One.", "y": "Two."}) == once


# The tables


def test_tables_of_the_projects_show_claims_and_accuracies() -> None:
    form = {"train_accuracy": 0.5, "test_accuracy": 0.25, "seconds": 3.0, "seeds": [0, 1]}
    form |= {"runs": [{"test_accuracy": 0.26}, {"test_accuracy": 0.24}]}
    claim = {"value": 0.9, "measures": "held_out"}
    result = {"name": "n", "project": "p", "claims": [claim], "as_written": form, "corrected": form}
    short = tables.readme_table([result]).splitlines()
    cells = "| `n` | p | 90.00% test | 50.00%, **25.00%** | 50.00%, **25.00%** |"
    assert short[2:] == [cells]
    long = tables.classics_table([result]).splitlines()
    assert long[2:] == [
        f"| `n` | {words} | 2 | 50.00% | 25.00% | 24.00% to 26.00% | 3 |"
        for words in ("as written", "corrected")
    ]


def test_recipes_are_sorted_by_accuracy() -> None:
    row = {"parameters": 1234, "multiply_adds": 5_000_000, "seeds": [0, 1, 2]}
    row |= {"test_accuracy_std": 0.0004, "test_uncontested_accuracy_mean": 0.9981}
    row |= {"test_interval95": [0.991, 0.998], "seconds_train_mean": 77.4}
    recipes = {
        "standard": row | {"test_accuracy_mean": 0.9971},
        "quick": row | {"test_accuracy_mean": 0.9921},
    }
    lines = tables.recipe_table(recipes).splitlines()
    assert [line.split("`")[1] for line in lines[2:]] == ["quick", "standard"]
    for cell in ("1,234", "5.00", "3", "**99.71** ± 0.04%", "99.10 to 99.80%", "99.81%", "77"):
        assert f" {cell} |" in lines[-1]


def test_every_measured_recipe_has_a_published_accuracy() -> None:
    assert set(measure_recipes.ALL) == set(tables.PUBLISHED_ACCURACIES)
    assert set(measure_recipes.SHORT) <= set(measure_recipes.SEEDS) <= set(RECIPES)


def test_ensemble_shows_its_networks_in_place_of_seeds() -> None:
    row = {"members": [{}, {}, {}], "parameters": 9, "multiply_adds": 500_000}
    row |= {"test_accuracy_mean": 0.9978, "test_uncontested_accuracy_mean": 0.9985}
    row |= {"test_interval95": [0.996, 0.999], "seconds_train_mean": 7200.0}
    line = tables.recipe_table({"ensemble": row}).splitlines()[-1]
    assert "| 3 networks | **99.78%** | 99.60 to 99.90% |" in line


def test_ablation_has_a_table_for_each_recipe_with_differences_from_its_first_row() -> None:
    variants = [
        {"recipe": recipe, "name": name, "mean": mean, "deviation": 0.002, "seconds": 3.94}
        | {"accuracies": [mean] * seeds}
        for recipe, name, mean, seeds in (
            ("quick", "unchanged", 0.992, 5),
            ("quick", "less", 0.9885, 5),
            ("standard", "three epochs", 0.99, 3),
            ("standard", "more", 0.995, 3),
        )
    ]
    first, second = (part.splitlines() for part in tables.ablation_tables(variants).split("\n\n"))
    assert first[0] == "| `quick`, 5 seeds | validation | difference | seconds |"
    assert first[2:] == [
        "| unchanged | 99.20 ± 0.20% |  | 3.9 |",
        "| less | 98.85 ± 0.20% | -0.35 | 3.9 |",
    ]
    assert second[0].startswith("| `standard`, 3 seeds |")
    assert second[3] == "| more | 99.50 ± 0.20% | +0.50 | 3.9 |"


def test_corruptions_are_sorted_by_the_accuracy_of_the_last_model() -> None:
    def model(**right: int) -> dict[str, Any]:
        corruptions = {name: CorrectCount(count, 200) for name, count in right.items()}
        return Robustness("d", 0, CorrectCount(198, 200), {}, corruptions).to_dict()

    models = {"a": model(fog=180, shear=20), "b": model(fog=50, shear=100)}
    lines = tables.robustness_table(models).splitlines()
    assert lines[0].endswith("| `a` | `b` |")
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        *("none", "`shear`", "`fog`", "mean", "error rate", "number of images")
    ]
    low, high = wilson_interval(50, 200)
    assert f" 25.0% ({100 * low:.1f} to {100 * high:.1f}) |" in lines[4]
    assert lines[5].endswith("| **50.0%** | **37.5%** |")
    assert lines[6].endswith("| 50 times | 62 times |")  # errors of 50 and 62.5% in place of 1%
    assert lines[7].endswith("| 200 | 200 |")


def test_baselines_are_listed_above_our_recipes_with_falling_errors() -> None:
    row = {"accuracy": 0.9691, "interval95": [0.9655, 0.9723], "seconds": 12.34}
    recipes = results.read_results("recipes")["recipes"]
    lines = tables.baseline_table({"1 nearest neighbour": row}, recipes).splitlines()
    cells = "| 1 nearest neighbour | **3.09%** | 96.91% | 96.55 to 97.23% | 12.3 | 3.09% [6] |"
    assert lines[2] == cells
    errors = [float(line.split("**")[1].rstrip("%")) for line in lines[2:]]
    assert errors == sorted(errors, reverse=True)
    assert set(tables.PUBLISHED_ERRORS) == set(BASELINES)
