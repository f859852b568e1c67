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
            metavar="FOLDER",
            help="Folder to write to. It must be new or empty, or contain only files that this "
            "command has written.",
        ),
    ],
    seed: SeedOption = 0,
) -> None:
    """Write MNIST as the files of Kaggle's Digit Recognizer.

    The files are train.csv, test.csv and test-labels.csv. The last file contains the true labels of
    test.csv, which the competition keeps secret. The seed decides which images are in which file.

    \b
    Examples:
      tenfold data kaggle kaggle-files
      tenfold train --data kaggle-files/train.csv
    """
    from tenfold.cli.shared.output import check_new_folder
    from tenfold.data import KAGGLE_FILES, write_kaggle

    # Files from Kaggle itself are never replaced, since there is no test-labels.csv among them.
    check_new_folder(folder, KAGGLE_FILES)
    contents = "42,000 labelled images", "28,000 images", "true labels of test.csv"
    for path, content in zip(write_kaggle(folder, seed), contents, strict=True):
        typer.echo(f"{path}: {content}")
