"""Ensembles: several trained networks that predict together."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.evaluation import score, uncontested
from tenfold.files import make_folder, write_json
from tenfold.models import Ensemble, load_model
from tenfold.nn.arguments import PathLike, checked
from tenfold.recipes import RECIPES, EnsembleRecipe, Split
from tenfold.runs.execution import Seconds, Stop, never_stop
from tenfold.runs.run import Run
from tenfold.runs.series import Series, execute_series, open_series
from tenfold.training import SINGLE_PROCESS, Record, Team
from tenfold.training.loop import Threads

__all__ = ["ENSEMBLE_FILE", "evaluate_ensemble", "execute_ensemble", "prepare_ensemble"]

ENSEMBLE_FILE = "ensemble.json"
"""File with the metrics of an ensemble, in its folder."""


@checked
def prepare_ensemble(
    ensemble: EnsembleRecipe, folder: PathLike, data: str | None = None
) -> list[Series]:
    """Return the series of the members, one for each recipe; missing series are created.

    An existing series is used, even if it has more seeds than needed.

    Args:
        ensemble: The recipes and numbers of seeds.
        folder: Folder of the ensemble; each series is in a subfolder with the name of its recipe.
        data: Path of the user's own images; None for the bundled ones.

    Raises:
        TenfoldError: If a subfolder contains another series.
    """
    path, members = Path(folder), []
    for name, count in ensemble.members.items():
        series = open_series(make_folder(path) / name)
        if series is None:
            series = Series.begin(Run(RECIPES[name], 0, path / name, data), count)
        first = series.first
        if (first.recipe, first.seed, first.data) != (RECIPES[name], 0, data) or (
            series.count < count
        ):
            raise TenfoldError(
                f"{series.folder} must contain {count} seeds of {name}, from 0, but it contains "
                "another series: choose another folder (--out)"
            )
        members.append(series)
    return members


@checked
def execute_ensemble(
    ensemble: EnsembleRecipe,
    folder: PathLike,
    data: str | None = None,
    *,
    split: Split | None = None,
    stop: Stop = never_stop,
    checkpoint_seconds: Seconds = 10.0,
    threads: Threads | None = None,
    team: Team = SINGLE_PROCESS,
) -> Iterator[tuple[Run, Record]]:
    """Train the members of an ensemble that are not finished yet, yielding (run, record).

    Args:
        ensemble: The recipes and numbers of seeds.
        folder: Folder of the ensemble.
        data: Path of the user's own images; None for the bundled ones.
        split: The data, the same for all runs; by default it is loaded when it is needed.
        stop: Called after each record; if it returns True, a checkpoint is written and the
            generator ends.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads, as for ``fit``.
        team: The processes that train each run together, as for ``execute``.

    Raises:
        DivergenceError: If a training run diverges.
        TenfoldError: If a subfolder contains another series.
    """
    for series, count in zip(
        prepare_ensemble(ensemble, folder, data), ensemble.members.values(), strict=True
    ):
        yield from execute_series(
            series,
            count=count,
            split=split,
            stop=stop,
            checkpoint_seconds=checkpoint_seconds,
            threads=threads,
            team=team,
        )
        if not all(series.run(index).finished for index in range(count)):
            return


@checked
def evaluate_ensemble(
    ensemble: EnsembleRecipe, members: Sequence[Series], split: Split
) -> dict[str, Any]:
    """Return the metrics of the ensemble, and write them to ``ensemble.json``.

    Args:
        ensemble: The recipes and numbers of seeds.
        members: The finished series, from ``prepare_ensemble``.
        split: The data that the members were trained on.

    Raises:
        TenfoldError: If a member is not finished, or its files are damaged.
    """
    runs = [
        series.run(index)
        for series, count in zip(members, ensemble.members.values(), strict=True)
        for index in range(count)
    ]
    results = [run.results() for run in runs]
    operations = [each.multiply_adds for each in results if each.multiply_adds is not None]
    combined = Ensemble([load_model(run.model) for run in runs])
    metrics: dict[str, Any] = {
        "recipe": ensemble.name,
        "members": [
            {"recipe": each.recipe, "seed": each.seed}
            | {name: part.accuracy for name, part in each.parts.items() if name != "train"}
            for each in results
        ],
        "parameters": sum(each.parameters for each in results),
        "multiply_adds": sum(operations) if len(operations) == len(results) else None,
        "seconds": {"train": sum(each.train_seconds for each in results)},
    }
    for part, images in (("validation", split.validation), ("test", split.test)):
        if images is not None:
            result = score(combined, images)
            metrics[part] = result.to_dict()
            if (undisputed := uncontested(result, images)) is not None:
                metrics[part]["uncontested"] = undisputed
    write_json(members[0].folder.parent / ENSEMBLE_FILE, metrics)
    return metrics
