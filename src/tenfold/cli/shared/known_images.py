"""Evaluation images that a model knows, since it was trained on them: warnings about them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.models import Model
    from tenfold.runs import Seen

__all__ = [
    "overlap_warnings",
    "print_overlap_warnings",
    "training_overlap",
    "warning_field",
    "without_overlap",
]


def training_overlap(
    paths: "Sequence[Path]", models: "Sequence[Model]", dataset: "Dataset"
) -> "Seen":
    """Return which images at least one of the models is known to have been trained on.

    Args:
        paths: Path or name of each model.
        models: The models, in the same order.
        dataset: The images.
    """
    from tenfold.runs import seen_images

    return seen_images(dataset.images, paths, [model.provenance for model in models])


def overlap_warnings(seen: "Seen") -> list[str]:
    """Return sentences about images that were, or may have been, used for training."""
    count, n = int(seen.mask.sum()), len(seen.mask)
    found = []
    if count == n:
        found.append(
            f"all {n:,} images were used to train the model, so the result says nothing about new "
            "images; use --data with other images"
        )
    elif count:
        found.append(
            f"{count:,} of the {n:,} images were used to train the model, so the result on all of "
            "them is too good"
        )
    return found + _unknown_warnings(seen)


def without_overlap(dataset: "Dataset", seen: "Seen") -> "tuple[Dataset, list[str]]":
    """Return the images that were not used for training, and the warnings.

    If all images were used for training, all are returned, and a warning says that the result has
    no meaning for new images.
    """
    count, n = int(seen.mask.sum()), len(seen.mask)
    if count in (0, n):
        return dataset, overlap_warnings(seen)
    left_out = f"{count:,} of the {n:,} images were used to train the model and are left out"
    return dataset.subset(~seen.mask), [left_out, *_unknown_warnings(seen)]


def print_overlap_warnings(warnings: Sequence[str]) -> None:
    """Print warnings on the error stream."""
    for warning in warnings:
        typer.echo(f"Warning: {warning}", err=True)


def warning_field(warnings: Sequence[str]) -> dict[str, str]:
    """Return the field "warning" for JSON output; no field if there are no warnings."""
    return {"warning": "; ".join(warnings)} if warnings else {}


def _unknown_warnings(seen: "Seen") -> list[str]:
    if seen.unknown is None:
        return []
    return [f"{seen.unknown}, so the result may include images that were used for training"]
