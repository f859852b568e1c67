"""Faults that can be found without a model, by ``tenfold.data.faults``."""

from tenfold.data.faults.finding import Finding
from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase

__all__ = ["VisibleFault"]


class VisibleFault(Check[DataCase]):
    """Check for a fault that ``tenfold data info`` also warns of.

    The images of a ``DataCase`` are already corrected: light ink on black, without blank images.

    Args:
        name: Name of the finding.
        looks_for: The fault in a few words.
    """

    def __init__(self, name: str, looks_for: str) -> None:
        self.name, self.looks_for = name, looks_for

    def run(self, case: DataCase) -> Finding | None:
        """Return the finding with the name of this check, if there is one."""
        return next((fault for fault in case.visible_faults if fault.name == self.name), None)
