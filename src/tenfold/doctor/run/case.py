"""The run under examination, and the content of its folder."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.nn import Network
from tenfold.recipes import Split, train_command
from tenfold.runs import (
    PartPredictions,
    Run,
    RunMetrics,
    chance_cause,
    load_images,
    read_predictions,
)

__all__ = ["RECIPE_FAULTS", "Records", "RunCase", "open_case"]

Records = Sequence[dict[str, Any]]

RECIPE_FAULTS = frozenset(
    {"small-batches", "inputs-unscaled", "dead-network", "one-batch", "learning-rate"}
)
"""Names of serious findings about a recipe; each explains a bad result of a run."""


@dataclass(frozen=True)
class RunCase:
    """A run under examination.

    Attributes:
        run: The run.
        command: The command that trains the recipe; fixes add settings to the command.
        records: Epoch records of the run so far.
        metrics: Results of the run; None if it is unfinished.
        predictions: Predictions for the test images, else for the validation images; None if
            the folder contains none.
        split: Images of the run; None if they can no longer be read.
        data_error: Why the images cannot be read; empty if they can.
        chance: Why the run is no better than a guess (``chance_cause``); None if it is better.
    """

    run: Run
    command: str
    records: Records = ()
    metrics: RunMetrics | None = None
    predictions: PartPredictions | None = None
    split: Split | None = None
    data_error: str = ""
    chance: str | None = None

    @property
    def learning_rate(self) -> float:
        """The recipe's highest learning rate."""
        return self.run.recipe.schedule.learning_rate

    @property
    def selective(self) -> bool:
        """Whether difficult images were used more often than easy ones (selective training)."""
        return self.run.recipe.selective is not None

    @property
    def diverged(self) -> bool:
        """Whether training diverged: the run has a model, but no metrics."""
        return self.metrics is None and self.run.model.exists()

    @cached_property
    def network(self) -> Network:
        """The trained network.

        Raises:
            TenfoldError: If the model file cannot be read.
        """
        return load_model(self.run.model).network


def open_case(run: Run) -> RunCase:
    """Read the files of a run folder, and the data of the run.

    Raises:
        TenfoldError: If one of the files is damaged.
    """
    split, data_error = None, ""
    try:
        split = load_images(run)
        split = replace(split, train=split.train.in_memory())
    except TenfoldError as error:
        data_error = str(error)
    has_predictions = run.finished and (run.folder / "predictions.npz").exists()
    return RunCase(
        run,
        train_command(run.recipe, run.data, run.seed or None),
        run.records(),
        run.results() if run.finished else None,
        read_predictions(run) if has_predictions else None,
        split,
        data_error,
        chance_cause(run) if has_predictions else None,
    )
