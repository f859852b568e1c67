"""What the measuring scripts share: result files with their environment, and trained networks."""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.files import write_json
from tenfold.models import Model, load_model
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, describe_environment, execute

__all__ = ["FOLDER", "PICTURES", "Trained", "read_results", "report", "train", "write_results"]

FOLDER = Path(__file__).parent
PICTURES = FOLDER.parent / "docs" / "pictures"


def read_results(name: str) -> dict[str, Any]:
    """Return the content of a result file, such as ``recipes.json``; empty if it is missing."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def write_results(name: str, **content: Any) -> None:
    """Write a result file, with the environment of this machine unless ``content`` has one."""
    environment = {} if "environment" in content else {"environment": describe_environment()}
    write_json(FOLDER / f"{name}.json", environment | content)


def report(line: str) -> None:
    """Print a line of progress to stderr."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Trained:
    """A finished training, read from its run folder.

    Attributes:
        metrics: The content of ``metrics.json``.
        records: The epoch records.
        model: The trained network.
    """

    metrics: dict[str, Any]
    records: list[dict[str, Any]]
    model: Model


def train(recipe: Recipe, seed: int, split: Split | None = None) -> Trained:
    """Train a recipe in a temporary folder.

    Args:
        recipe: What to train.
        seed: Random seed.
        split: Images to train and evaluate on; those of the recipe by default.

    Raises:
        DivergenceError: If the loss is no longer finite.
    """
    with tempfile.TemporaryDirectory() as folder:
        run = create_run(Run(recipe, seed, Path(folder) / "run"))
        for _ in execute(run, split or recipe.source.load()):
            pass
        return Trained(run.metrics(), run.records(), load_model(run.model))
