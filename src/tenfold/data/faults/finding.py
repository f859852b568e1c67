"""A finding: one fault with its evidence, its likely cause and its fix."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tenfold.nn.arguments import check_fields

__all__ = ["Finding", "Severity"]

Severity: TypeAlias = Literal["serious", "warning", "note"]
"""Serious: results will be wrong or misleading. Warning: worth correcting. Note: good to know."""


@dataclass(frozen=True)
class Finding:
    """One fault that was found.

    Attributes:
        name: Identifier for programs, such as ``"labels-shifted"``.
        severity: How bad the fault is.
        what: The fault, in one sentence.
        evidence: Numbers that show the fault.
        cause: Most likely cause of the fault.
        fix: How to correct it: a command that begins with ``tenfold``, or lines of Python that
            change ``images`` (N, 28, 28, 1) uint8 and ``labels`` (N,) int64, with NumPy as ``np``.
    """

    name: str
    severity: Severity
    what: str
    evidence: str
    cause: str
    fix: str

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def warning(self) -> str:
        """The fault, its evidence and its fix in one line."""
        return f"{self.what}: {self.evidence}. Fix: {self.fix}"
