"""Repeated images: exact copies of earlier images in the same data set."""

from tenfold.data.faults.finding import Finding
from tenfold.data.faults.keep import code_to_keep_each_once
from tenfold.data.faults.measurements import Copies

__all__ = ["find_copies"]


def find_copies(copies: Copies, n: int, labelled: bool, images_name: str) -> Finding | None:
    """Return a finding if any image has the same bytes as an earlier one.

    Args:
        copies: The copies among the images.
        n: Number of images.
        labelled: Whether the images have labels, which the fix must then select, too.
        images_name: Name of the images in the message, such as "training images".
    """
    if not copies.count:
        return None
    contradicting = f"; {copies.contradictions:,} have another label than the first"
    return Finding(
        "repeated-images",
        "warning",
        f"{copies.count:,} of the {images_name} are exact copies of others among them",
        f"{copies.count:,} of {n:,} images ({copies.count / n:.1%}) have the same bytes as an "
        f"earlier one{contradicting if copies.contradictions else ''}",
        "overlapping collections were joined, or a file was read twice; copies may then be in "
        "both the training and the validation images and make the result look too good",
        code_to_keep_each_once(labelled),
    )
