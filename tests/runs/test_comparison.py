"""Comparisons of runs and series: on which images, by which test, and when there is none."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.errors import TenfoldError, UsageError
from tenfold.evaluation import McNemar
from tenfold.files import write_json
from tenfold.recipes import MLP, RECIPES, Recipe, Split
from tenfold.runs import (
    Pair,
    Run,
    Series,
    compare_all,
    create_run,
    execute,
    open_entry,
    open_run,
    read_predictions,
    results_of,
)
from tests.runs.made_up import part


def train(recipe: Recipe, seed: int, split: Split, folder: Path) -> Run:
    run = create_run(Run(replace(recipe, epochs=1), seed, folder))
    for _ in execute(run, split, watch=False):
        pass
    return run


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return replace(RECIPES["mlp"], architecture=MLP((16,)), epochs=1, batch_size=64)


@pytest.fixture(scope="module")
def one(recipe: Recipe, split: Split, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run with validation and test images; tests do not change it."""
    return train(recipe, 1, split, tmp_path_factory.mktemp("compared") / "one")


def compare(first: Run, second: Run) -> Pair:
    [pair] = compare_all([open_entry(run.folder) for run in (first, second)])
    return pair


def test_two_seeds_are_compared_on_the_test_images(
    recipe: Recipe, one: Run, split: Split, tmp_path: Path
) -> None:
    other = train(recipe, 2, split, tmp_path / "other")
    pair = compare(one, other)
    assert isinstance(pair.test, McNemar)
    assert (pair.part, pair.images, pair.corrected) == ("test", 100, None)
    tests = [run.results().test for run in (one, other)]
    assert tests[0] is not None
    assert tests[1] is not None
    assert pair.test.only_first - pair.test.only_second == tests[0].correct - tests[1].correct
    assert pair.decisive_p == pair.test.p


def test_without_a_common_test_part_validation_is_compared(
    recipe: Recipe, one: Run, split: Split, tmp_path: Path
) -> None:
    other = train(recipe, 2, replace(split, test=None), tmp_path / "other")
    assert compare(one, other).part == "validation"
    third = train(recipe, 3, Split(split.train, None, None), tmp_path / "third")
    assert "no common test or validation images" in compare(one, third).conclusion


def test_equal_labels_of_different_images_are_not_compared(
    recipe: Recipe, split: Split, tmp_path: Path
) -> None:
    assert split.test is not None
    inverted = replace(split.test, images=255 - split.test.images)
    first = train(recipe, 1, Split(split.train, None, split.test), tmp_path / "first")
    second = train(recipe, 1, Split(split.train, None, inverted), tmp_path / "second")
    predictions = [read_predictions(run) for run in (first, second)]
    assert predictions[0] is not None
    assert predictions[1] is not None
    np.testing.assert_array_equal(predictions[0].labels, predictions[1].labels)
    pair = compare(first, second)
    assert pair.test is None
    assert "evaluated on different test images (100 for" in pair.conclusion
    second.model.unlink()  # and with it the hashes of its images: only the labels are left
    assert compare(first, second).test is not None
    assert read_predictions(first, "validation") is None


def test_an_unfinished_run_raises(recipe: Recipe, tmp_path: Path) -> None:
    run = create_run(Run(recipe, 0, tmp_path / "run"))
    with pytest.raises(TenfoldError, match="unfinished run"):
        open_entry(run.folder)


@pytest.mark.parametrize("damage", [5, {"accuracy": 0.9, "n": 100, "correct": 90}])
def test_damaged_results_raise(one: Run, tmp_path: Path, damage: object) -> None:
    run = open_run(shutil.copytree(one.folder, tmp_path / "run"))
    write_json(run.folder / "metrics.json", run.metrics() | {"validation": damage})
    with pytest.raises(TenfoldError, match=r"metrics\.json is damaged: validation.* must be"):
        open_entry(run.folder)
    with pytest.raises(TenfoldError, match="is damaged"):
        results_of(run.model)


def test_predictions_of_one_part_are_read(one: Run) -> None:
    for name in ("validation", "test"):
        found = read_predictions(one, name)
        assert found is not None
        assert (found.part, len(found.labels)) == (name, 100)
        metrics = one.results().part(name)
        assert metrics is not None
        assert found.is_correct.sum() == metrics.correct


def test_a_run_is_not_compared_with_itself(one: Run) -> None:
    with pytest.raises(UsageError, match=r"runs to compare must differ, got .*one twice"):
        compare(one, one)


def test_series_without_any_variation_are_not_compared(
    recipe: Recipe, one: Run, tmp_path: Path
) -> None:
    entries = []
    for name, correct in (("one", 90), ("other", 91)):
        series = Series.begin(Run(recipe, 0, tmp_path / name), 2)
        for index in range(2):
            run = series.run(index)
            for file in ("predictions.npz", "model.safetensors"):
                shutil.copy(one.folder / file, run.folder)
            metrics = one.metrics() | {"test": part(correct, 100)}
            write_json(run.folder / "metrics.json", metrics)
        entries.append(open_entry(series.folder))
    [pair] = compare_all(entries)
    assert pair.test is None
    assert "each of the two has the same accuracy for all its seeds" in pair.conclusion
