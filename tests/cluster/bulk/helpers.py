"""A small network answers 2,600 images in parts of one batch."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.cluster.bulk.answering import Outcome, answer_all
from tenfold.cluster.bulk.jobs import BulkJob
from tenfold.cluster.bulk.tasks import carry_out_task
from tenfold.cluster.drive import Workers
from tenfold.cluster.jobs import Event
from tenfold.cluster.this_process import ThisProcess
from tenfold.data import Dataset
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.nn.array import Array


def small_network() -> Network:
    """Return a network with random weights."""
    return Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)


COUNT = 2600  # images
ROWS = small_network().batch  # images of one part


def many_images(digits: Dataset) -> Array:
    images = np.resize(digits.images, (COUNT, 28, 28, 1))
    images[100] = 7
    return images


def never() -> bool:
    return False


def answer(
    job: BulkJob, workers: Workers | None = None, stop: Callable[[], bool] = never
) -> Outcome:
    return answer_all(job, workers or ThisProcess(carry_out_task), stop, lambda done, total: None)


def stop_after(parts: int) -> Callable[[], bool]:
    """Return a function that asks to stop when a given number of parts are answered."""
    asked = iter(range(10**6))
    return lambda: next(asked) >= 2 * parts


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


class Recording(ThisProcess):
    """Notes which parts are answered."""

    def __init__(self) -> None:
        super().__init__(carry_out_task)
        self.answered: list[int] = []

    def next_event(self, seconds: float) -> Event | None:
        event = super().next_event(seconds)
        if event is not None and event.state == "finished":
            self.answered.append(int(event.name))
        return event
