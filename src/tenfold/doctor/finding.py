"""The result of an examination: its findings, sorted by severity."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, get_args

from tenfold.data.faults.finding import Finding, Severity
from tenfold.nn.arguments import check_fields

__all__ = ["Examination", "Finding", "Severity", "any_serious", "by_severity"]


@dataclass(frozen=True)
class Examination:
    """The result of one examination.

    Attributes:
        subject: What was examined, as text.
        checked: The faults that were looked for, in order.
        findings: The faults that were found; empty if there are none.
        notes: What was detected, changed or left out when the data was loaded.
    """

    subject: str
    checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def serious(self) -> bool:
        """Whether any finding is serious."""
        return any_serious(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the examination as plain data that can be written as JSON.

        The fix of a finding has the key ``fix``, and also ``remedy``, its name in version 0.1.
        """
        return {
            "subject": self.subject,
            "serious": self.serious,
            "checked": list(self.checked),
            "findings": [asdict(finding) | {"remedy": finding.fix} for finding in self.findings],
            "notes": list(self.notes),
        }


def any_serious(findings: Iterable[Finding]) -> bool:
    """Return True if any of the findings is serious."""
    return any(finding.severity == "serious" for finding in findings)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings sorted by severity, serious ones first; the sort is stable."""
    ranks = get_args(Severity)
    return tuple(sorted(findings, key=lambda finding: ranks.index(finding.severity)))
