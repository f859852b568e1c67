"""Put a finished run's network into the package, under its recipe's name, with its metrics.

python experiments/ship_model.py runs/results/standard/seed-0
"""

import json
import sys
from pathlib import Path

from tenfold.files import make_folder, write_bytes, write_json
from tenfold.runs import open_run

WEIGHTS = Path(__file__).parents[1] / "src" / "tenfold" / "models" / "weights"


def main(folder: str) -> None:
    """Copy the model file, and write beside it what came out and where it ran."""
    run = open_run(folder)
    metrics = run.metrics()
    told = json.loads((run.folder / "environment.json").read_text("utf-8"))
    target = make_folder(WEIGHTS) / f"{run.recipe.name}.safetensors"
    write_bytes(target, run.model.read_bytes())
    write_json(target.with_suffix(".json"), {"metrics": metrics, "environment": told})
    accuracy = metrics["test"]["accuracy"]
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {accuracy:.2%} on the test images")


if __name__ == "__main__":
    main(sys.argv[1])
