"""Inputs of the commands for image files that are something else, and the commands for those."""

from pathlib import Path

from tenfold import shell
from tenfold.errors import TenfoldError, UsageError, is_folder

__all__ = ["wrong_command_error"]


def wrong_command_error(path: Path) -> TenfoldError | None:
    """Return the error for a folder or a data set, which another command reads; else None.

    Args:
        path: Path that a command for image files was given and cannot read.
    """
    from tenfold.data import recognise_file
    from tenfold.data.archives import ARCHIVE
    from tenfold.data.csv_images import CSV_FILE
    from tenfold.data.other_formats import ONE_PICTURE

    name = shell.quote(path)
    if is_folder(path):
        return UsageError(
            f"{path} is a folder without a model. To predict the images in it, give their paths: "
            f"{name}/*.png; to measure the accuracy on labelled images: tenfold evaluate MODEL "
            f"--data {name}"
        )
    known = recognise_file(path)
    if known is None or known is ONE_PICTURE:
        return None
    if known.read is None and known is not ARCHIVE:
        return known.refusal(path)
    kind = {CSV_FILE: "a CSV file", ARCHIVE: "a zip archive"}.get(known, known.name)
    others = f": tenfold submit MODEL {name}"
    if known not in (CSV_FILE, ARCHIVE):
        others = (
            " in Python: from tenfold.data import load_dataset; "
            f"tenfold.load().predict(load_dataset({str(path)!r}).images).digit"
        )
    return UsageError(
        f"{path} is {kind}, not an image. To predict all its images{others}. To measure the "
        f"accuracy, if it has labels: tenfold evaluate MODEL --data {name}. To see what it "
        f"contains: tenfold data info {name}"
    )
