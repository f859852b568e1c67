"""Helpers for the tests of the doctor: names of findings, and fixes carried out."""

import shlex
from collections.abc import Iterable
from itertools import pairwise

from tenfold.data import Dataset
from tenfold.doctor import Finding
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES, Recipe, apply_settings
from tests.data.faults.corrected import run_lines


def names(findings: Iterable[Finding]) -> list[str]:
    return [finding.name for finding in findings]


def corrected_data(finding: Finding, data: Dataset, **others: Array) -> Dataset:
    """Run the finding's lines of Python as a reader would; warnings are errors."""
    assert not finding.fix.startswith("tenfold")
    return run_lines(finding.fix, data, **others)


def recipe_of(command: str) -> Recipe:
    """Return the recipe that a command would train."""
    words = shlex.split(command)
    assert words[:2] == ["tenfold", "train"]
    settings = [value for word, value in pairwise(words) if word == "--set"]
    return apply_settings(RECIPES[words[2]], settings)
