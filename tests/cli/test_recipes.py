"""``tenfold recipes``."""

import json

from .conftest import Tenfold


def test_recipes_are_listed_and_printed(tenfold: Tenfold) -> None:
    listed = tenfold("recipes").out
    assert listed.startswith("quick ")
    assert "classic-two-layer-corrected" in listed
    shown = tenfold("recipes", "mlp", "--json").out
    assert json.loads(shown)["architecture"]["hidden"] == [128, 64]
    assert "Corrected:" in tenfold("recipes", "classic-adam-corrected").out
    assert set(json.loads(tenfold("recipes", "--json").out)) >= {"mlp", "linear", "classic-gd"}


def test_unknown_recipe_raises(tenfold: Tenfold) -> None:
    answer = tenfold("recipes", "nope")
    assert answer.code == 2
    assert "unknown recipe 'nope'" in answer.err
