"""The printed lines with the results of a training or an evaluation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from tenfold.runs import Run

from tenfold import shell

__all__ = [
    "accuracy_line",
    "print_field",
    "print_parts",
    "uncontested_line",
    "warn_if_no_better_than_guess",
]


def print_field(label: str, text: object) -> None:
    """Print a line with a label on the left."""
    typer.echo(f"{label:<12}{text}")


def print_parts(metrics: Mapping[str, Any]) -> None:
    """Print the accuracy on the test and the validation images, if there are any."""
    for part in ("test", "validation"):
        if part in metrics:
            print_field(part.capitalize(), accuracy_line(metrics[part]))
            if others := metrics[part].get("uncontested"):
                print_field("", uncontested_line(others))


def accuracy_line(score: Mapping[str, Any]) -> str:
    """Return an accuracy with its counts and its 95% interval."""
    low, high = score["interval95"]
    return (
        f"{score['accuracy']:.2%} accuracy ({score['correct']:,} of {score['n']:,}; "
        f"95% interval {low:.2%} to {high:.2%})"
    )


def uncontested_line(score: Mapping[str, Any]) -> str:
    """Return the accuracy on the test images whose labels are not disputed."""
    return f"{score['accuracy']:.2%} of the {score['n']:,} test images without disputed labels"


def warn_if_no_better_than_guess(runs: "Sequence[Run]") -> None:
    """Print a warning if finished runs are no better than a guess, with the cause for one run."""
    from tenfold.errors import TenfoldError
    from tenfold.runs import chance_cause

    causes = {}
    for run in runs:
        try:
            cause = chance_cause(run)
        except TenfoldError:  # other commands say what is damaged
            continue
        if cause is not None:
            causes[run.folder] = cause
    if not causes:
        return
    folder, cause = next(iter(causes.items()))
    what = f"{len(causes)} of the {len(runs)} runs are" if len(runs) > 1 else "the network is"
    typer.echo(
        f"Warning: {what} no better than a guess. The likely cause: {cause}. To examine it: "
        f"tenfold doctor {shell.quote(folder)}",
        err=True,
    )
