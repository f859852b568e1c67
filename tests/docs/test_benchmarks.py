"""docs/benchmarks.md shows the measured figures, and the subjects measure what the cases say."""

import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from benchmarks import page, run
from benchmarks.cases import CASES, Measurement, find
from benchmarks.libraries import LIBRARIES, Subject
from benchmarks.nets import NETS, TITLES, Conv, Dense, Pool, placed
from benchmarks.subjects import blas, tenfold_
from benchmarks.subjects.clock import timed
from benchmarks.worker import Worker, installed
from hypothesis import given
from hypothesis import strategies as st

MEASUREMENTS = [m for case in CASES.values() for m in case.measurements]
FIELDS = {
    **dict.fromkeys(("case", "metric", "subject"), str),
    **dict.fromkeys(("median", "low", "high", "ratio_to_tenfold"), float),
}


def row(subject: str, value: float, metric: str = "training, ms per step") -> dict[str, Any]:
    figures = {"median": value, "low": value - 1, "high": value + 1}
    return {
        "case": "lenet",
        "metric": metric,
        "subject": subject,
        **figures,
        "ratio_to_tenfold": value / 20,
    }


def where(date: str = "2026-01-02T03:04:05+00:00") -> dict[str, Any]:
    return {
        "tenfold": "1.2.3",
        "numpy": "2.3",
        "python": "3.12",
        "system": "Linux",
        "processor": "Abacus",
        "cores": 2,
        "date": date,
        "blas": [{"internal_api": "openblas", "version": "0.3"}],
    }


def cells(text: str, first: str) -> list[str]:
    """Return the cells of the only line of a table that begins with this cell."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


# The page


@pytest.mark.skipif(not page.PAGE.exists(), reason="nothing has been measured here yet")
def test_page_shows_the_measured_figures() -> None:
    report = json.loads(page.LATEST.read_text("utf-8"))
    assert page.PAGE.read_text("utf-8") == page.render(report), (
        "the page differs from the results; run python -m benchmarks.page"
    )


def test_results_have_all_fields() -> None:
    report = json.loads(page.LATEST.read_text("utf-8"))
    assert set(where()) <= set(report["environment"])
    for measured in report["rows"]:
        assert {key: type(value) for key, value in measured.items()} == FIELDS
        assert measured["low"] <= measured["median"] <= measured["high"]


def test_page_shows_figures_and_ratios() -> None:
    others = [row("pytorch, 1 thread", 50), row("pytorch, 2 threads", 25)]
    limits = [row("blas, 1 thread", 10), row("blas, 2 halves", 8)]
    report = {"environment": where(), "rows": [row("tenfold", 20), *others, *limits]}
    text = page.render(report)
    head = ["median", "lowest", "highest", "relative to tenfold", "relative to BLAS alone"]
    assert cells(text, "configuration") == head
    assert cells(text, "tenfold") == ["20.0", "19.0", "21.0", "1.00", "2.50"]
    assert cells(text, "pytorch, 1 thread") == ["50.0", "49.0", "51.0", "2.50", "6.25"]
    assert cells(text, "blas, 2 halves") == ["8.00", "7.00", "9.00", "0.400", "1.00"]
    assert cells(text, "lenet") == ["training, ms per step", "20.0", "25.0", "0.800", "2.50"]
    for said in ("Abacus", "Python 3.12", "tenfold 1.2.3", "NumPy 2.3 (openblas 0.3)"):
        assert said in re.sub(r"\s+", " ", text)
    assert f"{TITLES['lenet'][1:]}. Measured on 2026-01-02." in re.sub(r"\s+", " ", text)
    assert all(f"- **{library}**: " in text for library in LIBRARIES)
    assert "## vgg" not in text


def test_without_blas_no_limit_is_shown_and_more_images_per_second_are_better() -> None:
    metric = "lenet, batch 32: images per second"
    rows = [row(name, v, metric) for name, v in (("tenfold", 20), ("pytorch, a", 10))]
    report = {"environment": where(), "rows": [*rows, row("pytorch, b", 40, metric)]}
    text = page.render(report)
    assert cells(text, "configuration") == ["median", "lowest", "highest", "relative to tenfold"]
    assert cells(text, "tenfold") == ["20.0", "19.0", "21.0", "1.00"]
    assert cells(text, "lenet") == [metric, "20.0", "40.0", "0.500", ""]


@given(st.floats(1e-6, 1e9))
def test_number_has_three_significant_digits(value: float) -> None:
    shown = page.number(value)
    assert float(shown.replace(",", "")) == pytest.approx(value, rel=0.0051)
    assert "e" not in shown


# The run


class FakeWorker:
    """A worker without a process: its figures depend on the length of the subject's name."""

    measured: list[tuple[str, int]]
    started: int

    def __init__(self, subject: Subject, measurement: Measurement) -> None:
        self.subject = subject
        FakeWorker.started += 1

    def __enter__(self) -> "FakeWorker":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def measure(self, repetition: int) -> dict[str, float]:
        FakeWorker.measured.append((str(self.subject), repetition))
        return {"ms": 10.0 * len(str(self.subject)) + repetition}


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> type[FakeWorker]:
    FakeWorker.measured, FakeWorker.started = [], 0
    monkeypatch.setattr(run, "Worker", FakeWorker)
    monkeypatch.setattr(run, "_PAUSE", 0)
    monkeypatch.setattr(run, "installed", lambda subject: subject.library != "neuralnetlib")
    return FakeWorker


