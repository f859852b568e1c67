"""Run: a recipe, a seed and a folder. It can be stopped, resumed and looked at.

A run folder holds ``config.json`` (what was asked for), ``environment.json`` (where it ran),
``records.jsonl`` (how it went), ``layers.jsonl`` (what was seen inside the network meanwhile),
``metrics.json`` (what came out), ``predictions.npz`` (its answers on the held-out images) and
``model.safetensors``; until it is finished, ``checkpoint.safetensors``.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.inspection import LayerRow
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.settings import recipe_from_json, recipe_to_json
from tenfold.runs.environment import describe_environment, versions
from tenfold.runs.json_fields import read_json
from tenfold.runs.layer_rows import read_layer_rows
from tenfold.runs.records import read_records
from tenfold.runs.results import RunMetrics

__all__ = ["Run", "create_run", "newest_run", "next_folder", "open_run"]

_FORMAT = 1


@dataclass(frozen=True)
class Run:
    """One experiment, perhaps half done.

    Attributes:
        recipe: what is carried out.
        seed: of everything random in it.
        folder: where everything is kept.
        data: path of the user's own data; None for the bundled images.
        form: ``"as_written"`` or ``"corrected"`` for a classic, else empty.
    """

    recipe: Recipe
    seed: int
    folder: Path
    data: str | None = None
    form: str = ""

    def __post_init__(self) -> None:
        whole = isinstance(self.seed, int) and not isinstance(self.seed, bool)
        if not whole or not 0 <= self.seed < 2**64:
            raise TenfoldError(f"a seed is a whole number from 0 to 2**64 - 1, not {self.seed!r}")

    @property
    def checkpoint(self) -> Path:
        """The file to go on from."""
        return self.folder / "checkpoint.safetensors"

    @property
    def model(self) -> Path:
        """The trained network's file."""
        return self.folder / "model.safetensors"

    @property
    def records_file(self) -> Path:
        """The file with a line for each epoch."""
        return self.folder / "records.jsonl"

    @property
    def layers_file(self) -> Path:
        """The file with a line for each layer at each step that was watched."""
        return self.folder / "layers.jsonl"

    @property
    def finished(self) -> bool:
        """Whether the run came to its end."""
        return (self.folder / "metrics.json").exists()

    def results(self) -> RunMetrics:
        """Return the results, checked.

        Raises:
            TenfoldError: If the run is not finished, or ``metrics.json`` is damaged.
        """
        if not self.finished:
            raise TenfoldError(
                f"{self.folder} holds an unfinished run: "
                f"go on with tenfold train --resume {self.folder}"
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
        """Return the layer rows so far (``read_layer_rows``); empty if no layer was watched."""
        return read_layer_rows(self.layers_file)

    def provenance(self) -> dict[str, Any]:
        """Return what a model file says about where the model comes from."""
        return {
            "recipe": recipe_to_json(self.recipe),
            "seed": self.seed,
            "form": self.form,
            "own_data": self.data is not None,
            "versions": versions(),
        }


def create_run(run: Run) -> Run:
    """Make the run's folder and write down what was asked for and where.

    Raises:
        TenfoldError: if the folder already holds a run or cannot be written.
    """
    if (run.folder / "config.json").exists():
        raise TenfoldError(
            f"{run.folder} already holds a run: go on with it (tenfold train --resume "
            f"{run.folder}), or choose another folder (--out)"
        )
    make_folder(run.folder)
    write_json(run.folder / "environment.json", describe_environment())
    config = {
        "format": _FORMAT,
        "recipe": recipe_to_json(run.recipe),
        "seed": run.seed,
        "data": run.data,
        "form": run.form,
    }
    write_json(run.folder / "config.json", config)
    return run


def open_run(folder: str | Path) -> Run:
    """Return the run that a folder holds.

    Raises:
        TenfoldError: if it holds none, or one of another version.
    """
    path = Path(folder) / "config.json"
    if not path.exists():
        raise TenfoldError(
            f"{folder} holds no run (there is no {path.name} in it): name a folder that "
            "tenfold train has made, such as runs/001-mlp"
        )
    config = read_json(path)
    if not isinstance(config, dict) or config.get("format") != _FORMAT:
        raise TenfoldError(f"{path} was written by another version of tenfold: train again")
    try:
        recipe, data, form = recipe_from_json(config["recipe"]), config["data"], config["form"]
        if not isinstance(data, (str, NoneType)) or not isinstance(form, str):
            raise TenfoldError(f"{path} is damaged: its data or form is no text. Train again.")
        return Run(recipe, config["seed"], Path(folder), data, form)
    except KeyError as error:
        raise TenfoldError(f"{path} is damaged: it lacks {error}. Train again.") from error


def next_folder(root: str | Path, name: str) -> Path:
    """Return the next free numbered folder: ``runs/001-mlp``, ``runs/002-mlp``, ..."""
    taken = [
        int(match[1])
        for path in (Path(root).iterdir() if Path(root).is_dir() else ())
        if (match := re.match(r"(\d+)-", path.name))
    ]
    return Path(root) / f"{max(taken, default=0) + 1:03d}-{name}"


def newest_run(root: str | Path) -> Run:
    """Return the run under a folder, at any depth, that was finished last.

    Raises:
        TenfoldError: if there is none.
    """
    finished = [path for path in Path(root).rglob("metrics.json") if path.is_file()]
    if not finished:
        raise TenfoldError(
            f"there is no finished run under {root}: train one with tenfold train, or name the "
            "folder of a run"
        )
    return open_run(max(finished, key=lambda path: (path.stat().st_mtime_ns, path)).parent)
