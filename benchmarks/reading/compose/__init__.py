"""The test composer: pictures of digits as people have them, with their truth.

In reading order: ``canvas`` (a sheet), ``papers``, ``inks``, ``camera``, ``looks`` (the
conditions), ``scene`` (from a sheet to a picture), ``singles``.
"""

from benchmarks.reading.compose.canvas import Mark, Truth
from benchmarks.reading.compose.looks import CONDITIONS, HARD
from benchmarks.reading.compose.singles import singles

__all__ = ["CONDITIONS", "HARD", "Mark", "Truth", "singles"]
