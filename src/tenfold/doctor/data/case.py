"""The data under examination, as corrected so far."""

from functools import cached_property

from tenfold.data import Dataset
from tenfold.data.faults.finding import Finding
from tenfold.data.faults.levels import LEVEL_FAULTS
from tenfold.data.faults.measurements import Measurements
from tenfold.data.faults.search import find_faults
from tenfold.doctor.data.reference_model import ReferencePredictions, reference_predictions
from tenfold.images import to_light_on_black
from tenfold.nn.array import Array

__all__ = ["DataCase"]


class DataCase:
    """The training or the test images under examination.

    The constructor finds the faults that can be found without a model. It corrects the grey levels,
    leaves out blank images, and ignores labels that are all the same; it does not correct the other
    faults. A check that corrects a further fault replaces ``images`` here, so that later checks do
    not report the consequences of the fault.

    Args:
        data: The images as given.
        where: How findings call the images, such as "training images".

    Attributes:
        where: How findings call the images.
        visible_faults: The faults that can be found without a model.
        images: The images that are not blank, corrected so far, (N, H, W, C) uint8.
        labels: Labels of these images, (N,); None if they are unknown or all the same.
    """

    def __init__(self, data: Dataset, where: str = "images") -> None:
        self.where = where
        if data.labels is not None:  # the checks of labels compare them with predicted digits
            data = data.only_digits()
        measured = Measurements(data)
        self.visible_faults: tuple[Finding, ...] = find_faults(measured, where)
        found = {fault.name for fault in self.visible_faults}
        kept = data.subset(~measured.blank) if measured.blank.any() else data
        self.images: Array = to_light_on_black(kept.images) if found & LEVEL_FAULTS else kept.images
        self.labels: Array | None = None if "one-label" in found else kept.labels

    def correct_images(self, images: Array) -> None:
        """Replace the images by corrected ones."""
        self.images = images
        self.__dict__.pop("predictions", None)

    @cached_property
    def predictions(self) -> ReferencePredictions | None:
        """Predictions of the bundled model (``reference_predictions``), made when first used."""
        return reference_predictions(self.images)
