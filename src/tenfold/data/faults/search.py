"""The search for all faults that images and labels show by themselves."""

from collections.abc import Iterator

from tenfold.data.faults.blanks import find_blanks
from tenfold.data.faults.classes import find_class_fault
from tenfold.data.faults.copies import find_copies
from tenfold.data.faults.finding import Finding
from tenfold.data.faults.levels import find_level_fault
from tenfold.data.faults.measurements import Measurements

__all__ = ["find_faults"]


def find_faults(measured: Measurements, images_name: str = "images") -> tuple[Finding, ...]:
    """Return what is wrong with the pixels, images and class counts; 60,000 images take a second.

    Args:
        measured: The data set with its measurements.
        images_name: Name of the images in the messages, such as "training images".
    """
    return tuple(finding for finding in _search(measured, images_name) if finding is not None)


def _search(measured: Measurements, images_name: str) -> Iterator[Finding | None]:
    images, labelled = measured.data.images, measured.data.labels is not None
    level_fault = find_level_fault(images, measured.levels, images_name)
    yield level_fault
    # On a low scale, rounding may have made images blank or equal.
    if level_fault is None or level_fault.name != "pixel-scale":
        yield find_blanks(measured.blank, labelled, images_name)
        yield find_copies(measured.copies, len(images), labelled, images_name)
    if measured.class_counts is not None:
        yield find_class_fault(measured.class_counts, images_name)
