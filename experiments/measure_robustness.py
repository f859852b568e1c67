"""Measure how ``standard``, as shipped, and ``quick`` stand up to images that are not clean.

    python experiments/measure_robustness.py                  on all 10,000 test images
    python experiments/measure_robustness.py --images 2000    on so many of them, spread evenly

The recipe ``quick`` is trained first. The results are written to experiments/robustness.json, from
which experiments/fill_tables.py fills the table of docs/results.md, and drawn in
docs/pictures/robustness.png.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tenfold.data import load_mnist
from tenfold.files import write_json
from tenfold.inspection import Robustness, measure_robustness
from tenfold.models import Model, bundled_models, load_model
from tenfold.plots import robustness_figure, save_picture
from tenfold.recipes import RECIPES
from tenfold.runs import Run, create_run, describe_environment, execute

HERE = Path(__file__).parent
MEASURED = HERE / "robustness.json"
PICTURE = HERE.parent / "docs" / "pictures" / "robustness.png"


def quick() -> Model:
    """Return the network that ``tenfold train quick`` gives."""
    recipe = RECIPES["quick"]
    with tempfile.TemporaryDirectory() as folder:
        run = create_run(Run(recipe, 0, Path(folder) / "run"))
        for _ in execute(run, recipe.source.load()):
            pass
        return load_model(run.folder / "model.safetensors")


def main(arguments: list[str]) -> None:
    """Measure both, write it down, draw it, and fill the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    options = parser.parse_args(arguments)
    test = load_mnist("test")
    standard = load_model(bundled_models()["standard"].path)
    found = {
        name: measure_robustness(model, test, options.images).to_dict()
        for name, model in (("quick", quick()), ("standard", standard))
    }
    write_json(MEASURED, {"environment": describe_environment(), "models": found})
    draw()
    subprocess.run([sys.executable, str(HERE / "fill_tables.py")], check=True)


def draw() -> None:
    """Draw what was measured."""
    models = json.loads(MEASURED.read_text("utf-8"))["models"]
    results = {name: Robustness.from_dict(told) for name, told in models.items()}
    save_picture(robustness_figure(results), PICTURE)


if __name__ == "__main__":
    main(sys.argv[1:])
