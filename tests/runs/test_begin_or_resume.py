"""Begin or continue a run: one call, which may be repeated."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, Series, begin, begin_or_resume
from tenfold.runs.run import create_run
from tests.runs.execution import finish


def test_it_creates_goes_on_and_ends(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = Run(tiny, 3, tmp_path / "run")
    assert begin_or_resume(run) == begin_or_resume(run) == run
    finish(run, split)
    model = run.model.read_bytes()
    assert begin_or_resume(run).finished
    finish(begin_or_resume(run), split)
    assert run.model.read_bytes() == model


@pytest.mark.parametrize("change", [{"seed": 4}, {"data": "x.npz"}, {"form": "corrected"}])
def test_another_run_is_refused(change: dict[str, object], tiny: Recipe, tmp_path: Path) -> None:
    run = Run(tiny, 3, tmp_path / "run")
    begin_or_resume(run)
    with pytest.raises(TenfoldError, match="contains another run, of mlp with seed 3: its"):
        begin_or_resume(replace(run, **change))  # type: ignore[arg-type]


def test_several_processes_may_begin_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tenfold.recipes import RECIPES;"
        "from tenfold.runs import Run, begin_or_resume;"
        "print(begin_or_resume(Run(RECIPES['mlp'], 1, Path(sys.argv[1]))).seed)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "run")]
    children = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [child.communicate()[0] for child in children] == ["1\n", "1\n"]


def test_another_process_may_create_the_run_between_two_checks(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create_twice(run: Run) -> Run:
        create_run(run)  # as another process does
        return create_run(run)

    monkeypatch.setattr(begin, "create_run", create_twice)
    run = Run(tiny, 3, tmp_path / "run")
    assert begin_or_resume(run) == run


def test_an_incomplete_run_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "records.jsonl").touch()
    with pytest.raises(TenfoldError, match=r"contains records\.jsonl, but no config.json"):
        begin_or_resume(Run(tiny, 3, tmp_path / "run"))


def test_a_series_goes_on_and_another_one_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    run = Run(tiny, 3, tmp_path / "series")
    series = Series.begin_or_resume(run, 2)
    assert Series.begin_or_resume(run, 2) == series
    for other, count in ((run, 3), (replace(run, seed=4), 2), (replace(run, data="x"), 2)):
        with pytest.raises(TenfoldError, match="contains another series"):
            Series.begin_or_resume(other, count)
