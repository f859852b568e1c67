"""The result of an examination: its findings, sorted by severity."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, get_args

from tenfold.data.faults.finding import Finding, Severity

__all__ = ["Checkup", "Finding", "Severity", "any_serious", "by_severity"]


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
