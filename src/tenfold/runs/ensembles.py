"""Ensembles: several networks, each trained by a recipe of its own, that predict together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.evaluation import score, uncontested
from tenfold.files import make_folder, write_json
from tenfold.models import Ensemble, load_model
from tenfold.recipes import RECIPES, EnsembleRecipe, Split
from tenfold.runs.execution import Stop, never
from tenfold.runs.run import Run
from tenfold.runs.series import Series, execute_series, open_series
from tenfold.training import Record

__all__ = ["assemble", "execute_ensemble", "measure_ensemble"]

_FILE = "ensemble.json"


def assemble(ensemble: EnsembleRecipe, folder: Path, data: str | None = None) -> list[Series]:
    """Return the series of the members, one folder for each recipe; missing ones are created.

    Networks that are already there are kept, whatever they were trained for.

    Raises:
        TenfoldError: If a folder holds a series that is not the member's.
    """
    members = []
    for name, count in ensemble.members.items():
        series = open_series(make_folder(folder) / name)
        if series is None:
            series = Series.begin(Run(RECIPES[name], 0, folder / name, data), count)
        first = series.first
        if (first.recipe, first.seed, first.data) != (RECIPES[name], 0, data) or (
            series.count < count
        ):
            raise TenfoldError(
                f"{series.folder} must hold {count} seeds of {name}, from 0, but holds another "
                "series: choose another folder (--out)"
            )
        members.append(series)
    return members


def execute_ensemble(
    ensemble: EnsembleRecipe,
    folder: Path,
    data: str | None = None,
    *,
    split: Split | None = None,
    stop: Stop = never,
    checkpoint_seconds: float = 10.0,
    threads: int | None = None,
) -> Iterator[tuple[Run, Record]]:
    """Train the members of an ensemble that are not finished yet, yielding (run, record).

    Args:
        ensemble: Which networks.
        folder: Where they are kept.
        data: Path of the user's own images; None for the bundled ones.
        split: The data, loaded; loaded when it is needed by default.
        stop: As for ``execute_series``; also ``checkpoint_seconds`` and ``threads``.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: As for ``fit``.

    Raises:
        DivergenceError: If a training diverges.
        TenfoldError: If a folder holds a series that is not the member's.
    """
    for series, count in zip(
        assemble(ensemble, folder, data), ensemble.members.values(), strict=True
    ):
        yield from execute_series(
            series,
            count=count,
            split=split,
            stop=stop,
            checkpoint_seconds=checkpoint_seconds,
            threads=threads,
        )
        if not all(series.run(index).finished for index in range(count)):
            return


def measure_ensemble(
    ensemble: EnsembleRecipe, members: list[Series], split: Split
) -> dict[str, Any]:
    """Return the metrics of the members together, and write them to ``ensemble.json``.

    Args:
        ensemble: Which networks.
        members: Their series, finished.
        split: The data that they were trained on.

    Raises:
        TenfoldError: If a member is not finished, or its model cannot be read.
    """
    runs = [
        series.run(index)
        for series, count in zip(members, ensemble.members.values(), strict=True)
        for index in range(count)
    ]
    each = [run.metrics() for run in runs]
    together = Ensemble([load_model(run.model) for run in runs])
    metrics: dict[str, Any] = {
        "recipe": ensemble.name,
        "members": [
            {"recipe": alone["recipe"], "seed": alone["seed"]}
            | {part: alone[part]["accuracy"] for part in ("validation", "test") if part in alone}
            for alone in each
        ],
        "parameters": sum(alone["parameters"] for alone in each),
        "multiply_adds": sum(alone["multiply_adds"] for alone in each),
        "seconds": {"train": sum(alone["seconds"]["train"] for alone in each)},
    }
    for part, images in (("validation", split.validation), ("test", split.test)):
        if images is not None:
            result = score(together, images)
            metrics[part] = result.to_dict()
            if (others := uncontested(result, images)) is not None:
                metrics[part]["uncontested"] = others
    write_json(members[0].folder.parent / _FILE, metrics)
    return metrics
