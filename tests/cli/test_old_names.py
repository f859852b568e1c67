"""Names of version 0.1 still work on the command line, with a note of the new name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.cli.shared.recipes import current_name, find_recipe
from tenfold.errors import UsageError
from tenfold.recipes import ENSEMBLES, RECIPES, EnsembleRecipe, apply_settings

from .conftest import Tenfold

COMMITTEE = 'Note: the recipe "committee" is now called "ensemble"\n'
SHIFT = 'Note: the setting "shift" is now called "test_time_shift"\n'
DESLANT = 'Note: the setting "deslant" is now called "deskew"\n'


def test_committee_is_the_ensemble(tenfold: Tenfold) -> None:
    answer = tenfold("recipes", "committee")
    assert answer == replace(tenfold("recipes", "ensemble"), err=COMMITTEE)
    answer = tenfold("train", "committee", "--epochs", 3)
    assert answer.code == 2
    assert answer.err.startswith(COMMITTEE)
    assert "cannot be combined with --epochs" in answer.err


def test_shift_is_test_time_shift(tenfold: Tenfold, digits_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    options = ("--data", digits_file, "--epochs", 1, "--no-figures", "--json", "--out", out)
    answer = tenfold("train", "linear", "--set", "shift=1", *options)
    assert (answer.code, answer.err) == (0, SHIFT)
    assert json.loads((out / "config.json").read_text())["recipe"]["test_time_shift"] == 1


@pytest.mark.parametrize("old", ["deslant", " architecture.deslant "])
def test_deslant_is_deskew(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = find_recipe("lenet", [f"{old}=true", "shift=2"])
    assert recipe == apply_settings(RECIPES["lenet"], ["deskew=true", "test_time_shift=2"])
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == DESLANT.replace("deslant", old.strip()) + SHIFT


def test_other_names_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert current_name("mlp") == "mlp"
    find_recipe("lenet", ["deskew=true", "test_time_shift=2", "epochs=3"])
    assert capsys.readouterr() == ("", "")


def test_old_option_gives_the_same(tenfold: Tenfold) -> None:
    old = tenfold("data", "info", "--part", "test")
    assert old == tenfold("data", "info", "--split", "test")
    assert "MNIST test" in old.out


@pytest.mark.parametrize(
    "option", ["evaluate --picture", "robustness --picture", "compare --against"]
)
def test_old_options_are_known_but_not_in_the_help(tenfold: Tenfold, option: str) -> None:
    command, name = option.split()
    assert "requires an argument" in tenfold(command, name).err
    assert name not in tenfold(command, "--help").out


def test_suspects_are_label_errors(tenfold: Tenfold) -> None:
    old, new = (tenfold("data", name, "--help").out for name in ("suspects", "label-errors"))
    assert old == new.replace("data label-errors [", "data suspects [", 1)
    assert "suspects" not in tenfold("data", "--help").out


def test_ensemble_in_place_of_a_recipe_raises(tenfold: Tenfold, digits_file: Path) -> None:
    answer = tenfold("data", "label-errors", digits_file, "--recipe", "committee")
    assert answer.code == 2
    assert answer.err.startswith(COMMITTEE)
    assert "ensemble is an ensemble; choose one recipe from quick" in answer.err
    with pytest.raises(UsageError, match="unknown recipe 'nothing'; choose from quick"):
        find_recipe("nothing")


def test_members_in_the_folder_of_the_old_name_are_found(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = apply_settings(RECIPES["linear"], ["epochs=1"])
    monkeypatch.setitem(RECIPES, "small", small)
    monkeypatch.setitem(ENSEMBLES, "ensemble", EnsembleRecipe("ensemble", "two", {"small": 2}))
    for expected in ("linear, seed 1 (2 of 2)\n", COMMITTEE):
        answer = tenfold("train", "committee", "--data", digits_file)
        assert answer.code == 0
        assert answer.err.startswith(COMMITTEE)
        assert answer.err.endswith(expected)
    assert [path.name for path in Path("runs").iterdir()] == ["committee"]
