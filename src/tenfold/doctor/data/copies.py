"""Repeated images: exact copies of earlier images in the same part."""

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding
from tenfold.images import is_blank
from tenfold.nn.array import Array

__all__ = ["KEEP", "ONCE", "RepeatedImages"]

KEEP = "images, labels = images[keep], labels[keep]"
"""Line of Python that keeps the images selected by ``keep``."""

ONCE = (
    "keep = np.sort(np.unique(images.reshape(len(images), -1), axis=0, return_index=True)[1]); "
    f"{KEEP}"
)
"""Line of Python that keeps the first of equal images."""


class RepeatedImages(Check[DataCase]):
    """Check for exact copies of earlier images; blank images do not count."""

    name = "repeated-images"
    looks_for = "repeated images"
    # On a wrong scale, rounding may have made images equal.
    hidden_by = frozenset({"pixel-scale"})

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if any image has the same bytes as an earlier one."""
        n = len(case.given)
        copies, contradictions = _count_copies(case.given.images, case.given.labels)
        if not copies:
            return None
        contradicting = f"; {contradictions:,} have another label than the first"
        return Finding(
            self.name,
            "warning",
            f"{copies:,} of the {case.where} are exact copies of others among them",
            f"{copies:,} of {n:,} images ({copies / n:.1%}) have the same bytes as an earlier one"
            f"{contradicting if contradictions else ''}",
            "overlapping collections were joined, or a file was read twice; copies may then be in "
            "both the training and the validation images and make the result look too good",
            ONCE,
        )


def _count_copies(images: Array, labels: Array | None) -> tuple[int, int]:
    """Return the number of copies, and how many of them have another label than the first."""
    first: dict[bytes, int] = {}
    copies = contradictions = 0
    for index, (image, blank) in enumerate(zip(images, is_blank(images), strict=True)):
        if blank:
            continue
        original = first.setdefault(image.tobytes(), index)
        copies += original != index
        contradictions += labels is not None and bool(labels[original] != labels[index])
    return copies, contradictions
