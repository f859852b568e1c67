"""Loading: a model from its file, from a run folder, or one of those that come with the package."""

from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.images.normalization import MNIST, Preprocessing
from tenfold.models.bundled import DEFAULT_MODEL, bundled_models
from tenfold.models.model import MODEL_FORMAT, Model
from tenfold.models.network_header import build_network
from tenfold.models.tensor_file import read_tensors

__all__ = ["find_model", "load_model", "refers_to_model"]

_FORMATS = (1, MODEL_FORMAT)
# What building from a header that anybody may have written can raise.
_DAMAGE = (
    *(ArithmeticError, AttributeError, LookupError),
    *(MemoryError, RecursionError, TypeError, ValueError),
)


def load_model(path: str | Path) -> Model:
    """Read a model from a file that ``Model.save`` wrote, with this version or an older one.

    Raises:
        TenfoldError: if the file is missing, damaged, or from a newer version.
    """
    tensors, header = read_tensors(path, "model")
    if header.get("format") not in _FORMATS:
        raise TenfoldError(
            f"{path} has model format {header.get('format')!r}, this version of tenfold reads "
            f"1 to {MODEL_FORMAT}: load it with the version that wrote it, or train the model again"
        )
    try:
        fields = _fields_of_format_1(header) if header["format"] == 1 else _fields(header)
        return Model(build_network(header, tensors), **fields)
    except _DAMAGE as error:
        raise TenfoldError(
            f"{path} does not hold a network that this version knows ({_why(error)}): it is "
            "damaged or was made by another version. Train the model again, or restore it from a "
            "copy."
        ) from error


def find_model(where: str | Path | None = None) -> Model:
    """Return the model in a file or in a run folder, or one that comes with the package.

    Args:
        where: the file or folder, or the name of a bundled model; None for the default one.

    Raises:
        TenfoldError: if there is none, or its run is not finished.
    """
    name = DEFAULT_MODEL if where is None else str(where)
    path = Path(name)
    if (where is None or not path.exists()) and name in (bundled := bundled_models()):
        return load_model(bundled[name].path)
    if not path.is_dir():
        return load_model(path)
    if (path / "config.json").exists() and not (path / "metrics.json").exists():
        raise TenfoldError(
            f"the run in {path} is not finished: go on with tenfold train --resume {path}"
        )
    return load_model(path / "model.safetensors")


def refers_to_model(path: Path) -> bool:
    """Return whether a path names a model: a file or run folder, or a bundled one."""
    if path.is_dir() or path.suffix == ".safetensors":
        return True
    return not path.exists() and str(path) in bundled_models()


def _fields(header: dict[str, Any]) -> dict[str, Any]:
    contract, calibration = header["preprocessing"], header["calibration"]
    return {
        "preprocessing": None if contract is None else Preprocessing.from_dict(contract),
        "test_time_shift": header["prediction"]["test_time_shift"],
        "temperature": calibration["temperature"],
        "unsure_below": calibration.get("unsure_below"),
        "unsure_error": calibration.get("unsure_error"),
        "classes": tuple(header["classes"]),
        "provenance": dict(header["provenance"]),
    }


def _fields_of_format_1(header: dict[str, Any]) -> dict[str, Any]:
    """Return the same from a file of version 0.1, whose contract was prose."""
    calibration = dict(header.get("calibration", {}))
    return {
        "preprocessing": MNIST,
        "test_time_shift": header.get("prediction", {"shift": 0})["shift"],
        "temperature": calibration.get("temperature", 1.0),
        "unsure_below": calibration.get("unsure_below"),
        "unsure_error": calibration.get("unsure_error"),
        "provenance": dict(header.get("provenance", {})),
    }


def _why(error: BaseException) -> str:
    """Return the error in few words: a strange header may make it as long as itself."""
    if isinstance(error, KeyError):
        return f"it does not say {error}"
    return str(error)[:200] or type(error).__name__
