"""Copy the network of a finished run into the package, under its recipe's name, with its metrics.

python -m experiments.ship_model runs/results/standard/seed-0
"""

import argparse
import json
import sys
from pathlib import Path

from experiments.results import FOLDER
from tenfold.files import make_folder, write_bytes, write_json
from tenfold.runs import open_run

WEIGHTS = FOLDER.parent / "src" / "tenfold" / "models" / "weights"


def main(arguments: list[str]) -> None:
    """Copy the model file, and write metrics and environment next to it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of the finished run")
    run = open_run(parser.parse_args(arguments).run)
    metrics = run.metrics()
    environment = json.loads((run.folder / "environment.json").read_text("utf-8"))
    target = make_folder(WEIGHTS) / f"{run.recipe.name}.safetensors"
    write_bytes(target, run.model.read_bytes())
    write_json(target.with_suffix(".json"), {"metrics": metrics, "environment": environment})
    accuracy = metrics["test"]["accuracy"]
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {accuracy:.2%} on the test images")


if __name__ == "__main__":
    main(sys.argv[1:])
