"""The models that a command takes: one, or several as an ensemble."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.errors import TenfoldError, UsageError, is_folder, path_exists

if TYPE_CHECKING:
    from tenfold.models import Ensemble, Model

__all__ = [
    "as_classifier",
    "check_model_name",
    "check_order",
    "check_runs_folder",
    "expand_models",
    "is_model",
    "kind_of_images",
    "open_members",
    "open_model",
    "open_single",
]


def open_model(path: Path, takes_data: bool = False) -> "Model":
    """Return the model in a file or run folder, or a bundled model.

    Args:
        path: Path or name of the model.
        takes_data: Whether the command has the option ``--data``, for the message.

    Raises:
        TenfoldError: If there is no model; the message says what was probably meant.
    """
    from tenfold.cli.shared.names import near_model
    from tenfold.models import find_model

    check_runs_folder(path)
    try:
        return find_model(path)
    except TenfoldError as error:
        if not path.exists():
            raise TenfoldError(f"{error}.{near_model(path) or _recipe_hint(path)}") from error
        if path.is_file() and (kind := kind_of_images(path)):
            hint = _data_hint(path) if takes_data else ""
            raise UsageError(f"{path} is {kind}, not a model{hint}") from error
        raise


def check_model_name(path: Path) -> None:
    """Raise a TenfoldError if a missing file is probably a model whose name is misspelt."""
    from tenfold.cli.shared.names import near_model

    if near := near_model(path):
        raise TenfoldError(f"there is no file {path}.{near}")


def open_members(
    paths: Sequence[Path], takes_data: bool = False
) -> "tuple[list[Path], list[Model]]":
    """Return models with their paths; for a series or an ensemble, those of its finished runs.

    Args:
        paths: Paths or names of the models.
        takes_data: As for ``open_model``.

    Raises:
        UsageError: If a model is given twice.
        TenfoldError: If there is no model at one of the paths.
    """
    expanded = expand_models(paths)
    twice = [path for index, path in enumerate(expanded) if path in expanded[:index]]
    if twice:
        raise UsageError(f"models must differ, got {twice[0]} twice")
    return expanded, [open_model(path, takes_data) for path in expanded]


def open_single(path: Path, *, reason: str, takes_data: bool = False) -> "tuple[Path, Model]":
    """Return a model and its path.

    The folder of a series or an ensemble is also accepted if exactly one of its runs is finished.

    Args:
        path: As for ``open_model``, or the folder of a series or an ensemble.
        reason: Why several models are an error, for the message, such as
            ``"export writes one model"``.
        takes_data: As for ``open_model``.

    Raises:
        UsageError: If there are several models.
        TenfoldError: If there is no model.
    """
    paths = expand_models([path])
    if len(paths) > 1:
        raise UsageError(
            f"{path} contains {len(paths)} models, and {reason}: choose one of them, such as "
            f"{paths[0]}"
        )
    return paths[0], open_model(paths[0], takes_data)


def check_order(command: str, paths: Sequence[Path]) -> None:
    """Raise a UsageError if a model comes after an image or after a file with images.

    Args:
        command: Name of the command, for the message.
        paths: The arguments of the command.
    """
    for path in paths:
        check_runs_folder(path)
    models = [path for path in paths if is_model(path)]
    images = [path for path in paths if path not in models]
    if list(paths) != [*models, *images]:
        from tenfold import shell  # only for errors

        names = shell.join([*models, *images])
        raise UsageError(f"models come before images: tenfold {command} {names}")


def check_runs_folder(path: Path) -> None:
    """Raise a UsageError for a folder of runs that is neither a series nor an ensemble."""
    if is_folder(path) and not is_model(path):
        from tenfold.files import files_in_subfolders

        inner = files_in_subfolders(path, "config.json")
        if inner:
            from tenfold import shell

            raise UsageError(
                f"{path} contains several runs: choose one of them, such as "
                f"{shell.quote(inner[0].parent)}"
            )


def expand_models(paths: Sequence[Path]) -> list[Path]:
    """Return the paths of models; for a series or an ensemble, those of its finished runs.

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
    if is_folder(path):
        return any(path_exists(path / name) for name in files)
    return refers_to_model(path)


def _recipe_hint(path: Path) -> str:
    """Return the hint for the name of a recipe; empty for other names."""
    from tenfold.recipes import ENSEMBLES, RECIPES

    name = str(path)
    return f" {name} is a recipe: tenfold train {name}" if name in RECIPES | ENSEMBLES else ""


def _data_hint(path: Path) -> str:
    """Return the hint how to use a file of images; empty for formats that are not read."""
    from tenfold import shell
    from tenfold.data import recognise_file

    known = recognise_file(path)
    if known is None or known.read is None:
        return ""
    return f": to use its images: --data {shell.quote(path)}"


def kind_of_images(path: Path) -> str:
    """Return what a file of images is, such as "an IDX images file"; empty for other files."""
    from tenfold.data import recognise_file
    from tenfold.data.other_formats import ONE_PICTURE

    known = recognise_file(path)
    if known is None:
        return ""
    return "a picture" if known is ONE_PICTURE else known.name
