"""The driver: it reads a source, gives parts of it to workers, and writes their answers."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tenfold.cluster.bulk.jobs import BulkJob
from tenfold.cluster.bulk.parts import FinishedPart, Parts, open_parts
from tenfold.cluster.bulk.tasks import BulkTask, Items
from tenfold.cluster.drive import Workers
from tenfold.data.streams import EncodedPicture, ImageStream, open_stream
from tenfold.errors import TenfoldError

__all__ = ["Outcome", "answer_all"]

_PAUSE = 0.2  # seconds between two checks whether to stop
_AHEAD = 1  # parts that wait for a worker
_BYTES = 2**23  # a part ends at this size, so a part of large pictures has few pictures


@dataclass(frozen=True)
class Outcome:
    """The result of a job.

    Attributes:
        count: Number of answers.
        errors: Number of answers that are errors.
        whole: Whether the file of answers is complete; False if the job was stopped.
    """

    count: int
    errors: int
    whole: bool


def answer_all(
    job: BulkJob,
    workers: Workers,
    stop: Callable[[], bool],
    progress: Callable[[int, int | None], None],
) -> Outcome:
    """Answer the images of a source from the first one that has no answer, and write the file.

    The file depends neither on the workers nor on whether the command was interrupted. Memory
    holds one part for each worker, and one more.

    Args:
        job: The images, and how to answer them.
        workers: The workers; they carry out tasks with ``carry_out_task``.
        stop: If it returns True, no further part is begun.
        progress: Called with the number of answers and the number of images (None if unknown).

    Raises:
        TenfoldError: If the source cannot be read, the file was begun with other settings, or a
            part cannot be answered.
    """
    answer_format, settings = job.answer_format, job.settings()
    with open_parts(job.out, settings) as parts:
        with open_stream(job.source, job.split, labels=False) as stream:
            tasks = _tasks(job, stream, parts)
            progress(parts.count, stream.count)
            for _ in _carry_out(tasks, workers, parts, stop):
                progress(parts.count, stream.count)
        whole = not stop()
        outcome = Outcome(parts.count, parts.errors, whole)
        if whole:
            parts.join(job.out, answer_format, job.table)
    return outcome


def _tasks(job: BulkJob, stream: ImageStream, parts: Parts) -> Iterator[BulkTask]:
    """Yield the tasks of the parts that are not finished."""
    token = secrets.token_hex(8)
    for number, items in enumerate(_items(stream, job.rows_per_part, parts.end)):
        if number == 0:
            job.examine(items)
        if items.first not in parts.finished:
            yield job.task(items, token)


def _items(stream: ImageStream, rows: int, start: int) -> Iterator[Items]:
    """Yield the items of a stream from a position on, in parts."""
    if stream.pictures is not None:
        yield from _in_parts(stream.pictures(start), rows, start)
        return
    for batch in stream.batches(rows, start):
        yield Items(batch.first, batch.names, batch.images, (), batch.errors)


def _in_parts(pictures: Iterable[EncodedPicture], rows: int, position: int) -> Iterator[Items]:
    """Yield the content of pictures in parts. A part has fewer pictures if they are large."""
    names: list[str] = []
    contents: list[bytes] = []
    errors: dict[int, str] = {}
    size = 0
    for picture in pictures:
        try:
            content = picture.read()
        except TenfoldError as error:
            content, errors[len(names)] = b"", str(error)
        names.append(picture.name)
        contents.append(content)
        size += len(content)
        if len(names) == rows or size >= _BYTES:
            yield Items(position, names, None, contents, errors)
            position += len(names)
            names, contents, errors, size = [], [], {}, 0
    if names:
        yield Items(position, names, None, contents, errors)


def _carry_out(
    tasks: Iterator[BulkTask], workers: Workers, parts: Parts, stop: Callable[[], bool]
) -> Iterator[FinishedPart]:
    """Carry out tasks, a few at a time. Write and yield the finished part of each task."""
    running: set[str] = set()
    while True:
        while len(running) < workers.slots + _AHEAD and not stop():
            task = next(tasks, None)
            if task is None:
                break
            running.add(task.name)
            workers.submit(task)
        if not running:
            return
        if stop():
            for name in running:
                workers.stop(name)
        event = workers.next_event(_PAUSE)
        if event is None or event.name not in running or not event.ended:
            continue
        running.remove(event.name)
        if event.state == "failed":
            raise TenfoldError(
                f"the images from row {event.name} on cannot be answered: {event.error}. The "
                "earlier answers are kept: repeat the command to continue"
            )
        for name, content in event.files.items():
            yield parts.save(name, content)
