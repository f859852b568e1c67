"""What the README promises of ``tenfold train`` is what it does."""

import json
import re
from pathlib import Path

import pytest

from tenfold.recipes import DEFAULT, RECIPES
from tenfold.runs import Run, create_run, execute

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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


def test_the_speed_that_the_readme_claims_was_measured() -> None:
    rows = json.loads((ROOT / "benchmarks" / "latest.json").read_text())["rows"]
    peers = [
        row["ratio_to_tenfold"]
        for row in rows
        if (row["case"], row["metric"]) == ("mlp-small", "training, ms per step")
        if row["subject"].startswith("pytorch")
    ]
    claimed = re.search(r"784-128-64-10 network takes (\d\.\d\d) times", README)
    assert claimed is not None
    assert float(claimed[1]) == pytest.approx(1 / min(peers), abs=0.005)
