"""Lines that print what a training or an evaluation achieved."""

from collections.abc import Mapping
from typing import Any

import typer

__all__ = ["accuracy_line", "print_field", "print_parts", "uncontested_line"]


def print_field(label: str, text: object) -> None:
    """Print a line with a label on the left."""
    typer.echo(f"{label:<12}{text}")


def print_parts(metrics: Mapping[str, Any]) -> None:
    """Print the accuracy on the test and the validation images, as far as there are any."""
    for part in ("test", "validation"):
        if part in metrics:
            print_field(part.capitalize(), accuracy_line(metrics[part]))
            if others := metrics[part].get("uncontested"):
                print_field("", uncontested_line(others))


def accuracy_line(score: Mapping[str, Any]) -> str:
    """Return an accuracy with its counts and its 95 % interval."""
    low, high = score["interval95"]
    return (
        f"{score['accuracy']:.2%} accuracy ({score['correct']:,} of {score['n']:,}; "
        f"95 % interval {low:.2%} to {high:.2%})"
    )


def uncontested_line(score: Mapping[str, Any]) -> str:
    """Return the accuracy on the test images whose labels are not disputed."""
    return f"{score['accuracy']:.2%} of the {score['n']:,} test images without disputed labels"
