"""What every exported model contains: its input, its preprocessing, its classes, its origin."""

from typing import Any

from tenfold import __version__
from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import Deskew, Layer, Network, Normalize

__all__ = ["check_output_is_vector", "interface", "takes_bytes", "unknown_layer"]


def interface(model: Model) -> dict[str, Any]:
    """Return how to call an exported model and how to read its answer, as plain data.

    Args:
        model: The model.

    Returns:
        ``input`` (shape and dtype of one image, scale), ``preprocessing`` (settings and steps; None
        if the model has none), ``classes``, ``test_time_shift``, ``temperature``, ``unsure_below``,
        ``unsure_error`` and ``origin`` (recipe, seed, versions).
    """
    raw_pixels = takes_bytes(model.network)
    return {
        "tenfold": __version__,
        "input": {
            "shape": list(model.network.input_shape),
            "dtype": "uint8" if raw_pixels else "float32",
            "scale": "0 (background) to 255 (full ink)" if raw_pixels else "as in the training",
        },
        "preprocessing": _preprocessing(model),
        "classes": list(model.classes),
        "test_time_shift": model.test_time_shift,
        "temperature": model.temperature,
        "unsure_below": model.unsure_below,
        "unsure_error": model.unsure_error,
        "origin": _origin(model.provenance),
    }


def takes_bytes(network: Network) -> bool:
    """Return whether a network takes pixels on the scale 0 to 255, which are stored as uint8."""
    first = next((each for each in network.layers if not isinstance(each, Deskew)), None)
    return isinstance(first, Normalize) and first.raw_pixels


def check_output_is_vector(model: Model) -> None:
    """Raise a TenfoldError unless the network gives one vector of class scores for an image."""
    shape = model.network.shapes[-1]
    if len(shape) != 1:
        raise TenfoldError(
            "to be exported, a model must give one vector of probabilities for each image, got the "
            f"shape {shape}: end its network with a dense layer or a global pool"
        )


def unknown_layer(layer: Layer, format_name: str) -> TenfoldError:
    """Return the error for a layer that a format cannot represent.

    Args:
        layer: The layer.
        format_name: Name of the format in the message.
    """
    return TenfoldError(
        f"the layer {type(layer).__name__} cannot be exported to {format_name}: replace it by "
        "layers that can be exported (docs/interoperability.md lists them), or choose another "
        "format"
    )


def _preprocessing(model: Model) -> dict[str, Any] | None:
    if model.preprocessing is None:
        return None
    size, box = model.preprocessing.size, model.preprocessing.box
    steps = [
        "take the bounding box of the ink, where the background is 0 and stronger ink is larger",
        "extend it to a square of side max(height, width, 10), with the ink in the middle",
        f"resample the square to {box} x {box} pixels by area",
        "scale the grey levels so that the peak is 255, and round them",
        f"paste it into {size} x {size} pixels at (int({size // 2 + 1} - y), int({size // 2 + 1} - "
        "x)), where (y, x) is its centre of mass, measured from its corner",
    ]
    return {**model.preprocessing.to_dict(), "steps": steps}


def _origin(provenance: dict[str, Any]) -> dict[str, Any]:
    recipe = provenance.get("recipe")
    found = {"recipe": recipe.get("name") if isinstance(recipe, dict) else recipe}
    found |= {name: provenance.get(name) for name in ("seed", "versions")}
    return {name: value for name, value in found.items() if value is not None}
