"""``tenfold data kaggle``: MNIST in the format of Kaggle's Digit Recognizer."""

from pathlib import Path
from typing import Annotated

import typer

from tenfold.cli.shared.options import SeedOption

__all__ = ["kaggle"]


def kaggle(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Folder to write to: a new or empty one, or one of such files."
        ),
    ],
    seed: SeedOption = 0,
) -> None:
    """Write MNIST as the files of Kaggle's Digit Recognizer.

    The files are train.csv, test.csv and test-labels.csv, the true labels of test.csv, which the
    competition keeps secret. The seed decides which images are in which file.

    \b
    Examples:
      tenfold data kaggle kaggle-files
      tenfold train --data kaggle-files/train.csv
    """
    from tenfold.data import write_kaggle

    _check_folder(folder)
    contents = "42,000 labelled images", "28,000 images", "true labels of test.csv"
    for path, content in zip(write_kaggle(folder, seed), contents, strict=True):
        typer.echo(f"{path}: {content}")


def _check_folder(folder: Path) -> None:
    """Raise a UsageError for a folder with other files than an earlier call has written."""
    from tenfold.data import KAGGLE_FILES
    from tenfold.data.input_files import list_folder
    from tenfold.errors import UsageError

    if not folder.is_dir():
        return
    names = {entry.name for entry in list_folder(folder)}
    if names and names != set(KAGGLE_FILES):  # test-labels.csv is not in Kaggle's own archive
        raise UsageError(
            f"{folder} is not empty: choose a new folder, so that no file of yours is replaced"
        )
