"""The data under examination: as given, and as corrected so far."""

from functools import cached_property

from tenfold.data import Dataset
from tenfold.doctor.data.reference_model import ReferencePredictions, reference_predictions
from tenfold.images import is_blank
from tenfold.nn.array import Array

__all__ = ["DataCase"]


class DataCase:
    """One part of the data (training or test images) under examination.

    A check whose fault can be corrected replaces ``images`` or ``labels`` here, so that later
    checks do not report its consequences. Blank images are left out from the start: only their own
    check looks at them.

    Args:
        data: The part as given.
        where: How findings call the images, such as "training images".

    Attributes:
        given: The part as given.
        where: How findings call the images.
        images: The images that are not blank, corrected so far, (N, H, W, C) uint8.
        labels: Their labels, (N,); None if unknown or known to carry no information.
    """

    def __init__(self, data: Dataset, where: str = "images") -> None:
        self.given = data
        self.where = where
        blank = is_blank(data.images)
        kept = data.subset(~blank) if blank.any() else data
        self.images: Array = kept.images
        self.labels: Array | None = kept.labels

    def correct_images(self, images: Array) -> None:
        """Replace the images by corrected ones."""
        self.images = images
        self.__dict__.pop("predictions", None)

    @cached_property
    def predictions(self) -> ReferencePredictions | None:
        """Predictions of the bundled model (``reference_predictions``), made when first used."""
        return reference_predictions(self.images)
