"""Measure the baselines on MNIST.

    python -m experiments.measure_baselines

Writes experiments/baselines.json and docs/pictures/baselines.png, which also shows our own recipes
as recipes.json has them, and fills the table of docs/results.md.
"""

import argparse
import sys
from typing import Any

from experiments.fill_tables import fill
from experiments.results import PICTURES, read_results, report, write_results
from tenfold.data import load_mnist
from tenfold.evaluation import BASELINES, measure_baseline
from tenfold.plots import baselines_figure, save_figure


def main(arguments: list[str]) -> None:
    """Measure, write and draw."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    train, test = load_mnist("train"), load_mnist("test")
    results = {}
    for name, make in BASELINES.items():
        results[name] = measure_baseline(make(), train, test).to_dict()
        report(f"{name}: {results[name]}")
    write_results("baselines", baselines=results)
    draw(results)
    fill()


def draw(baselines: dict[str, dict[str, Any]]) -> None:
    """Draw the baselines together with our recipes, whose accuracy is the mean over their seeds."""
    networks = {
        name: {"accuracy": row["test_accuracy_mean"], "interval95": row["test_interval95"]}
        for name, row in read_results("recipes")["recipes"].items()
    }
    save_figure(baselines_figure(baselines, networks), PICTURES / "baselines.png")


if __name__ == "__main__":
    main(sys.argv[1:])
