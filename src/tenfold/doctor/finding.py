"""A finding of the doctor: the fault, its evidence, its likely cause and its remedy."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

__all__ = ["Checkup", "Finding", "Severity", "any_serious", "by_severity"]

Severity: TypeAlias = Literal["serious", "warning", "note"]
"""Serious: results will be wrong or misleading. Warning: worth correcting. Note: good to know."""


@dataclass(frozen=True)
class Finding:
    """One fault that a check found.

    Attributes:
        name: Identifier for programs, such as ``"labels-shifted"``.
        severity: How bad the fault is.
        what: The fault, in one sentence.
        evidence: The numbers that show it.
        cause: How it most likely came about.
        remedy: How to correct it: a command that begins with ``tenfold``, or lines of Python that
            change ``images`` (N, 28, 28, 1) uint8 and ``labels`` (N,) int64, with NumPy as ``np``.
    """

    name: str
    severity: Severity
    what: str
    evidence: str
    cause: str
    remedy: str


@dataclass(frozen=True)
class Checkup:
    """The result of one examination.

    Attributes:
        subject: What was examined, as text.
        checked: The faults that were looked for, in order.
        findings: The faults that were found; empty if there are none.
    """

    subject: str
    checked: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def serious(self) -> bool:
        """Whether any finding is serious."""
        return any_serious(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the checkup as plain data that can be written as JSON."""
        return {
            "subject": self.subject,
            "serious": self.serious,
            "checked": list(self.checked),
            "findings": [asdict(finding) for finding in self.findings],
        }


def any_serious(findings: Iterable[Finding]) -> bool:
    """Return True if any of the findings is serious."""
    return any(finding.severity == "serious" for finding in findings)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings sorted by severity, serious ones first; the sort is stable."""
    ranks = get_args(Severity)
    return tuple(sorted(findings, key=lambda finding: ranks.index(finding.severity)))
