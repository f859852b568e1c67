"""The lists of checks, and the loop that runs them."""

from collections.abc import Iterable
from typing import Any

import pytest

from tenfold.doctor import Check, Finding, run_checks
from tenfold.doctor.data.examination import DATA_CHECKS, PARTS_CHECKS
from tenfold.doctor.recipe.examination import NETWORK_CHECKS, RECIPE_CHECKS
from tenfold.doctor.run.examination import RUN_CHECKS
from tests.doctor.fixes import names

FOLDERS: dict[str, tuple[Check[Any], ...]] = {
    "data": (*DATA_CHECKS, *PARTS_CHECKS),
    "recipe": RECIPE_CHECKS,
    "run": RUN_CHECKS,
}
# Findings that are made before those of a folder, and may hide them.
EARLIER = {
    "data": {f"test-{check.name}" for check in DATA_CHECKS},
    "recipe": set[str](),
    "run": {check.name for check in RECIPE_CHECKS},
}


class AlwaysFound(Check[list[str]]):
    """A check that notes that it ran, and always finds its fault."""

    def __init__(self, name: str, explained_by: Iterable[str] = ()) -> None:
        self.name, self.looks_for, self.explained_by = (
            name,
            f"fault {name}",
            frozenset(explained_by),
        )

    def run(self, case: list[str]) -> Finding:
        case.append(self.name)
        return Finding(self.name, "warning", "", "", "", "")


def test_check_is_skipped_after_a_finding_that_hides_it() -> None:
    ran: list[str] = []
    checks = [AlwaysFound("a"), AlwaysFound("b", {"a"}), AlwaysFound("c", {"b"})]
    assert names(run_checks(checks, ran)) == ["a", "c"]
    assert ran == ["a", "c"]


def test_earlier_findings_hide_checks_and_are_not_returned() -> None:
    earlier = [AlwaysFound("a").run([])]
    checks = [AlwaysFound("b", {"a"}), AlwaysFound("c")]
    assert names(run_checks(checks, [], earlier=earlier)) == ["c"]


def test_progress_says_what_is_looked_for() -> None:
    texts: list[str] = []
    run_checks([AlwaysFound("a"), AlwaysFound("b", {"a"})], [], texts.append)
    assert texts == ["looking for fault a"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_and_descriptions_are_unique(folder: str) -> None:
    checks = FOLDERS[folder]
    assert len({check.name for check in checks}) == len(checks)
    assert len({check.looks_for for check in checks}) == len(checks)


@pytest.mark.parametrize("folder", FOLDERS)
def test_checks_are_skipped_after_findings_made_before_them(folder: str) -> None:
    before = set(EARLIER[folder])
    for check in FOLDERS[folder]:
        assert check.explained_by <= before, check.name
        before.add(check.name)


def test_recipe_checks_include_those_of_a_network() -> None:
    assert RECIPE_CHECKS[: len(NETWORK_CHECKS)] == NETWORK_CHECKS