def test_subjects_alternate_and_missing_ones_are_skipped(
    workers: type[FakeWorker], capsys: pytest.CaptureFixture[str]
) -> None:
    found = run.measure(find("lenet: training"), 2)
    present = [str(s) for s in find("lenet: training").subjects if s.library != "neuralnetlib"]
    assert workers.measured == [(name, turn) for turn in (0, 1) for name in present]
    assert workers.started == len(present)
    assert list(map(str, found)) == present
    assert capsys.readouterr().err.count("neuralnetlib: not installed, skipped") == 1


def test_memory_uses_new_processes_and_recipe_five_seeds(
    workers: type[FakeWorker],
) -> None:
    run.measure(find("memory: memory"), 2)
    assert workers.started == len(workers.measured) == 2 * 3
    found = run.measure(find("lenet-epoch: recipe"), 7)
    assert {len(figures) for figures in found.values()} == {5}


def test_rows_hold_median_spread_and_ratio() -> None:
    ours, other = Subject("tenfold"), Subject("pytorch", "1 thread")
    found = {ours: [{"ms": v} for v in (3.0, 1.0, 2.0)], other: [{"ms": v} for v in (9.0, 5.0, 4)]}
    first, second = run.rows("vgg", found)
    assert {key: type(value) for key, value in first.items()} == FIELDS
    assert list(first.values()) == ["vgg", "ms", "tenfold", 2, 1, 3, 1]
    assert list(second.values()) == ["vgg", "ms", "pytorch, 1 thread", 5, 4, 9, 2.5]


def test_rows_of_other_cases_keep_their_date_and_unknown_cases_go() -> None:
    old = [row("tenfold", 1) | {"case": case} for case in ("vgg", "lenet", "gone")]
    report = run.merged(
        {"environment": where("2025"), "rows": old}, "lenet", [row("tenfold", 7)], where("2026")
    )
    assert [(r["case"], r["median"]) for r in report["rows"]] == [("lenet", 7), ("vgg", 1)]
    assert report["environment"]["measured"] == {"lenet": "2026", "vgg": "2025"}
    again = run.merged(report, "vgg", [row("tenfold", 3) | {"case": "vgg"}], where("2027"))
    assert again["environment"]["measured"] == {"lenet": "2026", "vgg": "2027"}


