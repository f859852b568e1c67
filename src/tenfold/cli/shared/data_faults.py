"""Faults of data on the command line: warnings about them, and how to apply a fix."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset

from tenfold import shell

__all__ = ["background_warnings", "print_how_to_fix", "print_warnings"]

_HOW_TO_FIX = """
To apply a fix that is Python code, put it in place of "# the fix" and run these lines:
  import numpy as np; from tenfold.data import load_parts
  train, test = load_parts({path!r}); images, labels = train.images, train.labels
  test_images = None if test is None else test.images  # fix test_images and test.labels, too
  # the fix
  np.savez("fixed.npz", x_train=images{labels})  # and x_test, y_test, if there are any"""


def print_how_to_fix(path: Path, labelled: bool) -> None:
    """Print Python lines that load the arrays to fix, and a line that saves the fixed arrays.

    Args:
        path: Path of the data.
        labelled: Whether the data has labels.
    """
    typer.echo(_HOW_TO_FIX.format(path=str(path), labels=", y_train=labels" if labelled else ""))


def background_warnings(dataset: "Dataset", path: Path) -> list[str]:
    """Return the warning of ``tenfold data info`` on the background and scale of images, if any.

    Args:
        dataset: The images that a model is to predict.
        path: Path of the data.
    """
    from tenfold.data.faults.levels import find_level_fault
    from tenfold.data.faults.measurements import Measurements

    dataset = dataset.in_memory()
    fault = find_level_fault(dataset.images, Measurements(dataset).levels, "images")
    if fault is None:
        return []
    advice = f"How to apply the fix: tenfold data info {shell.quote(path)}"
    return [f"{fault.what}, so a model may read them wrongly: {fault.evidence}. {advice}"]


def print_warnings(train: "Dataset", path: Path) -> None:
    """Print the notes and warnings of ``tenfold data info`` on the error stream.

    Args:
        train: The training images.
        path: Path of the data.
    """
    from tenfold.data import examine

    report = examine(train, "training images")
    for note in report.notes:
        typer.echo(f"Note: {note}", err=True)
    for warning in report.warnings:
        typer.echo(f"Warning: {warning}", err=True)
    if report.warnings:
        typer.echo(f"How to apply a fix: tenfold doctor {shell.quote(path)}", err=True)
