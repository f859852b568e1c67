"""Runs: a recipe, a random seed, and the folder with all files of the run.

A run folder contains ``config.json`` (recipe, seed, data), ``environment.json`` (versions and
machine), ``records.jsonl`` (a line per epoch), ``layers.jsonl`` (layer statistics during training),
``metrics.json`` (results), ``predictions.npz`` (predictions for the held-out images) and
``model.safetensors``; while the run is not finished, also ``checkpoint.safetensors``.
"""

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tenfold import shell
from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.inspection import LayerRow
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.constraints import invalid
from tenfold.nn.random_streams import Seed
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.settings import recipe_from_json, recipe_to_json
from tenfold.runs.environment import describe_environment, versions
from tenfold.runs.json_fields import Fields, damaged, read_json
from tenfold.runs.layer_rows import read_layer_rows
from tenfold.runs.lock import locked
from tenfold.runs.records import read_records
from tenfold.runs.results import RunMetrics

__all__ = [
    "RUN_FILES",
    "Run",
    "claim_folder",
    "create_run",
    "newest_run",
    "open_run",
    "write_config",
]

_FORMAT = 1

RUN_FILES = (
    *("config.json", "environment.json", "records.jsonl", "layers.jsonl", "metrics.json"),
    *("predictions.npz", "model.safetensors", "checkpoint.safetensors"),
    *("series.json", "summary.json", "ensemble.json"),
)
"""Names of the files in the folder of a run, a series or an ensemble."""


@dataclass(frozen=True)
class Run:
    """One training run, finished or not.

    Attributes:
        recipe: The recipe.
        seed: Random seed, 0 to 2**64 - 1.
        folder: Folder with all files of the run.
        data: Path of the user's own images; None for the bundled ones.
        form: ``"as_written"`` or ``"corrected"`` for a classic, else empty.

    Raises:
        TenfoldError: If a value has the wrong type, or the seed is out of its range.
    """

    recipe: Recipe
    seed: Seed
    folder: Path
    data: str | None = None
    form: str = ""

    def __post_init__(self) -> None:
        try:
            check_fields(self)
        except ValueError as error:
            raise TenfoldError(str(error)) from error

    @property
    def checkpoint(self) -> Path:
        """The checkpoint file."""
        return self.folder / "checkpoint.safetensors"

    @property
    def model(self) -> Path:
        """The model file."""
        return self.folder / "model.safetensors"

    @property
    def records_file(self) -> Path:
        """The file with a line for each epoch."""
        return self.folder / "records.jsonl"

    @property
    def layers_file(self) -> Path:
        """The file with a line for each layer at each measured step."""
        return self.folder / "layers.jsonl"

    @property
    def finished(self) -> bool:
        """Whether the run is finished."""
        return (self.folder / "metrics.json").exists()

    def results(self) -> RunMetrics:
        """Return the results, checked.

        Raises:
            TenfoldError: If the run is not finished, or ``metrics.json`` is damaged.
        """
        if not self.finished:
            raise TenfoldError(
                f"{self.folder} contains an unfinished run: "
                f"continue it with tenfold train --resume {shell.quote(self.folder)}"
            )
        return RunMetrics.read(self.folder / "metrics.json")

    def metrics(self) -> dict[str, Any]:
        """Return the content of ``metrics.json`` as plain data, checked as by ``results``.

        Raises:
            TenfoldError: If the run is not finished, or ``metrics.json`` is damaged.
        """
        return self.results().to_dict()

    def records(self) -> list[dict[str, Any]]:
        """Return the epoch records so far (``read_records``)."""
        return read_records(self.records_file)

    def layers(self) -> list[LayerRow]:
        """Return the layer rows so far (``read_layer_rows``); empty if no layer was measured."""
        return read_layer_rows(self.layers_file)

    def provenance(self) -> dict[str, Any]:
        """Return the origin of the model, for the model file, as plain data."""
        return {
            "recipe": recipe_to_json(self.recipe),
            "seed": self.seed,
            "form": self.form,
            "own_data": self.data is not None,
            "versions": versions(),
        }


