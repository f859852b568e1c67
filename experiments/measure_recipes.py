"""Train our own recipes over several random seeds, and fill the table of docs/results.md.

    python experiments/measure_recipes.py                   those that take less than five minutes
    python experiments/measure_recipes.py quick standard    these
    python experiments/measure_recipes.py ensemble         the ensemble, of networks trained already
    python experiments/measure_recipes.py --all             all: several hours

The ensemble is made of the networks of the others, trained here if they are missing. Each series
is kept in runs/results; run again, the command goes on where it was interrupted. What came out is
written to experiments/recipes.json, from which experiments/fill_tables.py fills the page.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tenfold.evaluation import wilson_interval
from tenfold.files import write_json
from tenfold.recipes import ENSEMBLES, RECIPES
from tenfold.runs import describe_environment, open_series

HERE = Path(__file__).parent
FOLDER = HERE.parent / "runs" / "results"
MEASURED = HERE / "recipes.json"

# How many seeds: five below five minutes of training, three up to fifteen, two above.
SEEDS = {
    "quick": 5,
    "mlp": 5,
    "tiny": 5,
    "lenet": 5,
    "mlp-elastic": 3,
    "standard": 3,
    "champion": 2,
    "champion-upright": 2,
}
SHORT = ("quick", "mlp", "tiny", "lenet")
ALL = (*SEEDS, *ENSEMBLES)
TRAIN = [sys.executable, "-c", "from tenfold.cli.main import run; run()", "train"]


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Train one recipe with all its seeds, or what is missing of them; return its row."""
    if name in ENSEMBLES:
        subprocess.run([*TRAIN, name, "--out", str(folder.parent)], check=True)
        return ensemble_row(folder.parent)
    if open_series(folder) is None:
        options = [name, "--seeds", str(SEEDS[name]), "--out", str(folder)]
    else:
        options = ["--resume", str(folder)]
    subprocess.run([*TRAIN, *options], check=True)
    return row(folder)


def ensemble_row(folder: Path) -> dict[str, Any]:
    """Return what an ensemble came to, named as in the summary of a series."""
    found = json.loads((folder / "ensemble.json").read_text("utf-8"))
    return {
        "members": found["members"],
        "parameters": found["parameters"],
        "multiply_adds": found["multiply_adds"],
        "test_accuracy_mean": found["test"]["accuracy"],
        "test_interval95": found["test"]["interval95"],
        "test_uncontested_accuracy_mean": found["test"]["uncontested"]["accuracy"],
        "validation_accuracy_mean": found["validation"]["accuracy"],
        "seconds_train_mean": found["seconds"]["train"],
        "environment": describe_environment(),
    }


def row(folder: Path) -> dict[str, Any]:
    """Return what a finished series came to."""
    series = open_series(folder)
    if series is None:
        raise SystemExit(f"{folder} holds no series: train one first")
    summary = series.summarise()
    mean, images = summary["test_accuracy_mean"], series.first.metrics()["test"]["n"]
    summary["test_interval95"] = list(wilson_interval(round(mean * images), images))
    told = json.loads((series.first.folder / "environment.json").read_text("utf-8"))
    return summary | {"environment": told}


def main(arguments: list[str]) -> None:
    """Measure what the command line names, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", choices=[[], *ALL], metavar="RECIPE")
    parser.add_argument("--all", action="store_true", help="the long ones too")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the series are kept")
    options = parser.parse_args(arguments)
    chosen = options.recipes or list(ALL if options.all else SHORT)
    found = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {"recipes": {}}
    for name in chosen:
        found["recipes"][name] = measure(name, options.folder / name)
        found["recipes"] = {
            n: found["recipes"][n] for n in RECIPES | ENSEMBLES if n in found["recipes"]
        }
        found["environment"] = describe_environment()
        write_json(MEASURED, found)
    subprocess.run([sys.executable, str(HERE / "fill_tables.py")], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
