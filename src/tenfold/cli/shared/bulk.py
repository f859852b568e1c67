"""Answers for all images of a folder or file, written to a file: ``-o`` of predict and read."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tenfold.cli.shared.errors import reject_options
from tenfold.cli.shared.interrupt import exit_stopped, stop_on_signal
from tenfold.cli.shared.output import ANSWERS, check_output
from tenfold.cli.shared.progress import progress_bar
from tenfold.errors import TenfoldError, UsageError, is_folder

if TYPE_CHECKING:
    from tenfold.cli.shared.options import Part
    from tenfold.cluster.bulk.jobs import BulkJob
    from tenfold.cluster.drive import Workers

__all__ = [
    "check_options_with_out",
    "check_options_without_out",
    "check_source",
    "open_bulk_workers",
    "read_pictures",
    "write_answers",
]


def check_source(paths: list[Path], out: Path) -> Path:
    """Check that there is one source of images and that the answers can be written to ``out``.

    Args:
        paths: The sources.
        out: The output file.

    Returns:
        The source.

    Raises:
        UsageError: If there are several sources, or the output file is in the folder of the images,
            or the output file exists and is not a file of answers.
        TenfoldError: If the folder of the output file is missing.
    """
    if len(paths) != 1:
        raise UsageError(
            f"with -o, give one folder or file of images, got {len(paths)}: put the images into "
            "one folder"
        )
    source = paths[0]
    if is_folder(source) and source.resolve() in out.resolve().parents:
        raise UsageError(
            f"{out} is in the folder of the images, which must not change: choose a file outside "
            f"of {source}"
        )
    check_output(out, ANSWERS, paths)
    return source


def check_options_without_out(part: str | None, jobs: int | None, cluster: str | None) -> None:
    """Raise a UsageError if there is no ``-o`` and an option that needs ``-o`` is given."""
    options = {"--split": part, "--jobs": jobs, "--cluster": cluster}
    reject_options(options, "{} can be used only with -o FILE: add -o answers.csv")


def check_options_with_out(given: dict[str, object]) -> None:
    """Raise a UsageError if an option is given that cannot be used with ``-o``.

    Args:
        given: The values of these options, by name, as for ``reject_options``.
    """
    reject_options(given, "with -o, the answers are written to a file: omit {}")


def open_bulk_workers(
    jobs: int | None, cluster: str | None, default: int | None = None
) -> "Workers":
    """Return the workers that compute the answers.

    Args:
        jobs: Number of processes that the user asked for, if any.
        cluster: Address of a Dask scheduler, or ``local``; None for processes of this machine.
        default: Number of processes if both are None; None to compute in this process.

    Raises:
        TenfoldError: As ``open_workers``.
    """
    from tenfold.cluster.bulk.tasks import carry_out_task
    from tenfold.cluster.drive import open_workers
    from tenfold.cluster.this_process import ThisProcess

    if cluster is None and (jobs or default) is None:
        return ThisProcess(carry_out_task)
    return open_workers(jobs or (None if cluster else default), cluster, carry_out_task)


def read_pictures(
    paths: list[Path],
    out: Path,
    part: "Part | None",
    single: bool,
    error_rate: float,
    jobs: int | None,
    cluster: str | None,
) -> None:
    """Read all pictures of a source, and write the file of answers."""
    from tenfold.cluster.bulk.jobs import ReadJob
    from tenfold.threads import cores

    job = ReadJob(check_source(paths, out), out, part or "test", single, error_rate)
    write_answers(job, open_bulk_workers(jobs, cluster, cores()))


def write_answers(job: "BulkJob", workers: "Workers") -> None:
    """Compute and write the answers for all images; print how many rows were written.

    Raises:
        TenfoldError: If some images cannot be read (the file is still written), or as
            ``answer_all``.
    """
    from tenfold.cluster.bulk.answering import answer_all

    with (
        stop_on_signal() as stop,
        closing(workers),
        progress_bar(f"answering {job.source.name}") as bar,
    ):
        outcome = answer_all(
            job, workers, stop, lambda done, total: bar.set(done, total or done + job.rows_per_part)
        )
    if not outcome.whole:
        exit_stopped("the same command")
    typer.echo(f"{outcome.count:,} rows written to {job.out}", err=True)
    if outcome.errors:
        raise TenfoldError(
            f"{outcome.errors:,} of {outcome.count:,} images cannot be read: see the column error "
            f"of {job.out}"
        )