def test_run_writes_both_files_and_keeps_other_cases(
    workers: type[FakeWorker], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run.main(["--only", "start-up", "--quick", "--out", str(tmp_path)])
    run.main(["--only", "memory", "--repetitions", "3", "--out", str(tmp_path)])
    report = json.loads((tmp_path / "latest.json").read_text("utf-8"))
    assert {r["case"] for r in report["rows"]} == {"start-up", "memory"}
    assert (tmp_path / "benchmarks.md").read_text("utf-8") == page.render(report)
    assert "python, import torch" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run.main(["--repetitions", "0"])


# The subjects


def test_measurements_have_unique_names_and_start_with_tenfold() -> None:
    assert [find(m.name) for m in MEASUREMENTS] == MEASUREMENTS
    for m in MEASUREMENTS:
        assert "tenfold" in str(m.subjects[0])
        assert {subject.library for subject in m.subjects} <= set(LIBRARIES)
        assert len(set(m.subjects)) == len(m.subjects)


def test_step_is_converted_to_the_unit_of_the_measurement() -> None:
    named = {m.unit: m for m in MEASUREMENTS if m.work == "training"}
    figures = {unit: m.figure(0.5) for unit, m in named.items()}
    batch = named["images per second"].batch
    assert figures == {
        "ms per step": 500,
        "images per second": 2 * batch,
        "ms per image": pytest.approx(500 / 128),
    }


@pytest.mark.parametrize("net", NETS)
def test_tenfold_builds_the_described_net(net: str) -> None:
    shapes = [after for _, _, after in placed(net, 56)]
    pooled = [  # a convolution and the pool after it are one layer
        isinstance(part, Conv) and isinstance(following, Pool)
        for part, following in pairwise([*NETS[net], None])
    ]
    expected = [shape for shape, skipped in zip(shapes, pooled, strict=True) if not skipped]
    assert tenfold_.network(net, 56).shapes[1:] == expected
    assert shapes[-1] == (10,)


def test_nets_have_the_parameters_of_their_titles() -> None:
    sizes = {net: tenfold_.network(net).theta.value.size for net in NETS}
    lenet = 25 * 24 + 24 + 9 * 24 * 32 + 32 + 800 * 256 + 256 + 256 * 10 + 10
    convolutions = 9 * (32 + 32 * 32 + 32 * 64 + 64 * 64)
    assert sizes == {
        "mlp-small": 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10,
        "mlp-wide": 784 * 800 + 800 + 800 * 10 + 10,
        "lenet": lenet,
        "vgg": convolutions + 2 * (32 + 32 + 64 + 64) + 3136 * 10 + 10,
        "stack": 9 * 32 + 32 + 9 * 32 * 64 + 64 + 64 * 10 + 10,
    }


@pytest.mark.parametrize("net", NETS)
def test_blas_has_the_products_of_the_net(net: str) -> None:
    multiplied = []  # by each layer, for one image
    for part, before, after in placed(net):
        if isinstance(part, Conv):
            multiplied.append(part.kernel**2 * before[-1] * math.prod(after))
        elif isinstance(part, Dense):
            multiplied.append(before[0] * after[0])
    for backward, expected in ((False, sum(multiplied)), (True, 3 * sum(multiplied))):
        expected -= multiplied[0] if backward else 0  # the first layer needs no dx
        row = blas.products(net, 4, backward)
        assert all(p.out.shape == (p.a.shape[0], p.b.shape[1]) for p in row)
        assert 4 * expected == sum(p.times * p.out.size * p.a.shape[1] for p in row)


def test_repetition_takes_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def call() -> None:
        nonlocal now
        now += 0.02

    monkeypatch.setattr("time.perf_counter", lambda: now)
    clock = timed(call)
    before = now
    assert clock() == pytest.approx(0.02)
    assert now - before == pytest.approx(0.5)


def test_worker_measures_or_reports_the_exit_code() -> None:
    with Worker(Subject("python", "pass"), find("start-up: start-up")) as worker:
        assert worker.measure(0)["ms in a fresh process"] > 0
    with pytest.raises(
        SystemExit, match="blas, 1 thread: start-up: start-up ended early with code 1"
    ):
        Worker(Subject("blas", "1 thread"), find("start-up: start-up"))


def test_missing_packages_are_detected() -> None:
    assert installed(Subject("tenfold"))
    assert installed(Subject("python", "import numpy"))
    assert not installed(Subject("python", "import no_such_package"))
