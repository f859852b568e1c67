"""A finding: what is wrong, how one sees it, where it comes from, and what mends it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

__all__ = ["Checkup", "Finding", "Severity", "in_order"]

Severity: TypeAlias = Literal["serious", "warning", "note"]
"""Serious: results will be wrong or mislead. Warning: worth mending. Note: good to know."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        name: what it is called by programs, such as ``"labels-shifted"``.
        severity: how bad it is.
        what: in one sentence.
        evidence: the numbers that show it.
        cause: how it most likely came about.
        remedy: what mends it: a command (it begins with ``tenfold``), or lines of Python that act
            on ``images`` (N, 28, 28, 1) uint8 and ``labels`` (N,) int64, with NumPy as ``np``.
    """

    name: str
    severity: Severity
    what: str
    evidence: str
    cause: str
    remedy: str


@dataclass(frozen=True)
class Checkup:
    """All that was found on one subject.

    Attributes:
        subject: what was looked at, in words.
        checked: what was looked for, in order.
        findings: what was found; empty if all is well.
    """

    subject: str
    checked: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def serious(self) -> bool:
        """Whether anything found will make results wrong."""
        return any(finding.severity == "serious" for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the checkup as plain data that JSON can hold."""
        return {
            "subject": self.subject,
            "serious": self.serious,
            "checked": list(self.checked),
            "findings": [asdict(finding) for finding in self.findings],
        }


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, the serious ones first, otherwise in the order in which they were made."""
    ranks = get_args(Severity)
    return tuple(sorted(findings, key=lambda finding: ranks.index(finding.severity)))
