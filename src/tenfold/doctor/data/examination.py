"""The examination of data: its list of checks, and the loop over them."""

from dataclasses import replace

from tenfold.data import Dataset
from tenfold.data.faults.notes import other_notes
from tenfold.doctor.check import Check, ReportProgress, checked_faults, no_progress, run_checks
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.data.leaks import BundledTestImages, LeakedTestImages, Parts
from tenfold.doctor.data.legibility import IllegibleImages
from tenfold.doctor.data.misaligned_labels import MisalignedLabels
from tenfold.doctor.data.orientation import TransposedImages, TurnedImages
from tenfold.doctor.data.shuffled_labels import ShuffledLabels
from tenfold.doctor.data.swapped_labels import ShiftedLabels, SwappedLabels
from tenfold.doctor.data.visible_faults import VisibleFault
from tenfold.doctor.finding import Examination, Finding, by_severity
from tenfold.errors import TenfoldError

__all__ = ["DATA_CHECKS", "PARTS_CHECKS", "examine_data"]

DATA_CHECKS: tuple[Check[DataCase], ...] = (
    VisibleFault("pixel-scale", "wrong pixel scale"),
    VisibleFault("grey-background", "a background that is not black"),
    VisibleFault("inverted-images", "inverted images"),
    VisibleFault("blank-images", "blank images"),
    VisibleFault("repeated-images", "repeated images"),
    VisibleFault("one-label", "a single label for all images"),
    VisibleFault("class-missing", "missing digits"),
    VisibleFault("imbalance", "rare digits"),
    TransposedImages(),
    TurnedImages(),
    IllegibleImages(),
    ShiftedLabels(),
    SwappedLabels(),
    MisalignedLabels(),
    ShuffledLabels(),
)
"""Checks that are made for the training images and for the test images."""

PARTS_CHECKS: tuple[Check[Parts], ...] = (LeakedTestImages(), BundledTestImages())
"""Checks that compare training and test images."""


def examine_data(
    train: Dataset,
    test: Dataset | None = None,
    own: bool = True,
    report_progress: ReportProgress = no_progress,
) -> Examination:
    """Look for faults in data; 60,000 images take a few seconds.

    Args:
        train: Training images, with or without labels.
        test: Test images, or None.
        own: Whether these are the user's own images rather than the bundled ones. Only for the
            user's own images, a note reports test images of MNIST among the training images.
        report_progress: Called with what is examined next.

    Raises:
        TenfoldError: If there are no training images, or ``test`` is given but empty.
    """
    for part in (train, test):
        if part is not None and not len(part):
            raise TenfoldError(f"{part.name} contains no images: there is nothing to examine.")
    counts = len(train), 0 if test is None else len(test)
    train, test = train.in_memory(), None if test is None else test.in_memory()
    where = "training images" if test is not None else "images"
    findings = _examine_part(train, where, report_progress)
    subject = f"{train.name}: {counts[0]:,} images"
    if test is not None:
        subject = f"{train.name}: {counts[0]:,} training images, {counts[1]:,} test images"
        findings += [
            replace(finding, name=f"test-{finding.name}")
            for finding in _examine_part(test, "test images", report_progress)
        ]
    findings += run_checks(PARTS_CHECKS, Parts(train, test, own), report_progress, findings)
    checked = *checked_faults(DATA_CHECKS), *checked_faults(PARTS_CHECKS)
    return Examination(subject, checked, by_severity(findings), _notes(train, test, findings))


def _notes(train: Dataset, test: Dataset | None, findings: list[Finding]) -> tuple[str, ...]:
    """Return the notes on training and test images, without repetitions."""
    names = {finding.name for finding in findings}
    notes = list(other_notes(train, names))
    if test is not None:
        notes += other_notes(test, {name.removeprefix("test-") for name in names})
    return tuple(dict.fromkeys(notes))


def _examine_part(data: Dataset, where: str, report_progress: ReportProgress) -> list[Finding]:
    report_progress(f"examining the {where}")
    return run_checks(
        DATA_CHECKS, DataCase(data, where), lambda text: report_progress(f"{text} in the {where}")
    )
