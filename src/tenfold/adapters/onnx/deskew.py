"""The layer Deskew as nodes of an ONNX graph: sums over the ink, and a shift of each row."""

import numpy as np

from tenfold.adapters.onnx.graph import Graph
from tenfold.nn.layers.base import Shape

__all__ = ["add_deskew"]

_SMALLEST_FLOAT = float(np.finfo(np.float32).tiny)


def add_deskew(graph: Graph, x: str, shape: Shape) -> str:
    """Add the formulas of ``tenfold.nn.Deskew``, and return the name of the upright images.

    Args:
        graph: The graph, which is changed: nodes are added to it.
        x: Name of the images, (N, C, H, W) float32.
        shape: Shape of one image in tenfold's order, (H, W, C).
    """
    distances = _distances(graph, x, shape)
    floor = graph.add("Floor", distances)
    left, right = (_pixels(graph, x, floor, shape, step) for step in (0, 1))
    fraction = graph.add("Sub", distances, floor)
    rise = graph.add("Mul", fraction, graph.add("Sub", right, left))
    return graph.add("Add", left, rise)


def _distances(graph: Graph, x: str, shape: Shape) -> str:
    """Return how many columns further right the pixels of each row are read, (N, 1, H, 1)."""
    zero, least = graph.number(0), graph.number(_SMALLEST_FLOAT)
    ink = graph.reduce("ReduceSum", graph.add("Max", x, zero), [1], keep=True)
    total = graph.add("Max", graph.reduce("ReduceSum", ink, [2, 3], keep=True), least)
    down = _from_centre(graph, ink, total, shape[0], axis=2)
    across = _from_centre(graph, ink, total, shape[1], axis=3)
    by_row = graph.reduce("ReduceSum", graph.add("Mul", ink, across), [3], keep=True)
    products = graph.add("Mul", by_row, down)
    covariance = graph.reduce("ReduceSum", products, [2], keep=True)
    rows = graph.reduce("ReduceSum", ink, [3], keep=True)
    squares = graph.add("Mul", rows, graph.add("Mul", down, down))
    spread = graph.add("Max", graph.reduce("ReduceSum", squares, [2], keep=True), least)
    slope = graph.add("Div", covariance, spread)
    slope = graph.add("Clip", slope, graph.number(-1), graph.number(1))
    return graph.add("Mul", slope, down)


def _from_centre(graph: Graph, ink: str, total: str, size: int, axis: int) -> str:
    """Return the distance of each row (axis 2) or column (axis 3) from the centre of the ink."""
    positions = np.arange(size, dtype=np.float32)
    p = graph.constant(positions.reshape(1, 1, *((size, 1) if axis == 2 else (1, size))))
    other_axis = {2: 3, 3: 2}[axis]
    profile = graph.reduce("ReduceSum", ink, [other_axis], keep=True)
    moment = graph.reduce("ReduceSum", graph.add("Mul", profile, p), [axis], keep=True)
    return graph.add("Sub", p, graph.add("Div", moment, total))


def _pixels(graph: Graph, x: str, floor: str, shape: Shape, step: int) -> str:
    """Return the pixels ``floor + step`` columns further right; outside the image they are 0."""
    _, width, channels = shape
    framed = graph.add("Pad", x, graph.integers(0, 0, 0, 1, 0, 0, 0, 1))
    columns = np.arange(width, dtype=np.float32).reshape(1, 1, 1, width) + 1 + step
    index = graph.add("Add", floor, graph.constant(columns))
    index = graph.add("Clip", index, graph.number(0), graph.number(width + 1))
    index = graph.add("Cast", index, to=7)  # int64
    index = graph.add("Expand", index, graph.integers(1, channels, 1, 1))
    return graph.add("GatherElements", framed, index, axis=3)
