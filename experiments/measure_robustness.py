"""Measure the accuracy of the bundled ``standard`` and of ``quick`` on corrupted images.

    python -m experiments.measure_robustness                  on all 10,000 test images
    python -m experiments.measure_robustness --images 2000    on 2,000 of them, evenly spaced

``quick`` is trained first, with random seed 0. Writes experiments/robustness.json and
docs/pictures/robustness.png, and fills the table of docs/results.md.
"""

import argparse
import sys
from typing import Any

from experiments.fill_tables import fill
from experiments.results import PICTURES, report, train, write_results
from tenfold.data import load_mnist
from tenfold.inspection import Robustness, measure_robustness
from tenfold.models import bundled_models, load_model
from tenfold.plots import robustness_figure, save_figure
from tenfold.recipes import RECIPES


def main(arguments: list[str]) -> None:
    """Measure both models, write and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000, help="test images (default 10,000)")
    options = parser.parse_args(arguments)
    test = load_mnist("test")
    models = {
        "quick": train(RECIPES["quick"], seed=0).model,
        "standard": load_model(bundled_models()["standard"].path),
    }
    results = {}
    for name, model in models.items():
        results[name] = measure_robustness(model, test, options.images).to_dict()
        report(f"{name}: mean accuracy {results[name]['mean_accuracy']:.3%}")
    write_results("robustness", models=results)
    draw(results)
    fill()


def draw(models: dict[str, dict[str, Any]]) -> None:
    """Draw the accuracy of each model against the strength of each distortion."""
    results = {name: Robustness.from_dict(result) for name, result in models.items()}
    save_figure(robustness_figure(results), PICTURES / "robustness.png")


if __name__ == "__main__":
    main(sys.argv[1:])
