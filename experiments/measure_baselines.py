"""Measure the baselines on MNIST, and fill their table in docs/results.md.

    python experiments/measure_baselines.py

The results are written to experiments/baselines.json, from which experiments/fill_tables.py fills
the page, and drawn in docs/pictures/baselines.png beside our own recipes, as recipes.json has them.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tenfold.data import load_mnist
from tenfold.evaluation import BASELINES, measure_baseline
from tenfold.files import write_json
from tenfold.plots import baselines_figure, save_picture
from tenfold.runs import describe_environment

HERE = Path(__file__).parent


def main() -> None:
    """Measure, write down and draw."""
    train, test = load_mnist("train"), load_mnist("test")
    found = {}
    for name, make in BASELINES.items():
        found[name] = measure_baseline(make(), train, test).to_dict()
        print(name, found[name], flush=True)
    write_json(HERE / "baselines.json", {"baselines": found, "environment": describe_environment()})
    draw(found)
    subprocess.run([sys.executable, str(HERE / "fill_tables.py")], check=True)


def draw(found: dict[str, dict[str, Any]]) -> None:
    """Draw them beside our recipes, whose accuracy is the mean over their seeds."""
    recipes = json.loads((HERE / "recipes.json").read_text("utf-8"))["recipes"]
    networks = {
        name: {"accuracy": row["test_accuracy_mean"], "interval95": row["test_interval95"]}
        for name, row in recipes.items()
    }
    save_picture(
        baselines_figure(found, networks), HERE.parent / "docs" / "pictures" / "baselines.png"
    )


if __name__ == "__main__":
    main()
