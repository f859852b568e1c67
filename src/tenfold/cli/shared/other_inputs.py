"""Inputs that are not image files: the error says which command reads them."""

from pathlib import Path

from tenfold import shell
from tenfold.errors import TenfoldError, UsageError, is_folder

__all__ = ["wrong_command_error"]


def wrong_command_error(path: Path) -> TenfoldError | None:
    """Return the error for a folder or a data set, which another command reads; else None.

    Args:
        path: A path that a command for image files cannot read.
    """
    from tenfold.data import recognise_file
    from tenfold.data.archives import ARCHIVE
    from tenfold.data.csv_images import CSV_FILE
    from tenfold.data.other_formats import ONE_PICTURE

    name = shell.quote(path)
    if is_folder(path):
        return UsageError(
            f"{path} is a folder without a model. To predict all images in it: tenfold predict "
            f"MODEL {name} -o answers.csv; to measure the accuracy on labelled images: tenfold "
            f"evaluate MODEL --data {name}"
        )
    known = recognise_file(path)
    if known is None or known is ONE_PICTURE:
        return None
    if known.read is None and known is not ARCHIVE:
        return known.refusal(path)
    kind = {CSV_FILE: "a CSV file", ARCHIVE: "a zip archive"}.get(known, known.name)
    kaggle = "" if known not in (CSV_FILE, ARCHIVE) else f", or tenfold submit MODEL {name}"
    return UsageError(
        f"{path} is {kind}, not an image. To predict all its images: tenfold predict MODEL {name} "
        f"-o answers.csv{kaggle}. To measure the accuracy, if it has labels: tenfold evaluate "
        f"MODEL --data {name}. To see what it contains: tenfold data info {name}"
    )
