"""The examination of a run folder: its list of checks, and the loop over them."""

from tenfold.data import load_parts
from tenfold.data.validation_part import without_note
from tenfold.doctor.check import Check, ReportProgress, checked_faults, no_progress, run_checks
from tenfold.doctor.data.examination import examine_data
from tenfold.doctor.finding import Examination, by_severity
from tenfold.doctor.recipe.examination import examine_recipe
from tenfold.doctor.run.case import RunCase, open_case
from tenfold.doctor.run.ending import Divergence, MissingData, UnfinishedRun
from tenfold.doctor.run.generalization import DifferentParts, Overfitting, Underfitting
from tenfold.doctor.run.predictions import OneDigit, WeakDigit
from tenfold.doctor.run.trained_network import DeadUnits, LeakedValidationImages
from tenfold.doctor.run.training_curve import RisingLoss, StillImproving
from tenfold.runs import Run

__all__ = ["RUN_CHECKS", "examine_run"]

RUN_CHECKS: tuple[Check[RunCase], ...] = (
    MissingData(),
    UnfinishedRun(),
    Divergence(),
    RisingLoss(),
    Overfitting(),
    StillImproving(),
    Underfitting(),
    DifferentParts(),
    OneDigit(),
    WeakDigit(),
    DeadUnits(),
    LeakedValidationImages(),
)
"""Checks of a run folder."""


def examine_run(run: Run, report_progress: ReportProgress = no_progress) -> Examination:
    """Look for faults in a run, in its data and in its recipe.

    The data is examined unless it is bundled. If the data has no serious fault, and the run is
    finished or diverged, the recipe is tried for a few steps, since a fault of the recipe explains
    a bad result.

    Args:
        run: The run, finished or not.
        report_progress: Called with what is examined next.

    Raises:
        TenfoldError: If a file of the run is damaged.
    """
    report_progress("reading the run and its data")
    case = open_case(run)
    examinations = []
    if run.data is not None and case.split is not None:
        train, test = load_parts(run.data)
        if run.recipe.source.validation == "own":
            # A note says that the validation split of the data is not used, but this run used it.
            train = without_note(train)
        examinations.append(examine_data(train, test, report_progress=report_progress))
    sound = not any(examination.serious for examination in examinations)
    if sound and case.split is not None and (case.metrics is not None or case.diverged):
        train = case.split.train
        examinations.append(
            examine_recipe(run.recipe, train, case.command, run.seed, report_progress)
        )
    earlier = [finding for examination in examinations for finding in examination.findings]
    findings = run_checks(RUN_CHECKS, case, report_progress, earlier)
    checked = [text for examination in examinations for text in examination.checked]
    checked += checked_faults(RUN_CHECKS)
    subject = f"run {run.folder} ({run.recipe.name})"
    notes = tuple(note for examination in examinations for note in examination.notes)
    found = by_severity(earlier + findings)
    return Examination(subject, tuple(dict.fromkeys(checked)), found, notes)
