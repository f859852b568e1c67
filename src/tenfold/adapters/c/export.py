"""A model as a C header: C99, no allocation, weights as integers or floats, and a self-test."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.adapters.c.calls import Calls, literal
from tenfold.adapters.interface import check_output_is_vector, takes_bytes
from tenfold.adapters.plan import Weights, plan_steps, rounded
from tenfold.errors import TenfoldError
from tenfold.files import write_text
from tenfold.models import Model
from tenfold.nn import stream
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.array import Array

__all__ = ["c_header", "export_c"]

_FOLDER = Path(__file__).parent
_VIEWS = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))  # (down, right), as multiples of the shift


@checked
def export_c(model: Model, path: PathLike, weights: Weights = "float32") -> None:
    """Write a model to a C header, see ``c_header``.

    Args:
        model: The model.
        path: Path of the file.
        weights: As for ``c_header``.

    Raises:
        TenfoldError: As ``c_header``, or if the file cannot be written.
    """
    write_text(path, c_header(model, weights))


@checked
def c_header(model: Model, weights: Weights = "float32") -> str:
    """Return a C header with the model: ``tenfold_predict`` and what it needs.

    Everything is ``static``, so several files of a program may include it. The caller passes the
    scratch memory. ``tenfold_self_test`` predicts an image that is part of the header, and compares
    the result with the result of the library.

    Args:
        model: The model. Its network takes pixels from 0 to 255.
        weights: Number format of the weights: ``"float32"``, the default; ``"int8"``, one byte for
            each weight and a scale for each output; or ``"int16"``, two bytes for each weight.

    Raises:
        TenfoldError: If the network does not take pixels from 0 to 255, gives more than one vector
            of probabilities for an image, or has a layer that cannot be written in C.
    """
    check_output_is_vector(model)
    network = model.network
    if not takes_bytes(network) or len(network.input_shape) != 3:
        raise TenfoldError(
            "a C header needs a network for images with pixels from 0 to 255, which begins with "
            f"Normalize(), got one that begins with {type(network.layers[0]).__name__} and takes "
            f"inputs of shape {network.input_shape}"
        )
    calls = Calls()
    steps = plan_steps(network.layers, network.input_shape, weights, "C")
    logits = calls.add(steps)
    parts = {
        "sizes": "\n".join(_definitions(model, calls, weights)),
        "arrays": "\n".join(_declaration(name, array) for name, array in calls.arrays.items()),
        "functions": (_FOLDER / "functions.h").read_text("utf-8").strip(),
        "calls": "\n        ".join(calls.lines),
        "logits": str(logits),
        "test": _self_test(model, weights),
    }
    header = (_FOLDER / "header.h").read_text("utf-8")
    for name, text in parts.items():
        header = header.replace(f"/* {name} */", text, 1)
    return header


def _definitions(model: Model, calls: Calls, weights: Weights) -> Iterator[str]:
    """Yield the sizes and the settings of a model as macros."""
    height, width, channels = model.network.input_shape
    shift = model.test_time_shift
    views = _VIEWS if shift else _VIEWS[:1]
    shifts = ", ".join(f"{{{down * shift}, {right * shift}}}" for down, right in views)
    yield f"#define TENFOLD_HEIGHT {height}"
    yield f"#define TENFOLD_WIDTH {width}"
    yield f"#define TENFOLD_CHANNELS {channels}"
    yield f"#define TENFOLD_PIXELS {height * width * channels}"
    yield f"#define TENFOLD_CLASSES {len(model.classes)}"
    yield f"#define TENFOLD_SCRATCH {calls.scratch}"
    yield f"#define TENFOLD_VIEWS {len(views)}"
    yield f"#define TENFOLD_TEMPERATURE {literal(model.temperature)}"
    yield f"#define TENFOLD_UNSURE_BELOW {literal(model.unsure_below or 0)}"
    yield f"typedef {'float' if weights == 'float32' else f'{weights}_t'} tenfold_weight;"
    yield f"static const int tenfold_shifts[TENFOLD_VIEWS][2] = {{{shifts}}};"
    names = ", ".join(map(_string_literal, model.classes))
    yield f"static const char *const tenfold_names[TENFOLD_CLASSES] = {{{names}}};"


def _string_literal(name: str) -> str:
    """Return a text as a string literal of C99; a text that is not ASCII as codes of its bytes.

    A question mark is escaped, because two of them could begin a trigraph.
    """
    escaped = json.dumps(name, ensure_ascii=True)
    return escaped.replace("?", "\\?") if "\\u" not in escaped else _bytes_literal(name)


def _bytes_literal(name: str) -> str:
    """Return a text as the octal codes of its UTF-8 bytes."""
    return '"' + "".join(f"\\{byte:03o}" for byte in name.encode()) + '"'


def _declaration(name: str, array: Array) -> str:
    flat = array.ravel()
    kind = "tenfold_weight" if "_weight_" in name else "float"
    values = flat.tolist() if array.dtype.kind == "i" else map(literal, flat)
    return f"static const {kind} {name}[{flat.size}] = {{\n{_lines(map(str, values))}\n}};"


def _lines(values: Iterator[str]) -> str:
    """Return values with commas, in lines of up to 100 characters."""
    lines, line = [], ""
    for value in values:
        if len(line) + len(value) > 98:
            lines.append(line)
            line = ""
        line += f"{value},"
    return "\n".join([*lines, line]).rstrip(",")


def _self_test(model: Model, weights: Weights) -> str:
    image = _test_image(model)
    probabilities = rounded(model, weights).predict_probabilities(image[np.newaxis])[0]
    pixels, expected = map(str, image.ravel()), map(literal, probabilities)
    return (
        f"static const uint8_t tenfold_test_image[TENFOLD_PIXELS] = {{\n{_lines(pixels)}\n}};\n"
        "static const float tenfold_test_probabilities[TENFOLD_CLASSES] = {\n"
        f"{_lines(expected)}\n}};"
    )


def _test_image(model: Model) -> Array:
    """Return the first digit of MNIST's training images, or noise for another input shape."""
    from tenfold.data import load_mnist

    train = load_mnist("train").images
    if train.shape[1:] == model.network.input_shape:
        return train[0]
    return stream(0, "self test").integers(0, 256, model.network.input_shape, np.uint8)
