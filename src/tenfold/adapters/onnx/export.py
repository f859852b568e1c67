"""A model as an ONNX file: from raw pixels to calibrated probabilities, digit and "unsure"."""

import json
from typing import Any

import numpy as np

from tenfold.adapters.interface import check_output_is_vector, interface, takes_bytes
from tenfold.adapters.onnx.graph import Graph
from tenfold.adapters.onnx.layers import add_layers
from tenfold.errors import TenfoldError, UsageError
from tenfold.files import write_bytes
from tenfold.models import Model
from tenfold.nn.arguments import PathLike, checked

__all__ = ["OPSET", "export_onnx", "onnx_bytes"]

OPSET = 13
"""The opset that is written by default; runtimes of 2021 and later read it."""

_INPUT, _OUTPUTS = "images", ("probabilities", "digit", "unsure")
_SMALLEST_FLOAT = float(np.finfo(np.float32).tiny)  # probabilities of 0 have no logarithm


@checked
def export_onnx(model: Model, path: PathLike, opset: int = OPSET) -> None:
    """Write a model to an ONNX file, see ``onnx_bytes``.

    Args:
        model: The model.
        path: Path of the file.
        opset: As for ``onnx_bytes``.

    Raises:
        TenfoldError, UsageError: As ``onnx_bytes``, or if the file cannot be written.
    """
    write_bytes(path, onnx_bytes(model, opset))


@checked
def onnx_bytes(model: Model, opset: int = OPSET) -> bytes:
    """Return a model as the content of an ONNX file.

    The graph has the input ``images`` (N, H, W, C), uint8 if the network takes pixels from 0 to
    255, else float32, and the outputs of ``Model.predict``: ``probabilities`` (N, C) float32, with
    test-time augmentation and temperature; ``digit`` (N,) int64, the index of the most probable
    class; ``unsure`` (N,) bool. The metadata ``tenfold`` describes the input, the preparation and
    the classes of the model, as JSON.

    Args:
        model: The model.
        opset: Version of ONNX's operators, from 13, the default, to the newest that is installed.

    Raises:
        TenfoldError: If the package onnx is not installed, the network gives more than one vector
            of probabilities for an image, or a layer cannot be written in ONNX.
        UsageError: If the opset is out of its range.
    """
    try:
        import onnx
        from onnx import helper
    except ImportError as error:
        raise TenfoldError(
            "an export to ONNX needs the package onnx, which is not installed: run pip install "
            "'.[onnx]' in a checkout of tenfold"
        ) from error
    newest = onnx.defs.onnx_opset_version()
    if not OPSET <= opset <= newest:
        raise UsageError(f"opset must be from {OPSET} to {newest}, got {opset}")
    check_output_is_vector(model)
    graph = Graph(opset)
    _add_model(graph, model)
    onnx_graph = helper.make_graph(
        graph.nodes, "tenfold", *_declarations(model), initializer=graph.constants
    )
    operators = [helper.make_opsetid("", opset)]
    described = interface(model)
    onnx_model = helper.make_model(
        onnx_graph,
        opset_imports=operators,
        ir_version=helper.find_min_ir_version_for(operators),
        producer_name="tenfold",
        producer_version=described["tenfold"],
    )
    helper.set_model_props(onnx_model, {"tenfold": json.dumps(described)})
    onnx.checker.check_model(onnx_model, full_check=True)
    content: bytes = onnx_model.SerializeToString(deterministic=True)
    return content


def _declarations(model: Model) -> tuple[list[Any], list[Any]]:
    """Return the declarations of the input and of the outputs."""
    from onnx import TensorProto, helper

    kind = TensorProto.UINT8 if takes_bytes(model.network) else TensorProto.FLOAT
    shapes: dict[str, tuple[int, list[Any]]] = {
        "probabilities": (TensorProto.FLOAT, ["batch", len(model.classes)]),
        "digit": (TensorProto.INT64, ["batch"]),
        "unsure": (TensorProto.BOOL, ["batch"]),
    }
    image = ["batch", *model.network.input_shape]
    outputs = [helper.make_tensor_value_info(name, *shapes[name]) for name in _OUTPUTS]
    return [helper.make_tensor_value_info(_INPUT, kind, image)], outputs


def _add_model(graph: Graph, model: Model) -> None:
    shape = model.network.input_shape
    pixels = graph.add("Cast", _INPUT, to=1)  # float32
    x = graph.add("Transpose", pixels, perm=[0, 3, 1, 2]) if len(shape) == 3 else pixels
    views = _views(graph, x, model.test_time_shift, shape)
    logits = add_layers(graph, model.network.layers, graph.add("Concat", *views, axis=0), shape)
    probabilities = _probabilities(graph, logits, len(views), model)
    graph.add("ArgMax", probabilities, output="digit", axis=1, keepdims=0)
    axes = list(range(1, len(shape) + 1))
    lowest, highest = (graph.reduce(f"Reduce{end}", pixels, axes) for end in ("Min", "Max"))
    if model.unsure_below is None:
        graph.add("Equal", lowest, highest, output="unsure")
        return
    blank = graph.add("Equal", lowest, highest)
    confidence = graph.reduce("ReduceMax", probabilities, [1])
    low = graph.add("Less", confidence, graph.number(model.unsure_below))
    graph.add("Or", blank, low, output="unsure")


def _views(graph: Graph, x: str, shift: int, shape: tuple[int, ...]) -> list[str]:
    """Return the images and, if there is a shift, their four shifted copies."""
    if not shift:
        return [x]
    height, width, _ = shape
    padded = graph.add("Pad", x, graph.integers(0, 0, shift, shift, 0, 0, shift, shift))
    views = [x]
    for down, right in ((0, 1), (2, 1), (1, 0), (1, 2)):
        top, left = down * shift, right * shift
        start, end = graph.integers(top, left), graph.integers(top + height, left + width)
        views.append(graph.add("Slice", padded, start, end, graph.integers(2, 3)))
    return views


def _probabilities(graph: Graph, logits: str, views: int, model: Model) -> str:
    """Add the nodes that compute the output ``probabilities``; return its name."""
    calibrated = model.temperature != 1
    softmax_name = "" if views > 1 or calibrated else _OUTPUTS[0]
    p = graph.add("Softmax", logits, axis=1, output=softmax_name)
    if views > 1:
        p = graph.add("Reshape", p, graph.integers(views, -1, len(model.classes)))
        p = graph.reduce("ReduceMean", p, [0])
        if not calibrated:
            return graph.add("Identity", p, output=_OUTPUTS[0])
    if not calibrated:
        return p
    logarithms = graph.add("Log", graph.add("Max", p, graph.number(_SMALLEST_FLOAT)))
    scaled = graph.add("Div", logarithms, graph.number(model.temperature))
    return graph.add("Softmax", scaled, axis=1, output=_OUTPUTS[0])
