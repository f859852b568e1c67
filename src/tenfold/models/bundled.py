"""Networks that come with the package: reading a digit needs no training."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

__all__ = ["DEFAULT_MODEL", "BundledModel", "bundled_models"]

DEFAULT_MODEL = "standard"
"""The one that answers where no other is named."""


@dataclass(frozen=True)
class BundledModel:
    """A network that was trained beforehand.

    Attributes:
        name: of the recipe that trained it.
        path: its model file.
        metrics: what came out of that run, as in its ``metrics.json``.
        environment: where it ran, as in its ``environment.json``.
    """

    name: str
    path: Path
    metrics: dict[str, Any]
    environment: dict[str, Any]


def bundled_models() -> dict[str, BundledModel]:
    """Return the networks that come with the package, by name."""
    folder = Path(str(resources.files("tenfold.models"))) / "weights"
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        told = json.loads(path.with_suffix(".json").read_text("utf-8"))
        found[path.stem] = BundledModel(path.stem, path, told["metrics"], told["environment"])
    return found
