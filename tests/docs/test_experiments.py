"""The measuring scripts run, here on a few images, and write what the tables need."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from experiments import (
    calibrate_model,
    draw_distortions,
    draw_seen,
    draw_strokes,
    measure_ablation,
    measure_baselines,
    measure_faults,
    measure_recipes,
    measure_robustness,
    results,
    ship_model,
    tables,
)

from tenfold.data import Dataset, load_mnist
from tenfold.errors import UsageError
from tenfold.models import BundledModel, load_model
from tenfold.recipes import (
    ENSEMBLES,
    RECIPES,
    EnsembleRecipe,
    Recipe,
    Source,
    Split,
    apply_settings,
)
from tenfold.runs import Run, create_run, execute


class Written(Protocol):
    def __call__(self, name: str) -> dict[str, Any]: ...


@pytest.fixture(autouse=True)
def small_split(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> Split:
    """Few images to train and to choose on, and the test set; every recipe gets them."""
    train, validation = (digits.subset(part) for part in np.split(np.arange(500), [400]))
    split = Split(train, validation, load_mnist("test"))
    monkeypatch.setattr(Source, "load", lambda self, path=None: split)
    return split


@pytest.fixture(autouse=True)
def small_quick(tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """A recipe of one epoch in place of ``quick``."""
    recipe = replace(tiny, name="quick", epochs=1)
    monkeypatch.setitem(RECIPES, "quick", recipe)
    return recipe


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Let the scripts write into an empty folder; return a reader of the result files there."""
    recipes = results.read_results("recipes")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    results.write_results("recipes", **recipes)
    for script in (measure_ablation, measure_baselines, measure_faults, measure_recipes):
        monkeypatch.setattr(script, "fill", lambda: None)
    monkeypatch.setattr(measure_robustness, "fill", lambda: None)
    return lambda name: json.loads((tmp_path / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the pictures that the scripts draw, which are not saved."""
    names: list[str] = []
    for script in (measure_baselines, measure_robustness, draw_distortions, draw_strokes):
        monkeypatch.setattr(script, "save_figure", lambda figure, path: names.append(path.name))
    return names


def test_ablation_measures_one_recipe_and_keeps_the_other(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    variants = (("unchanged", ()), ("without dropout", ("dropout=0",)))
    small = measure_ablation.Ablation(seeds=2, variants=variants, common=("batch_size=100",))
    monkeypatch.setitem(measure_ablation.ABLATIONS, "quick", small)
    results.write_results("ablation", variants=[{"recipe": "standard", "name": "other"}])
    measure_ablation.main([])
    *rows, other = written("ablation")["variants"]
    assert other == {"recipe": "standard", "name": "other"}
    assert [row["name"] for row in rows] == ["unchanged", "without dropout"]
    assert [row["settings"] for row in rows] == [
        ["batch_size=100"],
        ["batch_size=100", "dropout=0"],
    ]
    assert "`quick`, 2 seeds" in tables.ablation_tables(rows)
    assert "`quick`" in tables.measured_by_machine({row["recipe"]: row for row in rows})


@pytest.mark.parametrize("recipe", measure_ablation.ABLATIONS)
def test_settings_of_the_ablation_fit_their_recipes(
    recipe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    ablation = measure_ablation.ABLATIONS[recipe]
    for _, settings in ablation.variants[1:]:
        changed = apply_settings(RECIPES[recipe], settings)
        assert changed != RECIPES[recipe]


def test_baselines_are_measured_and_drawn(
    written: Written, drawn: list[str], digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_baselines, "load_mnist", lambda part: digits)
    measure_baselines.main([])
    measured = written("baselines")
    assert "1 nearest neighbour" in tables.baseline_table(measured["baselines"], {})
    assert tables.measured_where(measured["environment"])
    assert drawn == ["baselines.png"]


def test_one_fault_is_measured_and_the_other_sentences_stay(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_faults, "SEEDS", (0, 1))
    results.write_results("faults", sentences={"other": "It stays."})
    measure_faults.main(["short-batch"])
    measured = written("faults")
    assert measured["seeds"] == [0, 1]
    assert measured["sentences"]["other"] == "It stays."
    assert measured["sentences"]["short-batch"].count(" ± ") == 2


def test_robustness_is_measured_and_drawn(written: Written, drawn: list[str]) -> None:
    measure_robustness.main(["--images", "10"])
    measured = written("robustness")["models"]
    assert list(measured) == ["quick", "standard"]
    assert "| number of images | of the test set | 10 | 10 |" in tables.robustness_table(measured)
    assert drawn == ["robustness.png"]


def test_recipes_and_ensembles_are_measured_and_continued(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(measure_recipes.SEEDS, "quick", 2)
    monkeypatch.setitem(ENSEMBLES, "ensemble", EnsembleRecipe("ensemble", "", {"quick": 2}))
    before = written("recipes")["recipes"]
    arguments = ["quick", "ensemble", "--folder", str(tmp_path / "runs")]
    measure_recipes.main(arguments)
    once = written("recipes")["recipes"]
    assert list(once) == list(before)
    assert once["standard"] == before["standard"]
    assert once["quick"]["seeds"] == [0, 1]
    assert len(once["ensemble"]["members"]) == 2
    for name in ("quick", "ensemble"):
        assert set(once[name]) == set(before[name])
    assert "| 2 networks |" in tables.recipe_table(once)
    measure_recipes.main(arguments)  # everything is finished: nothing is trained again
    assert written("recipes")["recipes"]["quick"] == once["quick"]


def test_distortions_are_drawn(drawn: list[str]) -> None:
    draw_distortions.main([])
    assert drawn == ["distortions.png", "corruptions.png"]


def test_strokes_and_pages_are_drawn(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw_strokes, "PICTURES", tmp_path)
    monkeypatch.setattr(draw_strokes, "EACH", 1)
    monkeypatch.setattr(draw_strokes, "PAGES", 1)
    draw_strokes.main([])
    assert drawn == ["strokes.png", "non-digits.png"]
    assert (tmp_path / "pages.jpg").exists()


def test_the_figure_of_the_readme_shows_the_page_that_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(draw_seen, "PICTURES", tmp_path)
    draw_seen.main([])
    numbers = capsys.readouterr().out.split()
    assert numbers == ["1532", "70542", "89503"]
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert all(f"\n{number}  " in readme for number in numbers)
    assert (tmp_path / "seen.png").exists()


def test_finished_run_is_shipped_and_calibrated_again(
    small_quick: Recipe, small_split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ship_model, "WEIGHTS", tmp_path)
    run = create_run(Run(small_quick, 0, tmp_path / "run"))
    for _ in execute(run, small_split):
        pass
    ship_model.main([str(run.folder)])
    shipped = tmp_path / "quick.safetensors"
    assert shipped.read_bytes() == run.model.read_bytes()

    content = json.loads(shipped.with_suffix(".json").read_text("utf-8"))
    assert content["metrics"] == run.metrics()
    bundled = BundledModel("quick", shipped, **content)
    monkeypatch.setattr(calibrate_model, "bundled_models", lambda: {"quick": bundled})
    calibrate_model.main(["quick"])
    again = json.loads(shipped.with_suffix(".json").read_text("utf-8"))
    assert again == content
    assert load_model(shipped).temperature == content["metrics"]["calibration"]["temperature"]


def test_calibration_needs_the_validation_images_of_the_model() -> None:
    with pytest.raises(UsageError, match="must be those of the training"):
        calibrate_model.main(["standard"])