@checked
def create_run(run: Run) -> Run:
    """Create the folder of a run, with its configuration and environment.

    Returns:
        The run itself.

    Raises:
        TenfoldError: If the folder already contains a run, even an incomplete one, or cannot be
            written.
    """
    _check_free(run.folder)  # also before locking, which would add a file to the folder
    with locked(make_folder(run.folder)):
        _check_free(run.folder)
        write_json(run.folder / "environment.json", describe_environment())
        write_config(run)
    return run


def _check_free(folder: Path) -> None:
    """Raise a TenfoldError if a folder is part of a run or contains (even incomplete) runs."""
    if (folder / "config.json").exists():
        raise TenfoldError(
            f"{folder} already contains a run: continue it (tenfold train --resume "
            f"{shell.quote(folder)}), or choose another folder (--out)"
        )
    if (folder.parent / "config.json").exists():
        raise TenfoldError(
            f"{folder} is in the folder of another run, {folder.parent}: choose another folder "
            "(--out)"
        )
    if inner := next(folder.glob("*/config.json"), None):
        raise TenfoldError(
            f"{folder} contains other runs, such as {inner.parent}: choose another folder (--out)"
        )
    # If there is only environment.json, a program was killed before it wrote config.json.
    names = [each for each in RUN_FILES if each != "environment.json"]
    if left := [each for each in names if (folder / each).exists()]:
        raise TenfoldError(
            f"{folder} contains {', '.join(left)}, but no config.json: choose another folder "
            "(--out), or remove these files first"
        )


def write_config(run: Run) -> None:
    """Write ``config.json`` of a run.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    config = {
        "format": _FORMAT,
        "recipe": recipe_to_json(run.recipe),
        "seed": run.seed,
        "data": run.data,
        "form": run.form,
    }
    write_json(run.folder / "config.json", config)


@checked
def open_run(folder: PathLike) -> Run:
    """Return the run in a folder.

    Raises:
        TenfoldError: If the folder contains no run, or the run is damaged or of an unknown format.
    """
    path = Path(folder) / "config.json"
    if not path.exists() and (inner := next(Path(folder).glob("*/config.json"), None)):
        raise TenfoldError(
            f"{folder} contains several runs: choose one of them, such as {inner.parent}"
        )
    if not path.exists():
        raise TenfoldError(
            f"{folder} contains no run (no {path.name}): choose a folder that tenfold train has "
            "created, such as runs/001-mlp"
        )
    fields = Fields(read_json(path), path)
    if (number := fields.count("format")) != _FORMAT:
        raise TenfoldError(
            f"{path} has format {number}, and this version of tenfold reads format {_FORMAT}: use "
            "the version that wrote it, or train again"
        )
    config = fields.data
    try:
        recipe = recipe_from_json(config["recipe"])
        return Run(recipe, config["seed"], Path(folder), config["data"], config["form"])
    except KeyError as error:
        raise damaged(path, f"{error.args[0]} is missing") from error
    except TenfoldError as error:
        raise damaged(path, str(error).rstrip(".")) from error


@checked
def claim_folder(root: PathLike, name: str) -> Path:
    """Create the next free numbered folder: ``runs/001-mlp``, ``runs/002-mlp``, ...

    Two processes never get the same folder.

    Raises:
        TenfoldError: If the folder cannot be created.
        ValueError: If the name is empty or contains a slash or a null byte.
    """
    if not name or "\0" in name or "/" in name:
        raise invalid("name", "part of the name of a folder", name)
    folder = make_folder(root)
    taken = [
        int(match[1]) for path in folder.iterdir() if (match := re.match(r"(\d+)-", path.name))
    ]
    for number in count(max(taken, default=0) + 1):
        claimed = folder / f"{number:03d}-{name}"
        try:
            claimed.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise TenfoldError(f"cannot write {claimed}: {error.strerror}") from error
        return claimed
    raise AssertionError("count() has no end")


@checked
def newest_run(root: PathLike) -> Run:
    """Return the run inside a folder that was finished last.

    Raises:
        TenfoldError: If there is no finished run.
    """
    finished = [path for path in Path(root).rglob("metrics.json") if path.is_file()]
    if not finished:
        raise TenfoldError(
            f"{root} contains no finished run: train one with tenfold train, or choose the folder "
            "of a run"
        )
    return open_run(max(finished, key=lambda path: (path.stat().st_mtime_ns, path)).parent)
