"""One network that is trained for a page: its steps, and the measurements between them."""

import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from tenfold.doctor.check import run_checks
from tenfold.doctor.run.case import RunCase
from tenfold.doctor.run.examination import RUN_CHECKS
from tenfold.inspection import LayerMonitor
from tenfold.nn import Network, softmax
from tenfold.recipes import Split, train_command
from tenfold.runs import Live, Run, chance_cause, execute, open_run, read_predictions
from tenfold.studio.jobs.hints import hints
from tenfold.threads import cores
from tenfold.training import Batches, DivergenceError, EpochRecord, Record, StepRecord

__all__ = ["PREVIEWS", "Runner"]

PREVIEWS = 24
"""Number of validation digits whose predictions are shown during training."""

_MEASURE_SECONDS = 0.5
_ANNEALED = 0.1  # the rate is annealed below this share of the highest learning rate
_SENT_METRICS = ("loss", "accuracy")  # sent at the end, for validation and test images


class Runner(Live):
    """Trains one run step by step, and sends events through a pipe.

    Args:
        index: Number of the network among those that are trained together.
        run: The run.
        split: The data of the run.
        connection: The pipe. Events are tuples: ``(kind, index, ...)``.

    Attributes:
        stopping: Set it to stop the run at its next record.
        measure_every_step: Whether to measure the layers of the network after every step,
            rather than at intervals.
    """

    def __init__(self, index: int, run: Run, split: Split, connection: Connection) -> None:
        self.index, self.run, self.split, self._connection = index, run, split, connection
        self.stopping, self.measure_every_step = False, False
        self._pending: list[str] = []
        self._losses: list[float] = []
        self._epochs: list[dict[str, Any]] = []
        self._position: dict[str, Any] = {}  # step, epoch and learning rate
        self._monitor: LayerMonitor | None = None
        self._measured_at = 0.0
        self._records: Iterator[Record] = execute(
            run,
            split,
            stop=lambda: self.stopping,
            threads=max(1, cores() - 1),
            live=self,
        )

    def advance(self) -> Record | None:
        """Make the next step and return its record; at the end, send the reason and return None."""
        try:
            record = next(self._records, None)
        except DivergenceError as error:
            self.flush()
            self._connection.send(("diverged", self.index, str(error)))
            return None
        if record is None:
            self.flush()
            self._send_end()
        elif isinstance(record, EpochRecord):
            self._epochs.append(record.to_dict())
        return record

    def change(self, settings: Sequence[str]) -> None:
        """Change settings from the next step on."""
        self._pending += settings

    def flush(self) -> None:
        """Send the losses and records since the last call."""
        if self._losses or self._epochs:
            self._connection.send(
                ("progress", self.index, self._losses, self._epochs, self._position)
            )
            self._losses, self._epochs = [], []

    def saw(self, network: Network, record: Record) -> None:
        """Store the loss of the step that ``fit`` has made; at intervals, measure the layers.

        See ``Live.saw``. The interval is half a second, or one step.
        """
        if not isinstance(record, StepRecord):
            return
        self._losses.append(record.loss)
        self._monitor = self._monitor or self._new_monitor(network, record.step)
        self._position = {
            "step": record.step + 1,
            "epoch": record.epoch,
            "rate": record.learning_rate,
        }
        if rows := self._monitor.after_step(record.step):
            rows = [{k: v for k, v in row.items() if k != "histograms"} for row in rows]
            annealed = record.learning_rate < _ANNEALED * self.run.recipe.schedule.learning_rate
            found = hints(rows, record.step, record.loss, annealed)
            self._connection.send(("layers", self.index, record.step + 1, rows, found))
            self._preview(network)
        if self.measure_every_step or time.monotonic() - self._measured_at > _MEASURE_SECONDS:
            self._monitor.measure_next()
            self._measured_at = time.monotonic()

    def settings(self) -> Sequence[str]:
        """Return the settings that were changed since the last call."""
        settings, self._pending = self._pending, []
        return settings

    def _new_monitor(self, network: Network, step: int) -> LayerMonitor:
        recipe = self.run.recipe
        batches = Batches(network, self.split.train, recipe.batch_size, shards=recipe.shards)
        total = recipe.epochs * len(batches)
        self._connection.send(("begins", self.index, step, total, network.theta.value.size))
        return LayerMonitor(network, batches, recipe.epochs, step)

    def _preview(self, network: Network) -> None:
        held_out = self.split.validation or self.split.test
        if held_out is not None:
            with np.errstate(all="ignore"):  # the weights of a diverging network may overflow
                probabilities = softmax(network.forward(held_out.images[:PREVIEWS]))
            found = (probabilities.argmax(axis=1), probabilities.max(axis=1))
            self._connection.send(("preview", self.index, *(each.tolist() for each in found)))

    def _send_end(self) -> None:
        if not self.run.finished:
            self._connection.send(("stopped", self.index))
            return
        results = self.run.metrics()
        parts = {
            part: {name: results[part][name] for name in _SENT_METRICS}
            for part in ("validation", "test")
            if results.get(part)
        }
        self._connection.send(("finished", self.index, parts))
        findings = run_checks(RUN_CHECKS, self._case())
        words = [
            f"{_capital(each.what)}: {each.evidence}. Likely cause: {each.cause}."
            for each in findings
        ]
        self._connection.send(("findings", self.index, words))

    def _case(self) -> RunCase:
        """Return the finished run for the checks of the doctor, with the data that was loaded."""
        run = open_run(self.run.folder)  # with the changes in its recipe
        return RunCase(
            run,
            train_command(run.recipe, None, run.seed or None),
            run.records(),
            run.results(),
            read_predictions(run),
            self.split,
            chance=chance_cause(run),  # why the run is no better than a guess
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
