"""Model files: a trained network, how images must be prepared for it, and where it comes from.

One ``.safetensors`` file. Its header holds the format version, the layers, the preprocessing
contract, the calibration and the provenance (recipe, seed, data hash, versions).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Layer, Network, build, describe, initializers, layers
from tenfold.nn.array import Array
from tenfold.nn.temperature import HIGHEST, LOWEST
from tenfold.nn.views import FURTHEST
from tenfold.training.tensor_file import read_tensors, write_tensors

__all__ = ["MODEL_FORMAT", "PREPROCESSING", "Model", "load_model", "save_model"]

MODEL_FORMAT = 1

PREPROCESSING: dict[str, Any] = {
    "ink": "bright on a dark background, 0 to 255",
    "size": [28, 28, 1],
    "box": "the digit's longer side fills 20 pixels, aspect ratio kept, area resampling",
    "centre": "centre of mass in the middle of the 28x28 image, whole-pixel shift",
}
"""What MNIST's makers did to each image, and what must be done to any image the network reads."""

_UNCALIBRATED = {"temperature": 1.0}
_UNSURE = ("unsure_below", "unsure_error")
# What building from a header that anybody may have written can raise.
_DAMAGE = (
    *(ArithmeticError, AttributeError, LookupError),
    *(MemoryError, RecursionError, TypeError, ValueError),
)


@dataclass
class Model:
    """A network that was read from a file, with what the file says about it.

    Attributes:
        network: ready to predict.
        preprocessing: how an image must be prepared (``PREPROCESSING``).
        calibration: ``temperature``, which the network has too, and if a threshold was chosen,
            ``unsure_below``: an answer of less confidence is better not given; those above it
            are wrong in at most ``unsure_error`` of all cases.
        provenance: recipe, seed, data and versions.
    """

    network: Network
    preprocessing: dict[str, Any]
    calibration: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)


def save_model(
    path: str | Path,
    network: Network,
    provenance: dict[str, Any],
    unsure: tuple[float, float] | None = None,
) -> None:
    """Write a network to a ``.safetensors`` file, atomically; equal networks give equal bytes.

    Args:
        path: of the file.
        network: with its shift and its temperature.
        provenance: where it comes from.
        unsure: below which confidence it should say "unsure", and for which share of errors that
            was chosen (``evaluation.unsure_threshold``); None if nothing was chosen.

    Raises:
        TenfoldError: if ``load_model`` could not make the network again: a layer is not one of
            ``tenfold.nn.layers``, or it takes or gives other shapes. Nothing is written then.
    """
    header = {
        "kind": "model",
        "format": MODEL_FORMAT,
        "layers": _described(network),
        "input_shape": list(network.input_shape),
        "dtype": network.dtype.name,
        "seed": network.seed,
        "preprocessing": PREPROCESSING,
        "calibration": {
            "temperature": network.temperature,
            **(dict(zip(_UNSURE, unsure, strict=True)) if unsure else {}),
        },
        "prediction": {"shift": network.shift},
        "provenance": provenance,
    }
    write_tensors(path, network.tensors(), header)


def load_model(path: str | Path) -> Model:
    """Read a network from a file that ``save_model`` wrote.

    Raises:
        TenfoldError: if the file is missing, damaged, or from another version.
    """
    tensors, header = read_tensors(path, "model")
    if header.get("format") != MODEL_FORMAT:
        raise TenfoldError(
            f"{path} has model format {header.get('format')!r}, this version of tenfold reads "
            f"{MODEL_FORMAT}: read it with the version that wrote it, or train the model again"
        )
    try:
        return _rebuild(tensors, header)
    except _DAMAGE as error:
        raise TenfoldError(
            f"{path} does not hold a network that this version knows ({_why(error)}): it is "
            "damaged or was made by another version. Train the model again, or restore it from a "
            "copy."
        ) from error


def _catalogue() -> dict[str, type]:
    rooms = (layers, initializers)
    return {name: getattr(room, name) for room in rooms for name in room.__all__}


