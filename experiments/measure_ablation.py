"""Measure what each method is worth: a recipe with it and without it, over several seeds.

    python experiments/measure_ablation.py               those of quick, a few minutes
    python experiments/measure_ablation.py standard      those of standard, two epochs: 40 minutes

Accuracies are on the 5,000 validation images. Writes experiments/ablation.json, from which
experiments/fill_tables.py fills docs/results.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from tenfold.files import write_json
from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, create_run, describe_environment, execute

HERE = Path(__file__).parent
MEASURED = HERE / "ablation.json"

Variant = tuple[str, tuple[str, ...]]

QUICK: tuple[Variant, ...] = (
    ("as it is", ()),
    ("without batch normalisation", ("batch_norm=false",)),
    ("batch normalisation before the pool", ("pool_first=false",)),
    ("without label smoothing", ("label_smoothing=0",)),
    ("with averaged weights", ("average=0.98",)),
    ("triangular in place of one cycle", ("schedule=Triangular",)),
    ("Adam with its usual 0.9 and 0.999", ("beta1=0.9", "beta2=0.999")),
    ("Muon in place of Adam, rate 0.02", ("optimizer=Muon", "learning_rate=0.02")),
    ("first layer whitened", ("whitened=true",)),
    ("mean answer over five views", ("shift=1",)),
    ("distorted digits", ("augment=Augment", "augment.shift=1", "rotation=5", "elastic=0.4")),
)
STANDARD: tuple[Variant, ...] = (
    ("as it is, for two epochs", ()),
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
    ("one view of each image", ("shift=0",)),
    ("Muon in place of Adam, rate 0.02", ("optimizer=Muon", "learning_rate=0.02")),
    ("digits set upright first", ("deskew=true",)),
    ("easy images met less often", ("selective=Selective",)),
)
VARIANTS = {"quick": (QUICK, 5), "standard": (STANDARD, 3)}  # and over how many seeds


def measure(recipe: str, settings: tuple[str, ...], seeds: int) -> dict[str, Any]:
    """Train a recipe with these settings, once for each seed."""
    changed = apply_settings(RECIPES[recipe], settings)
    accuracies, seconds = [], []
    split = changed.source.load()
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            run = create_run(Run(changed, seed, Path(folder) / "run"))
            for _ in execute(run, split):
                pass
            metrics = run.metrics()
        accuracies.append(metrics["validation"]["accuracy"])
        seconds.append(metrics["seconds"]["train"])
    return {
        "settings": list(settings),
        "accuracies": accuracies,
        "mean": mean(accuracies),
        "deviation": stdev(accuracies),
        "seconds": mean(seconds),
    }


def measured(recipe: str, variants: tuple[Variant, ...], seeds: int) -> list[dict[str, Any]]:
    """Measure all variants of a recipe."""
    rows = []
    for name, settings in variants:
        short = ("epochs=2", *settings) if recipe == "standard" else settings
        found = measure(recipe, short, seeds)
        rows.append(
            {"recipe": recipe, "name": name} | found | {"environment": describe_environment()}
        )
        print(f"{name}: {rows[-1]['mean']:.3%} +- {rows[-1]['deviation']:.3%}", flush=True)
    return rows


def main(arguments: list[str]) -> None:
    """Measure, and fill the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="?", choices=VARIANTS, default="quick")
    options = parser.parse_args(arguments)
    found = json.loads(MEASURED.read_text("utf-8"))["variants"] if MEASURED.exists() else []
    rows = {name: [row for row in found if row["recipe"] == name] for name in VARIANTS}
    rows[options.recipe] = measured(options.recipe, *VARIANTS[options.recipe])
    write_json(MEASURED, {"variants": [row for name in VARIANTS for row in rows[name]]})
    subprocess.run([sys.executable, str(HERE / "fill_tables.py")], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
