"""Graph: the nodes and constants of an ONNX graph, added one after another."""

from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Graph"]

_AXES_INPUT_SINCE = {"ReduceSum": 13, "ReduceMean": 18, "ReduceMax": 18, "ReduceMin": 18}
"""The first opset in which the axes are an input of the operator, not an attribute."""


class Graph:
    """Nodes and constants of a graph.

    Args:
        opset: Version of ONNX's operators.

    Attributes:
        nodes: The nodes, in their order.
        constants: The constants.
    """

    def __init__(self, opset: int) -> None:
        self.opset = opset
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node, and return the name of its output.

        Args:
            operator: Name of the operator, such as ``"Conv"``.
            inputs: Names of the inputs of the node.
            output: Name of the output; by default the name of the operator with a number.
            attributes: Attributes of the node.
        """
        from onnx import helper

        name = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def constant(self, values: Array) -> str:
        """Add a constant and return its name; float64 becomes float32."""
        from onnx import numpy_helper

        values = values.astype(np.float32) if values.dtype == np.float64 else values
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def number(self, value: float) -> str:
        """Add a number as a float32 constant, and return its name."""
        return self.constant(np.array(value, np.float32))

    def integers(self, *values: int) -> str:
        """Add a list of integers as an int64 constant, and return its name."""
        return self.constant(np.array(values, np.int64))

    def reduce(self, operator: str, x: str, axes: list[int], keep: bool = False) -> str:
        """Add a reduction over axes, which are an input or, in older opsets, an attribute.

        Args:
            operator: ``"ReduceSum"``, ``"ReduceMean"``, ``"ReduceMax"`` or ``"ReduceMin"``.
            x: Name of the input.
            axes: The axes.
            keep: Whether the axes remain, with size 1.
        """
        if self.opset >= _AXES_INPUT_SINCE[operator]:
            return self.add(operator, x, self.integers(*axes), keepdims=int(keep))
        return self.add(operator, x, axes=axes, keepdims=int(keep))
