"""The images that a model was trained on, and a search for them among other images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold import shell
from tenfold.data import Dataset
from tenfold.data.kaggle_csv import read_kaggle_csv
from tenfold.data.overlaps import copies_among
from tenfold.errors import TenfoldError
from tenfold.images.polarity import check_bytes
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.array import Array
from tenfold.recipes import ReaderSource
from tenfold.recipes.settings import recipe_from_json
from tenfold.runs.run import Run, open_run

__all__ = ["Seen", "run_of", "seen_images", "training_images"]


@dataclass(frozen=True)
class Seen:
    """Which images of an array are known to be training images of at least one of several models.

    Attributes:
        mask: Whether each image is known to be a training image, (N,) bool.
        models: Number of models.
        reasons: For each model whose training images are unknown, the reason for this.
    """

    mask: Array
    models: int = 1
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def unknown(self) -> str | None:
        """The sentence about models whose training images are unknown; None if there are none."""
        if not self.reasons:
            return None
        reason = f"({self.reasons[0]})"
        if self.models == 1:
            return f"the training images of this model are unknown {reason}"
        count = len(self.reasons)
        return (
            f"the training images of {count} of the {self.models} models of this ensemble are "
            f"unknown {reason if count == 1 else f'(the first: {self.reasons[0]})'}"
        )


@checked
def seen_images(
    images: Array, models: Sequence[PathLike], provenances: Sequence[Mapping[str, Any]]
) -> Seen:
    """Return which images at least one of several models was trained on.

    Args:
        images: Images, (N, H, W, C) uint8.
        models: Where the models come from: run folders, model files or names of bundled models.
        provenances: The provenance in each model file.

    Raises:
        ValueError: If the images have another dtype or number of axes, or models and provenances
            have different lengths.
    """
    check_bytes("images", images)
    if len(models) != len(provenances):
        raise ValueError(
            f"models and provenances must have the same length, got {len(models)} and "
            f"{len(provenances)}"
        )
    mask, reasons = np.zeros(len(images), bool), []
    for model, provenance in zip(models, provenances, strict=True):
        try:
            mask |= copies_among(images, training_images(model, provenance).images)
        except TenfoldError as error:
            reasons.append(str(error).rstrip("."))
    return Seen(mask, len(models), tuple(reasons))


@checked
def training_images(model: PathLike, provenance: Mapping[str, Any]) -> Dataset:
    """Return the images that a model was trained on.

    If a recipe adds generated images to the bundled images, only the bundled images are returned:
    generating takes minutes, and no other data contains the generated images.

    Args:
        model: Where the model comes from: a run folder, a model file or the name of a bundled
            model.
        provenance: The provenance in the model file.

    Raises:
        TenfoldError: If the images are unknown, missing or changed; the message says why.
    """
    if not provenance:
        raise TenfoldError("its file does not say what it was trained on")
    if "fine_tuned" in provenance:
        return _with_digits(model, provenance)
    try:
        recipe = recipe_from_json(provenance["recipe"])
        fingerprint = provenance["data"]["train"]
    except (KeyError, TypeError, TenfoldError) as error:
        raise TenfoldError("its file does not describe its training images") from error
    data = _path_of_images(model) if provenance.get("own_data", True) else None
    if data is None and isinstance(recipe.source, ReaderSource):
        return recipe.source.load_without_generated().train
    try:
        train = recipe.source.load(data).train
    except TenfoldError as error:
        if data is None or Path(data).exists():
            raise
        raise TenfoldError(
            f"they are no longer at {data}; if they were moved: tenfold train --resume "
            f"{shell.quote(_folder(model))} --data NEW_PATH"
        ) from error
    if train.fingerprint != fingerprint:
        raise TenfoldError(f"the images at {data or train.name} have changed since the training")
    return train


def _with_digits(model: PathLike, provenance: Mapping[str, Any]) -> Dataset:
    """Return the training images of the original model, and the digits of the fine-tuning.

    The images that fine-tuning mixes with the digits are training images of the original model.
    """
    original, data = provenance.get("original"), provenance.get("data")
    if not isinstance(original, dict) or not isinstance(data, dict):
        raise TenfoldError("its file does not describe its training images")
    path = _folder(model) / "digits.csv"
    digits = read_kaggle_csv(path)
    if digits.fingerprint != data.get("digits"):
        raise TenfoldError(f"the digits in {path} have changed since the model learned them")
    original_images = training_images(str(provenance["fine_tuned"]), original)
    parts = [original_images, digits]
    return Dataset(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.require_labels() for part in parts]),
        original_images.name,
    )


def _path_of_images(model: PathLike) -> str:
    """Return the path of the user's own images that a model was trained on."""
    run = run_of(model)
    if run is None:
        raise TenfoldError(
            "their path is stored only in the run folder, and the model is not in one"
        )
    if run.data is None:
        raise TenfoldError(f"{run.folder / 'config.json'} does not contain their path")
    return run.data


def run_of(model: PathLike) -> Run | None:
    """Return the run of a model; None if the path is not a run folder or the model file in one.

    Raises:
        TenfoldError: If ``config.json`` of the run is damaged.
    """
    path, folder = Path(model), _folder(model)
    if path not in (folder, folder / "model.safetensors") or not (folder / "config.json").exists():
        return None
    return open_run(folder)


def _folder(model: PathLike) -> Path:
    path = Path(model)
    return path if path.is_dir() else path.parent
