"""Measure the effect of each method: a recipe with and without it, over several random seeds.

    python -m experiments.measure_ablation               variants of quick: a few minutes
    python -m experiments.measure_ablation standard      of standard, two epochs each: 40 minutes

Accuracies are those on the 5,000 validation images. Writes experiments/ablation.json and fills the
tables of docs/results.md.
"""

import argparse
import sys
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from experiments.fill_tables import fill
from experiments.results import read_results, report, train, write_results
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import describe_environment

Variant = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Ablation:
    """The variants of one recipe.

    Attributes:
        seeds: Number of random seeds for each variant, counted from 0.
        variants: Name and settings of each; the first is the recipe without a change.
        common: Settings of all variants.
    """

    seeds: int
    variants: tuple[Variant, ...]
    common: tuple[str, ...] = ()


QUICK = Ablation(
    seeds=5,
    variants=(
        ("unchanged", ()),
        ("without batch normalisation", ("batch_norm=false",)),
        ("batch normalisation before pooling", ("pool_first=false",)),
        ("without label smoothing", ("label_smoothing=0",)),
        ("with averaged weights", ("average=0.98",)),
        ("triangular schedule instead of one cycle", ("schedule=Triangular",)),
        (
            "Adam with its usual betas, 0.9 and 0.999, instead of 0.7 and 0.9",
            ("beta1=0.9", "beta2=0.999"),
        ),
        (
            "Muon instead of Adam, learning rate 0.02",
            ("optimizer=Muon", "learning_rate=0.02"),
        ),
        ("whitened first layer", ("whitened=true",)),
        ("test-time augmentation, five views", ("test_time_shift=1",)),
        (
            "distorted training images",
            ("augment=Augment", "augment.shift=1", "rotation=5", "elastic=0.4"),
        ),
    ),
)
STANDARD = Ablation(
    seeds=3,
    common=("epochs=2",),
    variants=(
        ("unchanged, for two epochs", ()),
        ("without distortions", ("augment=none",)),
        ("without elastic deformation", ("elastic=0",)),
        (
            "without shift, rotation, scale and shear",
            ("augment.shift=0", "rotation=0", "scale=0", "shear=0"),
        ),
        ("without the clean epoch", ("clean_epochs=0",)),
        ("without averaged weights", ("average=none",)),
        ("without label smoothing", ("label_smoothing=0",)),
        ("without dropout", ("dropout=0",)),
        ("without test-time augmentation", ("test_time_shift=0",)),
        (
            "Muon instead of Adam, learning rate 0.02",
            ("optimizer=Muon", "learning_rate=0.02"),
        ),
        ("deskewed images", ("deskew=true",)),
        ("selective backpropagation", ("selective=Selective",)),
    ),
)
ABLATIONS = {"quick": QUICK, "standard": STANDARD}


def measure(recipe: str, settings: tuple[str, ...], seeds: int) -> dict[str, Any]:
    """Train a recipe with these settings, once for each seed from 0 to ``seeds - 1``."""
    changed = apply_settings(RECIPES[recipe], settings)
    split = changed.source.load()
    trained = [train(changed, seed, split).metrics for seed in range(seeds)]
    accuracies = [metrics["validation"]["accuracy"] for metrics in trained]
    return {
        "settings": list(settings),
        "accuracies": accuracies,
        "mean": mean(accuracies),
        "deviation": stdev(accuracies),
        "seconds": mean(metrics["seconds"]["train"] for metrics in trained),
    }


def measure_all(recipe: str, ablation: Ablation) -> list[dict[str, Any]]:
    """Measure all variants of a recipe."""
    rows = []
    for name, settings in ablation.variants:
        result = measure(recipe, (*ablation.common, *settings), ablation.seeds)
        environment = {"environment": describe_environment()}
        rows.append({"recipe": recipe, "name": name} | result | environment)
        report(f"{name}: {result['mean']:.3%} ± {result['deviation']:.3%}")
    return rows


def main(arguments: list[str]) -> None:
    """Measure one recipe; the results of the other recipe are kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="?", choices=ABLATIONS, default="quick")
    options = parser.parse_args(arguments)
    known = read_results("ablation").get("variants", [])
    rows = {name: [row for row in known if row["recipe"] == name] for name in ABLATIONS}
    rows[options.recipe] = measure_all(options.recipe, ABLATIONS[options.recipe])
    write_results("ablation", variants=[row for name in ABLATIONS for row in rows[name]])
    fill()


if __name__ == "__main__":
    main(sys.argv[1:])
