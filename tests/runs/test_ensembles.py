"""Ensembles of recipes: their members and their metrics."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.recipes import ENSEMBLES, RECIPES, EnsembleRecipe, Recipe, Split
from tenfold.runs import evaluate_ensemble, execute, member_folders, open_series, prepare_ensemble

SMALL = EnsembleRecipe("small", "two recipes", {"one": 2, "other": 1})


@pytest.fixture(autouse=True)
def _two_recipes(monkeypatch: pytest.MonkeyPatch, tiny: Recipe) -> None:
    monkeypatch.setitem(RECIPES, "one", replace(tiny, name="one", epochs=1))
    monkeypatch.setitem(RECIPES, "other", replace(tiny, name="other", epochs=2))


def train(folder: Path, split: Split, ensemble: EnsembleRecipe = SMALL) -> None:
    for series, count in zip(
        prepare_ensemble(ensemble, folder), ensemble.members.values(), strict=True
    ):
        for index in range(count):
            for _ in execute(series.run(index), split):
                pass


def test_members_of_the_ensembles_are_recipes_with_equal_sources() -> None:
    for ensemble in ENSEMBLES.values():
        assert ensemble.name not in RECIPES
        assert set(ensemble.members) <= set(RECIPES)
        assert all(count >= 1 for count in ensemble.members.values())
        sources = {RECIPES[name].source for name in ensemble.members}
        assert len(sources) == 1  # no member was trained on the validation images of another


def test_predictions_are_the_mean_of_the_members(split: Split, tmp_path: Path) -> None:
    train(tmp_path, split)
    metrics = evaluate_ensemble(SMALL, prepare_ensemble(SMALL, tmp_path), split)
    names = ("one/seed-0", "one/seed-1", "other/seed-0")
    models = [load_model(tmp_path / name / "model.safetensors") for name in names]
    assert split.test is not None
    answers = np.mean([m.predict_probabilities(split.test.images) for m in models], axis=0)
    right = answers.argmax(axis=1) == split.test.labels
    assert metrics["test"]["correct"] == right.sum()
    assert [(m["recipe"], m["seed"]) for m in metrics["members"]] == [
        ("one", 0),
        ("one", 1),
        ("other", 0),
    ]
    assert metrics["parameters"] == 3 * models[0].network.theta.value.size
    alone = [json.loads((tmp_path / name / "metrics.json").read_text()) for name in names]
    assert [m["test"] for m in metrics["members"]] == [one["test"]["accuracy"] for one in alone]
    assert metrics["seconds"]["train"] == sum(one["seconds"]["train"] for one in alone)
    assert json.loads((tmp_path / "ensemble.json").read_text()) == metrics


def test_existing_networks_are_used(split: Split, tmp_path: Path) -> None:
    train(tmp_path, split, EnsembleRecipe("larger", "", {"one": 3}))
    one, other = prepare_ensemble(SMALL, tmp_path)
    assert [one.run(index).finished for index in range(2)] == [True, True]
    assert not other.run(0).finished


def test_unfinished_member_raises(tmp_path: Path, split: Split) -> None:
    with pytest.raises(TenfoldError, match="unfinished run"):
        evaluate_ensemble(SMALL, prepare_ensemble(SMALL, tmp_path), split)


def test_another_series_in_the_folder_raises(tmp_path: Path) -> None:
    prepare_ensemble(EnsembleRecipe("fewer", "", {"one": 1}), tmp_path)
    with pytest.raises(TenfoldError, match="must contain 2 seeds of one, from 0, but"):
        prepare_ensemble(SMALL, tmp_path)
    with pytest.raises(TenfoldError, match="another series"):
        prepare_ensemble(EnsembleRecipe("fewer", "", {"one": 1}), tmp_path, data="digits.npz")
    assert open_series(tmp_path / "other") is None


def test_folder_stands_for_its_finished_runs(tmp_path: Path, split: Split) -> None:
    assert member_folders(tmp_path) is None
    train(tmp_path, split)
    evaluate_ensemble(SMALL, prepare_ensemble(SMALL, tmp_path), split)
    one = [tmp_path / "one" / "seed-0", tmp_path / "one" / "seed-1"]
    assert member_folders(tmp_path) == [*one, tmp_path / "other" / "seed-0"]
    assert member_folders(tmp_path / "one") == one
    assert member_folders(one[0]) is None
    (one[0] / "metrics.json").unlink()
    assert member_folders(tmp_path / "one") == one[1:]
    (one[1] / "metrics.json").unlink()
    with pytest.raises(TenfoldError, match=r"no run of the series in .* is finished"):
        member_folders(tmp_path / "one")
    for content in ('{"members": []}', '{"members": [3]}', '{"members": [{"recipe": "one"}]}'):
        (tmp_path / "ensemble.json").write_text(content)
        with pytest.raises(TenfoldError, match=r"ensemble.json is damaged: members"):
            member_folders(tmp_path)
