"""The work on one job: train its run, from the checkpoint if there is one."""

import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tenfold.cluster.jobs import Event, Job, check_version
from tenfold.errors import TenfoldError, reason
from tenfold.runs import RUN_FILES, Run, begin_or_resume, execute
from tenfold.runs.lock import InUseError
from tenfold.training import EpochRecord

__all__ = ["train_job"]

_PAUSE = 1.0  # seconds before the next attempt, if another process trains in the folder


def train_job(
    job: Job, threads: int, report: Callable[[Event], None], stop: Callable[[], bool]
) -> Event:
    """Train the run of a job, and return the last event.

    A run that diverges, or whose images cannot be used, is ``"failed"``, and not repeated.

    Args:
        job: The job.
        threads: Number of threads, if the job does not set it.
        report: Called with each event before the last.
        stop: Returns whether to write a checkpoint and stop.
    """
    threads = job.threads or threads
    started = Event(job.name, "training", worker=socket.gethostname())
    report(started)
    try:
        check_version(job.version)
        if _is_shared(job):
            return _train(job, job.run, threads, report, stop, started)
        with tempfile.TemporaryDirectory(prefix="tenfold-") as folder:
            run = replace(job.run, folder=Path(folder) / job.run.folder.name)
            last = _train(job, run, threads, report, stop, started)
            paths = [run.folder / name for name in RUN_FILES]
            return replace(last, files={p.name: p.read_bytes() for p in paths if p.exists()})
    except TenfoldError as error:
        return replace(started, state="failed", error=str(error))
    except Exception as error:
        return replace(started, state="failed", error=f"{type(error).__name__}: {reason(error)}")


def _is_shared(job: Job) -> bool:
    try:
        return bool(job.token) and job.token_file.read_text() == job.token
    except (OSError, UnicodeDecodeError):
        return False


def _train(
    job: Job,
    run: Run,
    threads: int,
    report: Callable[[Event], None],
    stop: Callable[[], bool],
    event: Event,
) -> Event:
    """Train a run as soon as no other process trains in its folder."""
    while not stop():
        try:
            return _train_now(job, run, threads, report, stop, event)
        except InUseError:  # for example, a worker of a command that was killed still trains in it
            report(replace(event, state="waiting"))
            time.sleep(_PAUSE)
    return replace(event, state="stopped")


def _train_now(
    job: Job,
    run: Run,
    threads: int,
    report: Callable[[Event], None],
    stop: Callable[[], bool],
    event: Event,
) -> Event:
    run = begin_or_resume(run)
    if not run.finished:
        for record in execute(
            run,
            job.load(),
            stop=stop,
            checkpoint_seconds=job.checkpoint_seconds,
            threads=threads,
            watch=job.watch,
        ):
            if isinstance(record, EpochRecord):
                event = replace(
                    event,
                    epoch=record.epoch,
                    loss=record.train_loss,
                    accuracy=record.validation_accuracy,
                )
                report(event)
    return replace(event, state="finished" if run.finished else "stopped")
