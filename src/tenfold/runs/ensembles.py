"""Ensembles: recipes whose networks answer together, each trained by a recipe of its own."""

from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.evaluation import score, uncontested
from tenfold.files import make_folder, write_json
from tenfold.models import Ensemble, load_model
from tenfold.recipes import RECIPES, EnsembleRecipe, Split
from tenfold.runs.run import Run
from tenfold.runs.series import Series, open_series

__all__ = ["assemble", "measure_ensemble"]

_FILE = "ensemble.json"


def assemble(ensemble: EnsembleRecipe, folder: Path, data: str | None = None) -> list[Series]:
    """Return the series of the members, one folder for each recipe, begun where there is none.

    What is there already is kept: an ensemble is made of networks that were trained anyway.

    Raises:
        TenfoldError: if a folder holds a series that is not the member's.
    """
    found = []
    for name, count in ensemble.members.items():
        series = open_series(make_folder(folder) / name)
        if series is None:
            series = Series.begin(Run(RECIPES[name], 0, folder / name, data), count)
        first = series.first
        if (first.recipe, first.seed, first.data) != (RECIPES[name], 0, data) or (
            series.count < count
        ):
            raise TenfoldError(
                f"{series.folder} holds another series than {count} seeds of {name}, from 0 on: "
                "choose another folder (--out)"
            )
        found.append(series)
    return found


def measure_ensemble(
    ensemble: EnsembleRecipe, assembled: list[Series], split: Split
) -> dict[str, Any]:
    """Return how good the members are together, and write it to ``ensemble.json`` beside them.

    Args:
        ensemble: which.
        assembled: its members' series, finished.
        split: the data they were trained on.

    Raises:
        TenfoldError: if a member is not finished, or its model cannot be read.
    """
    runs = [
        series.run(index)
        for series, count in zip(assembled, ensemble.members.values(), strict=True)
        for index in range(count)
    ]
    each = [run.metrics() for run in runs]
    together = Ensemble([load_model(run.model) for run in runs])
    metrics: dict[str, Any] = {
        "recipe": ensemble.name,
        "members": [
            {"recipe": found["recipe"], "seed": found["seed"]}
            | {part: found[part]["accuracy"] for part in ("validation", "test") if part in found}
            for found in each
        ],
        "parameters": sum(found["parameters"] for found in each),
        "multiply_adds": sum(found["multiply_adds"] for found in each),
        "seconds": {"train": sum(found["seconds"]["train"] for found in each)},
    }
    for part, images in (("validation", split.validation), ("test", split.test)):
        if images is not None:
            result = score(together, images)
            metrics[part] = result.to_dict()
            if (others := uncontested(result, images)) is not None:
                metrics[part]["uncontested"] = others
    write_json(assembled[0].folder.parent / _FILE, metrics)
    return metrics
