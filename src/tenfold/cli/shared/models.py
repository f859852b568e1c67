"""The models that a command takes: one, or several as an ensemble."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.errors import UsageError

if TYPE_CHECKING:
    from tenfold.models import Ensemble, Model

__all__ = ["as_classifier", "expand_models", "is_model"]


def expand_models(paths: Sequence[Path]) -> list[Path]:
    """Return the paths of models, a series or an ensemble replaced by its finished runs.

    Raises:
        TenfoldError: If no run of a series is finished, or its files are damaged.
    """
    from tenfold.runs import member_folders

    return [each for path in paths for each in member_folders(path) or [path]]


def as_classifier(models: "Sequence[Model]") -> "Model | Ensemble":
    """Return the only model, or an ensemble of several.

    Raises:
        UsageError: If the models have different classes or input shapes.
    """
    from tenfold.models import Ensemble

    if len(models) == 1:
        return models[0]
    try:
        return Ensemble(models)
    except ValueError as error:
        raise UsageError(str(error)) from error


def is_model(path: Path) -> bool:
    """Return whether a path is a model file, a folder of runs, or the name of a bundled model.

    A folder counts if it contains one of the files that tenfold writes for a run or a series.
    """
    from tenfold.models import refers_to_model

    files = ("model.safetensors", "config.json", "series.json", "ensemble.json")
    if path.is_dir():
        return any((path / name).exists() for name in files)
    return refers_to_model(path)
