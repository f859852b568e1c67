"""Train our own recipes over several random seeds, and fill their table in docs/results.md.

    python -m experiments.measure_recipes                   those that take under five minutes
    python -m experiments.measure_recipes quick standard    these two
    python -m experiments.measure_recipes ensemble          the ensemble
    python -m experiments.measure_recipes --all             all: several hours

An ensemble uses the networks of the other series; missing ones are trained. Each series is kept in
runs/results. After an interruption, the same command continues it. Writes experiments/recipes.json.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.fill_tables import fill
from experiments.results import FOLDER, read_results, report, write_results
from tenfold.evaluation import wilson_interval
from tenfold.recipes import ENSEMBLES, RECIPES
from tenfold.runs import (
    Run,
    Series,
    describe_environment,
    evaluate_ensemble,
    execute_ensemble,
    execute_series,
    open_series,
    prepare_ensemble,
)
from tenfold.training import EpochRecord, Record

RUNS = FOLDER.parent / "runs" / "results"

# Number of seeds: five for trainings below five minutes, three up to fifteen, two above.
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


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Train the missing runs of a recipe or of an ensemble, and return its row of the results."""
    if name in ENSEMBLES:
        return measure_together(name, folder.parent)
    series = open_series(folder)
    if series is None:
        series = Series.begin(Run(RECIPES[name], 0, folder), SEEDS[name])
    finish(execute_series(series))
    return row(series)


def finish(records: Iterator[tuple[Run, Record]]) -> None:
    """Train to the end, and report each epoch."""
    for run, record in records:
        if isinstance(record, EpochRecord):
            report(f"{run.recipe.name}, seed {run.seed}, epoch {record.epoch}")


def measure_together(name: str, folder: Path) -> dict[str, Any]:
    """Train the missing members of an ensemble; return its row, with the keys of a series' row."""
    ensemble = ENSEMBLES[name]
    finish(execute_ensemble(ensemble, folder))
    members = prepare_ensemble(ensemble, folder)
    result = evaluate_ensemble(ensemble, members, members[0].first.recipe.source.load())
    return {
        "members": result["members"],
        "parameters": result["parameters"],
        "multiply_adds": result["multiply_adds"],
        "test_accuracy_mean": result["test"]["accuracy"],
        "test_interval95": result["test"]["interval95"],
        "test_uncontested_accuracy_mean": result["test"]["uncontested"]["accuracy"],
        "validation_accuracy_mean": result["validation"]["accuracy"],
        "seconds_train_mean": result["seconds"]["train"],
        "environment": describe_environment(),
    }


def row(series: Series) -> dict[str, Any]:
    """Return the summary of a finished series, with interval and environment."""
    summary = series.summarise()
    mean, images = summary["test_accuracy_mean"], series.first.metrics()["test"]["n"]
    summary["test_interval95"] = list(wilson_interval(round(mean * images), images))
    environment = json.loads((series.first.folder / "environment.json").read_text("utf-8"))
    return summary | {"environment": environment}


def main(arguments: list[str]) -> None:
    """Measure the named recipes; the results of the others stay."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", choices=[[], *ALL], metavar="RECIPE")
    parser.add_argument("--all", action="store_true", help="the long ones too")
    parser.add_argument("--folder", type=Path, default=RUNS, help="where the series are kept")
    options = parser.parse_args(arguments)
    results = read_results("recipes").get("recipes", {})
    for name in options.recipes or (ALL if options.all else SHORT):
        results[name] = measure(name, options.folder / name)
        ordered = {other: results[other] for other in RECIPES | ENSEMBLES if other in results}
        write_results("recipes", recipes=ordered)
        report(f"{name}: {results[name]['test_accuracy_mean']:.3%}")
    fill()


if __name__ == "__main__":
    main(sys.argv[1:])
