"""Many runs at the same time, in processes of this machine and on a Dask cluster."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tenfold.cluster.bulk.answering import Outcome, answer_all
from tenfold.cluster.bulk.jobs import PredictJob
from tenfold.cluster.bulk.tasks import carry_out_task
from tenfold.cluster.dask_workers import DaskWorkers
from tenfold.cluster.drive import Workers, carry_out, check_ended, open_workers, save_returned_files
from tenfold.cluster.jobs import Event, Job, shared_token
from tenfold.cluster.processes import Processes
from tenfold.cluster.this_process import ThisProcess
from tenfold.cluster.work import train_job
from tenfold.data import Dataset
from tenfold.errors import TenfoldError, UsageError
from tenfold.files import write_text
from tenfold.models import Model
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.recipes import Recipe, Split, recipe_to_json
from tenfold.runs import Run, Series, load_images
from tenfold.runs.lock import locked
from tests.runs.execution import finish


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """A file with 600 images."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=digits.images[..., 0], labels=digits.require_labels())
    return path


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, tiny: Recipe, images: Path) -> list[bytes]:
    """The model files of seeds 0 to 2, trained one after another in this process."""
    series = Series.begin(Run(tiny, 0, tmp_path_factory.mktemp("s") / "series", str(images)), 3)
    split = load_images(series.first)
    return [finish(series.run(index), split).model.read_bytes() for index in range(3)]


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Two worker processes."""
    with closing(Processes(2)) as workers:
        yield workers


def jobs_of(folder: Path, recipe: Recipe, images: Path, count: int = 3) -> list[Job]:
    series = Series.begin_or_resume(Run(recipe, 0, folder, str(images)), count)
    token = shared_token(folder)
    runs = [series.run(index) for index in range(count)]
    return [Job(run.folder.name, run, partial(load_images, run), token, 0.0) for run in runs]


def models(jobs: Sequence[Job]) -> list[bytes]:
    return [job.run.model.read_bytes() for job in jobs]


def never() -> bool:
    return False


def in_time(seconds: float = 60) -> Callable[[], bool]:
    """Return a function that never stops the jobs, but fails the test if they do not end."""
    end = time.monotonic() + seconds

    def check() -> bool:
        assert time.monotonic() < end, "the jobs have not ended"
        return False

    return check


def kill_once(workers: Workers, jobs: Sequence[Job], kill: Callable[[], None]) -> list[Event]:
    """Carry out jobs, and kill a worker at the end of the first epoch."""
    events: list[Event] = []
    for event in carry_out(workers, jobs, in_time()):
        if event.state == "training" and event.epoch and all(not each.epoch for each in events):
            kill()
        events.append(event)
    return events


def test_a_killed_process_is_replaced_and_nothing_changes(
    tiny: Recipe, images: Path, tmp_path: Path, alone: list[bytes], processes: Processes
) -> None:
    jobs = jobs_of(tmp_path / "series", tiny, images)

    def kill() -> None:
        _, worker = next(iter(processes._running.values()))
        worker.kill()

    events = kill_once(processes, jobs, kill)
    assert [event.state for event in events].count("lost") == 1
    assert models(jobs) == alone
    for job in jobs:
        assert [row["epoch"] for row in job.run.records()] == [1, 2, 3]


def test_a_killed_driver_leaves_no_worker_and_the_next_one_goes_on(
    tiny: Recipe,
    images: Path,
    tmp_path: Path,
    alone: list[bytes],
    environment: dict[str, str],
    processes: Processes,
) -> None:
    code = (
        "import sys; from pathlib import Path; from contextlib import closing;"
        "from tenfold.recipes import RECIPES, recipe_from_json; import json;"
        "from tests.cluster.test_many import *;"
        "jobs = jobs_of(Path(sys.argv[1]), recipe_from_json(json.loads(sys.argv[3])),"
        " Path(sys.argv[2]));"
        "w = Processes(1);\nfor event in carry_out(w, jobs, never): print(event.epoch, flush=True)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "series"), str(images)]
    argv.append(json.dumps(recipe_to_json(tiny)))
    driver = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)
    assert driver.stdout is not None
    while driver.stdout.readline() != "1\n":
        pass
    os.kill(driver.pid, signal.SIGKILL)
    driver.communicate()
    jobs = jobs_of(tmp_path / "series", tiny, images)
    events = list(carry_out(processes, jobs, in_time()))
    assert sum(event.state == "finished" for event in events) == 3
    assert models(jobs) == alone
    assert [row["epoch"] for row in jobs[0].run.records()] == [1, 2, 3]


def test_one_failure_leaves_the_other_runs_alone(
    tiny: Recipe, images: Path, tmp_path: Path, alone: list[bytes], processes: Processes
) -> None:
    jobs = jobs_of(tmp_path / "series", tiny, images)
    jobs[1] = replace(jobs[1], load=missing)
    events = [event for event in carry_out(processes, jobs, never) if event.ended]
    ends = {event.name: event.state for event in events}
    assert ends == {"seed-0": "finished", "seed-1": "failed", "seed-2": "finished"}
    assert [models([jobs[0]])[0], models([jobs[2]])[0]] == [alone[0], alone[2]]
    with pytest.raises(TenfoldError, match=r"1 of 3 runs failed.*\n  seed-1: there are no images"):
        check_ended(events)


def missing() -> Split:
    raise TenfoldError("there are no images")


def test_a_stopped_job_goes_on_later(
    tiny: Recipe, images: Path, tmp_path: Path, alone: list[bytes]
) -> None:
    (job,) = jobs_of(tmp_path / "series", tiny, images, 1)
    seen: list[Event] = []
    stopped = train_job(job, 1, seen.append, lambda: any(event.epoch == 1 for event in seen))
    assert (stopped.state, stopped.epoch) == ("stopped", 1)
    assert train_job(job, 1, seen.append, never).state == "finished"
    assert models([job]) == alone[:1]
    assert train_job(job, 1, seen.append, never).state == "finished"  # nothing is trained again
    assert [event.epoch for event in seen] == [0, 1, 0, 2, 3, 0]


def test_a_worker_without_the_folder_returns_the_files(
    tiny: Recipe, images: Path, tmp_path: Path, alone: list[bytes], processes: Processes
) -> None:
    (job,) = jobs_of(tmp_path / "series", tiny, images, 1)
    write_text(job.token_file, "another file system")
    (last,) = [event for event in carry_out(processes, [job], never) if event.ended]
    assert "metrics.json" in last.files
    assert models([job]) == alone[:1]
    assert job.run.finished


def test_a_job_waits_while_another_process_trains_in_its_folder(
    tiny: Recipe, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenfold.cluster.work._PAUSE", 0.0)
    (job,) = jobs_of(tmp_path / "series", tiny, images, 1)
    seen: list[Event] = []
    with locked(job.run.folder):
        last = train_job(job, 1, seen.append, lambda: len(seen) > 2)
    assert [event.state for event in [*seen, last]] == ["training", "waiting", "waiting", "stopped"]


def test_another_version_is_refused(tiny: Recipe, images: Path, tmp_path: Path) -> None:
    (job,) = jobs_of(tmp_path / "series", tiny, images, 1)
    last = train_job(replace(job, version="0.0.1"), 1, lambda event: None, never)
    assert last.state == "failed"
    assert "must have version 0.0.1 of tenfold, got" in last.error


def test_jobs_and_an_address_cannot_be_combined() -> None:
    with pytest.raises(UsageError, match="cannot be combined with --cluster ADDRESS"):
        open_workers(2, "tcp://127.0.0.1:8786")


def test_without_dask_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TenfoldError, match=r"needs Dask: .* '\.\[cluster\]'; --jobs N works"):
        DaskWorkers("local")


@pytest.fixture(scope="module")
def dask_programs(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and two workers; their address, and the process numbers of the workers."""
    pytest.importorskip("distributed", reason="no Dask: pip install '.[cluster]'")
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ["--scheduler-file", str(file)]
    scheduler = [*options, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    worker = [*options, "--nthreads", "1", "--no-nanny", "--death-timeout", "60", "--no-dashboard"]
    programs = [_dask("scheduler", scheduler, environment)]
    programs += [_dask("worker", worker, environment) for _ in range(2)]
    while not file.exists():
        assert programs[0].poll() is None
        time.sleep(0.05)
    yield json.loads(file.read_text())["address"], [each.pid for each in programs[1:]]
    for program in programs:
        program.kill()
        program.wait()


def _dask(name: str, options: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-m", "distributed.cli.dask_" + name, *options]
    return subprocess.Popen(argv, env=environment, stderr=subprocess.DEVNULL)


def test_a_killed_dask_worker_is_replaced_and_nothing_changes(
    tiny: Recipe,
    images: Path,
    tmp_path: Path,
    alone: list[bytes],
    dask_programs: tuple[str, list[int]],
) -> None:
    address, workers_of_dask = dask_programs
    jobs = jobs_of(tmp_path / "series", tiny, images)
    with closing(open_workers(None, address)) as workers:
        events = kill_once(workers, jobs, lambda: os.kill(workers_of_dask[0], signal.SIGKILL))
    assert [event.error for event in events if event.error] == []
    assert models(jobs) == alone
    for job in jobs:
        assert [row["epoch"] for row in job.run.records()] == [1, 2, 3]


def test_images_are_predicted_on_dask_as_in_one_process(
    images: Path, tmp_path: Path, dask_programs: tuple[str, list[int]]
) -> None:
    layers = [Normalize(), Flatten(), Dense(784, 3600), Dense(3600, 10)]  # 11 MB
    model, outs = Model(Network(layers)), [tmp_path / "one.csv", tmp_path / "dask.csv"]
    with closing(open_workers(None, dask_programs[0], carry_out_task)) as dask:
        for workers, out in zip((ThisProcess(carry_out_task), dask), outs, strict=True):
            job = PredictJob(images, out, "test", model)
            outcome = answer_all(job, workers, never, lambda done, total: None)
            assert outcome == Outcome(600, 0, True)
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_the_file_that_marks_a_run_as_finished_is_written_last(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(
        "tenfold.cluster.drive.write_bytes", lambda path, content: written.append(path.name)
    )
    names = ("config.json", "metrics.json", "model.safetensors", "records.jsonl")
    job = Job("a", Run(tiny, 0, tmp_path / "a"), missing)
    save_returned_files(job, Event("a", "finished", files=dict.fromkeys(names, b"")))
    assert sorted(written) == sorted(names)
    assert written[-1] == "metrics.json"
