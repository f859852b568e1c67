"""``tenfold reproduce`` on a project of eleven steps and 600 digits."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold import recipes
from tenfold.cli.commands import reproduce
from tenfold.cli.shared import training
from tenfold.data import Dataset
from tenfold.recipes import CLASSICS, Split
from tenfold.report import page
from tenfold.report.result import result_section

from .conftest import Tenfold


@pytest.fixture(autouse=True)
def _short_project(monkeypatch: pytest.MonkeyPatch, digits: Dataset) -> None:
    whole = CLASSICS["classic-two-layer"]
    short = replace(
        whole,
        as_written=replace(whole.as_written, epochs=11),
        corrected=replace(whole.corrected, epochs=11),
        log={0: 0.1075, 10: 0.2},
        seed=4,
    )
    monkeypatch.setattr(recipes, "CLASSICS", CLASSICS | {short.name: short})
    monkeypatch.setattr(page, "SECTIONS", (result_section,))  # the others are slow
    parts = [digits.subset(slice(start, start + 200)) for start in (0, 200, 400)]
    monkeypatch.setattr(reproduce, "_load", lambda source: Split(*parts))


@pytest.mark.usefixtures("empty_pictures")
def test_as_written_follows_the_log_and_keeps_finished_runs(
    tenfold: Tenfold, tmp_path: Path
) -> None:
    found = tmp_path / "found.json"
    command = (
        "reproduce",
        "classic-two-layer",
        "--as-written",
        "--out",
        tmp_path / "runs",
        "--results",
        found,
    )
    answer = tenfold(*command)
    assert answer.code == 0, answer.err
    assert "classic-two-layer as written, seed 4: within" in answer.out
    assert "percentage points of the project's log at 2 points" in answer.out
    (result,) = json.loads(found.read_text())["classics"]
    assert result["as_written"]["seeds"] == [4]
    assert (tmp_path / "runs" / "classic-two-layer-4" / "submission.csv").exists()
    changed = (tmp_path / "runs" / "classic-two-layer-4" / "model.safetensors").stat().st_mtime_ns
    assert tenfold(*command).code == 0  # finished runs are kept
    model = tmp_path / "runs" / "classic-two-layer-4" / "model.safetensors"
    assert model.stat().st_mtime_ns == changed


def test_seeds_option_runs_both_forms_with_each_seed(
    tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "draw_pictures", lambda run, split: None)
    answer = tenfold("reproduce", "classic-two-layer", "--seeds", 2, "--out", tmp_path)
    assert answer.code == 0, answer.err
    (result,) = json.loads((tmp_path / "classics.json").read_text())["classics"]
    assert result["as_written"]["seeds"] == result["corrected"]["seeds"] == [0, 1]
    assert "Corrected in classic-two-layer" in answer.out
    answer = tenfold("reproduce", "classic-two-layer", "--seeds", 2, "--out", tmp_path, "--json")
    assert json.loads(answer.out) == [result]
    assert answer.err == ""


def test_unknown_project_and_incompatible_options_raise(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("reproduce", "classic-x", "--out", tmp_path)
    assert (answer.code, "unknown experiment 'classic-x'" in answer.err) == (2, True)
    answer = tenfold("reproduce", "--as-written", "--corrected", "--out", tmp_path)
    assert (answer.code, "cannot be combined with --corrected" in answer.err) == (2, True)
    answer = tenfold("reproduce", "--json", "old.json", "--out", tmp_path)  # as in version 0.1
    assert (answer.code, "use --results old.json" in answer.err) == (2, True)
    assert not list(tmp_path.iterdir())
