"""The interface of all checks, and the loop that runs a list of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

from tenfold.doctor.finding import Finding

__all__ = ["Check", "ReportProgress", "checked_faults", "no_progress", "run_checks"]

ReportProgress: TypeAlias = Callable[[str], None]
"""A function that is called with a short text before each step of an examination."""

Examined = TypeVar("Examined", contravariant=True)
Subject = TypeVar("Subject")


class Check(ABC, Generic[Examined]):
    """One fault that a subject (data, a recipe, a run) may have, and how to detect it.

    Attributes:
        name: Name of the finding, such as ``"blank-images"``.
        looks_for: The fault in a few words, for the list of what was examined.
        explained_by: Names of findings whose cause would also cause this fault. If one of them was
            reported, this check is skipped, so that one cause is not reported twice.
    """

    name: str
    looks_for: str
    explained_by: frozenset[str] = frozenset()

    @abstractmethod
    def run(self, case: Examined) -> Finding | None:
        """Return a finding if the fault is present, else None.

        A check that can correct the fault does so in ``case``, so that later checks do not report
        the consequences of the fault.

        Args:
            case: The subject that is examined.
        """


def checked_faults(checks: Iterable[Check[Subject]]) -> tuple[str, ...]:
    """Return what the checks look for, in order."""
    return tuple(check.looks_for for check in checks)


def no_progress(text: str) -> None:
    """Ignore a progress text."""


def run_checks(
    checks: Iterable[Check[Subject]],
    case: Subject,
    report_progress: ReportProgress = no_progress,
    earlier: Iterable[Finding] = (),
) -> list[Finding]:
    """Run checks in order and return their findings.

    Args:
        checks: The checks to run.
        case: The subject that is examined. Checks may correct it.
        report_progress: Called before each check with what it looks for.
        earlier: Findings of earlier examinations. They are not returned, but checks whose
            ``explained_by`` contains the name of one of them are skipped.
    """
    names = {finding.name for finding in earlier}
    findings = []
    for check in checks:
        if names & check.explained_by:
            continue
        report_progress(f"looking for {check.looks_for}")
        finding = check.run(case)
        if finding is not None:
            names.add(finding.name)
            findings.append(finding)
    return findings
