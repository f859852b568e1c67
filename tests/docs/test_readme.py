"""What the README promises of ``tenfold train`` is what it does."""

import re
from pathlib import Path

import pytest

from tenfold.recipes import DEFAULT, RECIPES, Run, create_run, execute

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_default_recipe_is_as_good_as_the_readme_says(tmp_path: Path) -> None:
    recipe = RECIPES[DEFAULT]
    run = create_run(Run(recipe, 0, tmp_path / "run"))
    for _ in execute(run, recipe.source.load()):
        pass
    metrics = run.metrics()
    assert metrics["test"]["accuracy"] >= 0.98
    for part in ("test", "validation"):
        promised = re.search(rf"^{part.capitalize()} +(\d\d\.\d\d)% accuracy", README, re.M)
        assert promised is not None
        # The last bits depend on the BLAS, and after 5,160 steps a few images depend on them.
        assert 100 * metrics[part]["accuracy"] == pytest.approx(float(promised[1]), abs=0.4)
    assert f"{metrics['parameters']:,} parameters" in README
