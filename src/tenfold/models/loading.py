"""Loading a model from its file, from a run folder, or by the name of a bundled model."""

import difflib
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError, is_folder, missing_advice, path_exists
from tenfold.images import normalize_like_mnist
from tenfold.models.bundled import DEFAULT_MODEL, bundled_models
from tenfold.models.model import MODEL_FORMAT, Model
from tenfold.models.tensor_file import HEADER_ERRORS, read_tensors
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.description import UnknownTypeError

__all__ = ["find_model", "load_model", "refers_to_model"]


@checked
def load_model(path: PathLike) -> Model:
    """Read a model from a file that ``Model.save`` wrote, in this version or an older one.

    Args:
        path: Path of the model file.

    Raises:
        TenfoldError: If the file is missing, damaged, or from a newer version.
    """
    try:
        tensors, header = read_tensors(path, "model")
    except TenfoldError as error:
        if hint := _hint_of_model_beside(Path(path)):
            raise TenfoldError(f"{error}{hint}") from error
        raise
    if header.get("format") not in (1, MODEL_FORMAT):
        raise TenfoldError(
            f"{path} has model format {header.get('format')!r}, and this version of tenfold reads "
            f"1 to {MODEL_FORMAT}: load it with the version that wrote it, or train the model again"
        )
    try:
        if header["format"] == 1:
            header = _upgraded(header)
        return Model.from_header(header, tensors)
    except HEADER_ERRORS as error:
        if isinstance(error, UnknownTypeError) and error.other:
            raise TenfoldError(
                f"{path} contains the {error.kind} {error.name[:60]!r}, which is neither part of "
                "tenfold nor registered: import the module that defines it, with "
                "@tenfold.nn.register above the class, before you load the file"
            ) from error
        raise TenfoldError(
            f"{path} does not contain a valid model ({_reason(error)}): it is damaged or was "
            "written by another version. Train the model again, or restore the file from a copy."
        ) from error


@checked
def find_model(model: PathLike | None = None) -> Model:
    """Return the model in a file or run folder, or a bundled model.

    Args:
        model: Path of a model file or run folder, or the name of a bundled model; a path that
            exists has priority over the name. None for the default bundled model.

    Raises:
        TenfoldError: If there is no such model, or its run is not finished.
    """
    bundled = bundled_models()
    if model is None:
        return load_model(bundled[DEFAULT_MODEL].path)
    path = Path(model)
    if path.is_dir():
        return load_model(_model_of_run(path))
    if path.exists():
        return load_model(path)
    if str(model) in bundled:
        return load_model(bundled[str(model)].path)
    near = difflib.get_close_matches(str(model), bundled, n=1)
    advice = missing_advice(model) or (f"Did you mean {near[0]}?" if near else "")
    raise TenfoldError(
        f"cannot read {path}: there is no such file or folder, and no bundled model of that name. "
        + (advice or f"Bundled models: {', '.join(bundled)}")
    )


def refers_to_model(path: Path) -> bool:
    """Return whether a path is a folder, a model file, or the name of a bundled model."""
    if is_folder(path) or path.suffix == ".safetensors":
        return True
    return not path_exists(path) and str(path) in bundled_models()


def _model_of_run(folder: Path) -> Path:
    """Return the path of the model file in a run folder."""
    if (folder / "config.json").exists() and not (folder / "metrics.json").exists():
        from tenfold import shell  # only for errors

        raise TenfoldError(
            f"the run in {folder} is not finished: continue it with tenfold train --resume "
            f"{shell.quote(folder)}"
        )
    model = folder / "model.safetensors"
    if not model.exists():
        if inner := next(iter(sorted(folder.glob("*/model.safetensors"))), None):
            raise TenfoldError(
                f"the folder {folder} contains several models: choose one of them, such as "
                f"{inner.parent}"
            )
        raise TenfoldError(
            f"the folder {folder} contains no model.safetensors: give the path of a model file, "
            "or the folder of a run that tenfold train finished"
        )
    return model


def _hint_of_model_beside(path: Path) -> str:
    """Return the hint that the folder of a file contains a model; empty if it does not."""
    model = path.parent / "model.safetensors"
    return f" The model of this run is {model}." if model.exists() and model != path else ""


def _upgraded(header: dict[str, Any]) -> dict[str, Any]:
    """Return a header of format 1 (tenfold 0.1) in format 2.

    Format 1 described the preprocessing in prose, always as MNIST's, and had no class names.
    """
    calibration = {"temperature": 1.0} | header.get("calibration", {})
    return header | {
        "preprocessing": normalize_like_mnist.to_dict(),
        "prediction": {"test_time_shift": header.get("prediction", {"shift": 0})["shift"]},
        "calibration": calibration,
        "classes": [],
        "provenance": header.get("provenance", {}),
    }


def _reason(error: BaseException) -> str:
    """Return a short message, since messages about a damaged header may be very long."""
    if isinstance(error, KeyError):
        return f"its header has no {error}"
    return str(error)[:200] or type(error).__name__