def _described(network: Network) -> Any:
    """Return the description of the layers, once it is sure that it can be read again."""
    try:
        described = describe(network.layers)
        again = build(described, _catalogue(), Layer)
        for index, (layer, twin) in enumerate(zip(network.layers, again, strict=True)):
            if type(layer) is not type(twin):
                raise ValueError(f"layer {index} is a {type(layer).__name__} of another module")
        _check_shapes(network)
    except (TypeError, ValueError) as error:
        raise TenfoldError(
            f"this network cannot be saved as a model, since none could be read from it: {error}. "
            "Use the layers of tenfold.nn.layers, from images of 28 x 28 x 1 to classes."
        ) from error
    return described


def _rebuild(tensors: dict[str, Array], header: dict[str, Any]) -> Model:
    seed, dtype = header["seed"], header["dtype"]
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ValueError(f"its seed is {seed!r}, not a whole number")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"its dtype is {dtype!r}, not float32 or float64")
    described = build(header["layers"], _catalogue(), Layer)
    _check_tensors(tensors, described, dtype)
    network = Network(described, seed, np.dtype(dtype), tuple(header["input_shape"]))
    _check_shapes(network)
    network.load_tensors(tensors)
    network.shift = _shift(header)
    contract = _contract(header)
    network.temperature = _temperature(contract["calibration"])
    _check_unsure(contract["calibration"])
    return Model(network, **contract)


def _contract(header: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "preprocessing": header.get("preprocessing", PREPROCESSING),
        "calibration": header.get("calibration", _UNCALIBRATED),
        "provenance": header.get("provenance", {}),
    }
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise ValueError(f"its {name} is no table of names and values: {part!r}")
    return parts


def _temperature(calibration: dict[str, Any]) -> float:
    temperature = calibration.get("temperature", 1.0)
    if isinstance(temperature, bool) or not LOWEST <= temperature <= HIGHEST:
        raise ValueError(
            f"its temperature is {temperature!r}, not a number from {LOWEST:g} to {HIGHEST:g}"
        )
    return float(temperature)


def _check_unsure(calibration: dict[str, Any]) -> None:
    """Both numbers are there and are shares, or neither is there."""
    found = {name: calibration[name] for name in _UNSURE if name in calibration}
    if found and len(found) < len(_UNSURE):
        raise ValueError(f"its calibration has {list(found)} without the other of {list(_UNSURE)}")
    for name, share in found.items():
        if isinstance(share, bool) or not 0 <= share <= 1:
            raise ValueError(f"its {name} is {share!r}, not a share from 0 to 1")


def _shift(header: dict[str, Any]) -> int:
    shift = header.get("prediction", {"shift": 0})["shift"]
    if isinstance(shift, bool) or not isinstance(shift, int) or not 0 <= shift <= FURTHEST:
        raise ValueError(f"its shift is {shift!r}, not a whole number from 0 to {FURTHEST}")
    return shift


def _check_shapes(network: Network) -> None:
    wanted, answers = tuple(PREPROCESSING["size"]), network.shapes[-1]
    if network.input_shape != wanted or len(answers) != 1:
        raise ValueError(
            f"it turns {network.input_shape} into {answers}, not {wanted} into one row of classes"
        )


def _check_tensors(tensors: dict[str, Array], described: tuple[Layer, ...], dtype: str) -> None:
    """Before memory is taken: do the arrays that are there fit the layers that are described?"""
    needed = sum(p.size for layer in described for p in layer.parameters)
    state = sum(a.size for layer in described for a in layer.state.values())
    found = sum(array.size for array in tensors.values())
    if needed + state != found:
        raise ValueError(f"its layers need {needed + state} numbers, it holds {found}")
    for name, array in tensors.items():
        if array.dtype != dtype:
            raise ValueError(f"{name} holds {array.dtype}, its header says {dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinite numbers")


def _why(error: BaseException) -> str:
    """Return the error in few words: a strange header may make it as long as itself."""
    if isinstance(error, KeyError):
        return f"it does not say {error}"
    return str(error)[:200] or type(error).__name__
