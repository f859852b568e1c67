"""``tenfold report``, and the report that ``tenfold train`` writes."""

import json
import sys
from pathlib import Path

import pytest

from tenfold.report import page
from tenfold.report.mistakes import mistakes_section
from tenfold.report.reproduce import reproduce_section
from tenfold.report.result import result_section
from tenfold.report.training import training_section

from .conftest import Tenfold


@pytest.fixture(autouse=True)
def _few_sections(monkeypatch: pytest.MonkeyPatch, empty_figures: None) -> None:
    """Leave out the slow sections, and do not draw the figures."""
    monkeypatch.setattr(
        page, "SECTIONS", (result_section, training_section, mistakes_section, reproduce_section)
    )


def test_report_is_written_to_the_run_folder(tenfold: Tenfold, run_copy: Path) -> None:
    answer = tenfold("report", run_copy)
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert answer.out.startswith(f"{run_copy}/report.html (0.")
    assert (run_copy / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_out_option_selects_the_file(tenfold: Tenfold, run_copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "my report.html"
    found = json.loads(tenfold("report", run_copy, "-o", target, "--json").out)
    assert found == {"path": str(target), "bytes": target.stat().st_size, "missing": []}
    assert not (run_copy / "report.html").exists()
    assert tenfold("report", run_copy, "--output", target).code == 0  # the option of version 0.1


def test_default_is_the_run_finished_last(
    tenfold: Tenfold, run_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("report")
    assert (answer.code, answer.out) == (1, "")
    assert "runs contains no finished run: train one" in answer.err
    Path("runs").mkdir()
    run_copy.rename("runs/001-mlp")
    assert tenfold("report").out.startswith("runs/001-mlp/report.html")


def test_missing_data_gives_a_report_and_a_warning(tenfold: Tenfold, run_copy: Path) -> None:
    path = run_copy / "config.json"
    path.write_text(path.read_text().replace("digits.npz", "gone.npz"))
    answer = tenfold("report", run_copy)
    assert answer.code == 0
    assert "Warning: the report is incomplete:" in answer.err
    assert "gone.npz" in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda run: (run / "metrics.json").unlink(), "unfinished run"),
        (lambda run: (run / "metrics.json").write_text("{"), "it must be valid JSON"),
        (lambda run: (run / "metrics.json").write_text("{}"), "is damaged"),
        (lambda run: (run / "records.jsonl").write_text("{}\n"), "in line 1, epoch must be"),
        (lambda run: (run / "predictions.npz").write_bytes(b"PK"), "cannot read the predictions"),
        (lambda run: (run / "environment.json").write_text("[1]"), "it must be a JSON object"),
        (lambda run: (run / "config.json").unlink(), "contains no run"),
        (lambda run: (run / "report.html").mkdir(), "cannot write"),
    ],
)
def test_damaged_run_gives_one_line(
    damage: object, message: str, tenfold: Tenfold, run_copy: Path
) -> None:
    assert callable(damage)
    damage(run_copy)
    answer = tenfold("report", run_copy)
    assert answer.code == 1
    assert message in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.out == ""


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_missing_package_raises_with_its_name(
    package: str, tenfold: Tenfold, run_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    answer = tenfold("report", run_copy)
    assert answer.code == 1
    assert f"{package}, which is not installed" in answer.err


def test_training_without_jinja2_draws_pictures_only(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tenfold.cli.shared.training.find_spec", lambda name: None if name == "jinja2" else name
    )
    monkeypatch.setattr("tenfold.plots.draw_run", lambda run, images: (run.folder / "x").touch())
    out = tmp_path / "run"
    answer = tenfold("train", "linear", "--data", digits_file, "--epochs", 1, "--out", out)
    assert answer.code == 0
    assert (out / "x").exists()
    assert "Report" not in answer.out
    assert not (out / "report.html").exists()
