"""``tenfold models``: the bundled models."""

import json
from typing import TYPE_CHECKING, Any

import typer

from tenfold.cli.shared.options import JsonOption

if TYPE_CHECKING:
    from tenfold.models import BundledModel

__all__ = ["models"]


def models(as_json: JsonOption = False) -> None:
    """List the models that are bundled with tenfold.

    \b
    Examples:
      tenfold models
      tenfold evaluate standard
      tenfold predict seven.png   (uses standard)
    """
    from tenfold.cli.shared.tables import print_table
    from tenfold.models import bundled_models

    found = [_describe(model) for model in bundled_models().values()]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    head = ("model", "test accuracy", "parameters", "size", "command", "training time")
    print_table(head, [_row(model) for model in found])


def _describe(model: "BundledModel") -> dict[str, Any]:
    import hashlib

    content, metrics = model.path.read_bytes(), model.metrics
    return {
        "name": model.name,
        "path": str(model.path),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "command": f"tenfold train {metrics['recipe']} --seed {metrics['seed']}",
        "test": metrics["test"],
        "validation": metrics.get("validation"),
        "parameters": metrics["parameters"],
        "seconds": metrics["seconds"],
        "environment": model.environment,
    }


def _row(model: dict[str, Any]) -> tuple[str, ...]:
    return (
        model["name"],
        f"{model['test']['accuracy']:.2%}",
        f"{model['parameters']:,}",
        f"{model['bytes'] / 1e6:.1f} MB",
        model["command"],
        f"{model['seconds']['train'] / 60:.0f} min",
    )
