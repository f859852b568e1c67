"""``tenfold models``: which trained networks come with the package."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.models import BundledModel

__all__ = ["models"]


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the trained networks that come with tenfold, and where each comes from.

    \b
    tenfold models
    tenfold evaluate standard
    tenfold predict seven.png           (answers with the first of them)
    """
    from tenfold.cli.shared.tables import print_table
    from tenfold.models import bundled_models

    found = [_told(trained) for trained in bundled_models().values()]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    head = ("model", "test accuracy", "parameters", "size", "trained by", "in")
    print_table(head, [_row(told) for told in found])


def _told(trained: "BundledModel") -> dict[str, Any]:
    import hashlib

    content, metrics = trained.path.read_bytes(), trained.metrics
    return {
        "name": trained.name,
        "path": str(trained.path),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "command": f"tenfold train {metrics['recipe']} --seed {metrics['seed']}",
        "test": metrics["test"],
        "validation": metrics.get("validation"),
        "parameters": metrics["parameters"],
        "seconds": metrics["seconds"],
        "environment": trained.environment,
    }


def _row(told: dict[str, Any]) -> tuple[str, ...]:
    return (
        told["name"],
        f"{told['test']['accuracy']:.2%}",
        f"{told['parameters']:,}",
        f"{told['bytes'] / 1e6:.1f} MB",
        told["command"],
        f"{told['seconds']['train'] / 60:.0f} min",
    )
