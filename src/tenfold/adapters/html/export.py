"""A model as one HTML page on which digits can be drawn, offline."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.adapters.interface import check_output_is_vector, interface
from tenfold.adapters.plan import Step, Weights, plan_steps
from tenfold.errors import TenfoldError
from tenfold.files import write_text
from tenfold.models import Model
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.array import Array

__all__ = ["export_html", "html_page", "page_data"]

_FILES = ("page.css", "ink.js", "network.js", "page.js")
_WORDS = {"normalize": "grey levels, scaled", "relu": "ReLU", "gelu": "GELU"}
_INTERFACE_KEYS = ("input", "classes", "test_time_shift", "temperature", "unsure_below", "origin")


@checked
def export_html(model: Model, path: PathLike, weights: Weights = "int8") -> None:
    """Write a model to an HTML page, see ``html_page``.

    Args:
        model: The model.
        path: Path of the file.
        weights: As for ``html_page``.

    Raises:
        TenfoldError: As ``html_page``, or if the file cannot be written.
    """
    write_text(path, html_page(model, weights))


@checked
def html_page(model: Model, weights: Weights = "int8") -> str:
    """Return an HTML page on which a digit is drawn and read by the model, in the browser.

    The page contains the weights and a forward pass in JavaScript, and loads nothing. The drawing
    is prepared as by ``tenfold.images.normalize_like_mnist``. Test-time augmentation, temperature
    and the threshold for "unsure" are those of the model.

    Args:
        model: The model. Its preprocessing must be MNIST's; the images may have another size than
            28 x 28.
        weights: Number format of the weights: ``"int8"``, the default, one byte for each weight and
            a scale for each output; ``"int16"``, two bytes for each weight; or ``"float32"``.

    Raises:
        TenfoldError: If the model has no preprocessing, gives more than one vector of probabilities
            for an image, or has a layer that cannot be written in JavaScript.
    """
    if model.preprocessing is None:
        raise TenfoldError(
            "an HTML page needs a model with a preprocessing, which turns a drawing into an input "
            f"of the model, got none for inputs of shape {model.network.input_shape}"
        )
    content, arrays = page_data(model, weights)
    content |= {
        "preprocessing": model.preprocessing.to_dict(),
        "description": _description(model, weights),
    }
    return _filled(_script_text(content), base64.b64encode(arrays).decode())


def page_data(model: Model, weights: Weights) -> tuple[dict[str, Any], bytes]:
    """Return what ``predict`` in ``network.js`` needs: a model as plain data, and its arrays.

    Args:
        model: The model.
        weights: As for ``html_page``.

    Raises:
        TenfoldError: As ``html_page``.
    """
    check_output_is_vector(model)
    network = model.network
    steps = plan_steps(network.layers, network.input_shape, weights, "HTML")
    arrays = _Arrays()
    described = interface(model)
    content = {
        **{name: described[name] for name in _INTERFACE_KEYS},
        "steps": [_plain(step, arrays) for step in steps],
        "layers": list(_layer_descriptions(steps)),
    }
    return content, bytes(arrays.content)


class _Arrays:
    """The bytes of all arrays, one after another, each at a multiple of four bytes."""

    def __init__(self) -> None:
        self.content = bytearray()

    def add(self, array: Array) -> dict[str, Any]:
        """Append an array, and return where it is."""
        self.content.extend(b"\0" * (-len(self.content) % 4))
        start = len(self.content)
        kind = array.dtype.name if array.dtype.kind == "i" else "float32"
        self.content.extend(array.astype(np.dtype(kind).newbyteorder("<")).tobytes())
        return {"type": kind, "start": start, "length": array.size}


def _plain(step: Step, arrays: _Arrays) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": step.kind, "shape": step.shape, "output": step.output}
    plain |= step.settings
    for name in ("weight", "scale", "offset"):
        if (array := getattr(step, name)) is not None:
            plain[name] = arrays.add(array)
    if step.block:
        plain["block"] = [_plain(each, arrays) for each in step.block]
    return plain


def _layer_descriptions(steps: tuple[Step, ...]) -> Iterator[str]:
    """Yield each step as a few words, such as ``convolution: 14 x 14 x 40 numbers``."""
    for step in steps:
        pooled = step.settings.get("pool") == 2
        kind = "convolution and max pooling" if pooled else step.kind.replace("_", " ")
        numbers = " x ".join(map(str, step.output))
        yield f"{_WORDS.get(kind, kind)}: {numbers} numbers"


def _description(model: Model, weights: Weights) -> str:
    name = interface(model)["origin"].get("recipe")
    count = model.network.theta.value.size
    size = {"int8": "one byte", "int16": "two bytes", "float32": "four bytes"}[weights]
    title = f"The network {name}" if name else "The network"
    return (
        f"{title} has {count:,} weights, {size} each, and was trained with tenfold. The numbers of "
        "an image pass through these layers:"
    )


def _script_text(content: Any) -> str:
    """Return JSON that can be put into a script element.

    It contains no "<", which could end the element, and only ASCII characters.
    """
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _filled(model: str, weights: str) -> str:
    folder = Path(__file__).parent
    parts = {name: (folder / name).read_text("utf-8").strip() for name in _FILES}
    page = (folder / "page.html").read_text("utf-8")
    for name, text in (parts | {"model": model, "weights": weights}).items():
        page = page.replace(f"/* {name} */", text, 1)
    return page
