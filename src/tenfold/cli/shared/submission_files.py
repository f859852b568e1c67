"""The files that ``tenfold submit`` reads; the error for another kind of file says what it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold import shell
from tenfold.cli.shared.models import is_model, kind_of_images
from tenfold.errors import TenfoldError, UsageError

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.nn.array import Array

__all__ = ["check_length", "read_existing", "read_labels", "read_option", "read_test"]

_CSV_FILE = "a CSV file"


def read_test(path: Path) -> "Dataset":
    """Return the images of the competition's test.csv or zip archive."""
    from tenfold.data import read_kaggle_csv, read_submission

    try:
        return read_kaggle_csv(path, "test")
    except TenfoldError as error:
        try:
            read_submission(path)
            kind = "a submission"
        except TenfoldError:
            kind = kind_of_images(path)
        if kind and not kind.startswith(_CSV_FILE):
            raise UsageError(
                f"{path} is {kind}: TEST must be the competition's test.csv or its zip archive"
            ) from error
        raise


def read_labels(path: Path, advice: str) -> "Array":
    """Return the labels in a submission.

    Args:
        path: The file.
        advice: What to do if the file contains images or is not a table.
    """
    from tenfold.data import read_kaggle_csv, read_submission

    try:
        return read_submission(path)
    except TenfoldError as error:
        try:
            kind = f"{_CSV_FILE} with {len(read_kaggle_csv(path)):,} images"
        except TenfoldError:
            kind = kind_of_images(path)
            if not kind or kind.startswith(_CSV_FILE):
                raise error from None
        raise UsageError(f"{path} is {kind}, not predictions (ImageId,Label); {advice}") from error


def read_existing(path: Path, others: Mapping[str, Path | None]) -> "Array":
    """Return the labels in an existing submission, which is to be checked.

    Args:
        path: The submission.
        others: The other files that were given, by the name of their option; none of them may be
            the submission itself.
    """
    for option, other in others.items():
        if other is not None and other.exists() and other.samefile(path):
            raise UsageError(
                f"{option} must be a file other than the submission, got {other} for both"
            )
    return read_labels(path, f"to predict its images: tenfold submit MODEL {shell.quote(path)}")


def read_option(option: str, path: Path | None, count: int | None) -> "Array | None":
    """Return the labels in the file of an option, one for each of ``count`` images."""
    if path is None:
        return None
    advice = f"{option} needs a CSV file with a label for each image"
    if path.is_dir() or is_model(path):
        raise UsageError(f"{path} is not a CSV file: {advice}")
    labels = read_labels(path, advice)
    check_length(path, labels, count)
    return labels


def check_length(path: Path, labels: "Array", count: int | None) -> None:
    """Raise a UsageError if there is not one label for each of ``count`` images."""
    if len(labels) != count:
        raise UsageError(f"{path} has {len(labels):,} labels for {count:,} images")
