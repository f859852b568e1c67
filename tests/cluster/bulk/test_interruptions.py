"""Answers in bulk that are interrupted, and go on."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.cluster.bulk.jobs import PredictJob
from tenfold.cluster.bulk.tasks import carry_out_task
from tenfold.cluster.jobs import Event
from tenfold.cluster.processes import Processes
from tenfold.errors import TenfoldError
from tenfold.models import Model
from tests.cluster.bulk.helpers import COUNT, ROWS, Recording, answer, rows_of, stop_after


@settings(max_examples=6)
@given(stops=st.lists(st.integers(0, 5), max_size=3))
def test_the_file_does_not_depend_on_interruptions(
    model: Model, source: Path, scratch: Path, stops: list[int]
) -> None:
    whole, out = scratch / "whole.csv", scratch / "out.csv"
    if not whole.exists():
        answer(PredictJob(source, whole, "test", model))
    out.unlink(missing_ok=True)
    for parts in stops:
        before = out.exists()
        outcome = answer(PredictJob(source, out, "test", model), stop=stop_after(parts))
        assert out.exists() == (outcome.whole or before)
    answer(PredictJob(source, out, "test", model))
    assert out.read_bytes() == whole.read_bytes()


def test_finished_parts_are_not_answered_again(model: Model, source: Path, tmp_path: Path) -> None:
    job = PredictJob(source, tmp_path / "a.csv", "test", model)
    first, second = Recording(), Recording()
    assert not answer(job, first, lambda: len(first.answered) == 3).whole
    assert answer(job, second).whole
    assert first.answered + second.answered == list(range(0, COUNT, ROWS))


def test_a_missing_part_before_finished_ones_is_answered_alone(
    model: Model, source: Path, tmp_path: Path
) -> None:
    job = PredictJob(source, tmp_path / "a.csv", "test", model)
    first, second = Recording(), Recording()
    assert not answer(job, first, lambda: len(first.answered) == 3).whole
    [part] = (tmp_path / "a.csv.parts").glob(f"part-*0{ROWS}-{ROWS}-0")  # the second one
    part.unlink()
    assert answer(job, second).whole
    assert second.answered == [ROWS, *range(3 * ROWS, COUNT, ROWS)]
    assert [int(row["row"]) for row in rows_of(job.out)] == list(range(COUNT))


def test_a_killed_command_goes_on_with_other_workers(
    model: Model, source: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    whole, out, file = tmp_path / "whole.csv", tmp_path / "out.csv", tmp_path / "m.safetensors"
    model.save(file)
    answer(PredictJob(source, whole, "test", model))
    code = (
        "import os, sys; from pathlib import Path; from tenfold.cluster.bulk import jobs;"
        "from tenfold.cluster.bulk.jobs import PredictJob;"
        "from tests.cluster.bulk.helpers import *;"
        "from tenfold.models import load_model; jobs._IMAGES_PER_PART = ROWS;"
        "source, out, file = map(Path, sys.argv[1:]);"
        "job = PredictJob(source, out, 'test', load_model(file));"
        "kill = lambda done, total: os.kill(os.getpid(), 9) if done > 2 * ROWS else None;"
        "answer_all(job, ThisProcess(carry_out_task), never, kill)"
    )
    argv = [sys.executable, "-c", code, str(source), str(out), str(file)]
    assert subprocess.run(argv, env=environment).returncode == -signal.SIGKILL
    assert not out.exists()
    left = sorted(path.name for path in (tmp_path / "out.csv.parts").glob("part-*"))
    assert len(left) == 3
    with closing(Processes(2, carry_out_task)) as workers:
        assert answer(PredictJob(source, out, "test", model), workers).whole
    assert out.read_bytes() == whole.read_bytes()
    assert not (tmp_path / "out.csv.parts").exists()


def test_a_part_that_fails_ends_the_command_and_the_others_are_kept(
    model: Model, source: Path, tmp_path: Path
) -> None:
    class Failing(Recording):
        def next_event(self, seconds: float) -> Event | None:
            if len(self.answered) == 2:
                return Event(str(2 * ROWS), "failed", error="its worker ended with code -9")
            return super().next_event(seconds)

    job = PredictJob(source, tmp_path / "a.csv", "test", model)
    with pytest.raises(TenfoldError, match=f"from row {2 * ROWS} on .* ended with code -9"):
        answer(job, Failing())
    second = Recording()
    assert answer(job, second).whole
    assert second.answered[0] == 2 * ROWS
