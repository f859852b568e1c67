"""Bundled models: trained models that are part of the package."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from tenfold.nn.arguments import check_fields

__all__ = ["DEFAULT_MODEL", "BundledModel", "bundled_models"]

DEFAULT_MODEL = "standard"
"""Name of the bundled model that is used if no model is given."""


@dataclass(frozen=True)
class BundledModel:
    """A model that is part of the package.

    Attributes:
        name: Name of the model and of the recipe that trained it.
        path: Path of its model file.
        metrics: Results of the training run, as in its ``metrics.json``.
        environment: Versions and hardware of the run, as in its ``environment.json``.
    """

    name: str
    path: Path
    metrics: dict[str, Any]
    environment: dict[str, Any]

    def __post_init__(self) -> None:
        check_fields(self)


def bundled_models() -> dict[str, BundledModel]:
    """Return the bundled models by name, the default first."""
    folder = Path(str(resources.files("tenfold.models"))) / "weights"
    models = {}
    paths = folder.glob("*.safetensors")
    for path in sorted(paths, key=lambda path: (path.stem != DEFAULT_MODEL, path.stem)):
        run = json.loads(path.with_suffix(".json").read_text("utf-8"))
        models[path.stem] = BundledModel(path.stem, path, run["metrics"], run["environment"])
    return models
