"""The C function calls of a forward pass. All steps use one block of memory, the scratch memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from tenfold.adapters.plan import Step
from tenfold.nn.array import Array

__all__ = ["Calls", "literal"]

_IN_PLACE = ("normalize", "affine", "relu", "leaky_relu", "tanh", "sigmoid", "gelu")


def literal(value: float) -> str:
    """Return a number as a float literal of C, with enough digits to restore it exactly."""
    text = f"{np.float32(value):.9g}"
    return f"{text}f" if set(text) & set(".e") else f"{text}.0f"


@dataclass
class Calls:
    """The calls of the steps of a network, with the arrays that they need.

    Attributes:
        lines: The calls, in their order. ``s`` is the scratch memory.
        arrays: The arrays by name.
        scratch: Number of floats of scratch memory.
    """

    lines: list[str] = field(default_factory=list)
    arrays: dict[str, Array] = field(default_factory=dict)
    scratch: int = 0

    def add(self, steps: Sequence[Step], start: int = 0) -> int:
        """Add the calls of steps whose input is at ``s + start``; return where their output is.

        Two buffers, each as large as the largest array, are used alternately. The memory after
        these two buffers is for the block of a residual step.
        """
        size = max(
            (prod(shape) for step in steps for shape in (step.shape, step.output)), default=0
        )
        here, there, free = start, start + size, start + 2 * size
        self.scratch = max(self.scratch, free)
        for step in steps:
            if step.kind in _IN_PLACE:
                self._elementwise(step, here)
            elif step.kind == "residual":
                count = prod(step.shape)
                self.lines.append(f"tenfold_copy(s + {free}, s + {here}, {count});")
                self.scratch = max(self.scratch, free + count)
                inner = self.add(step.block, free)
                self.lines.append(f"tenfold_add(s + {here}, s + {inner}, {count});")
            else:
                self._out_of_place(step, f"s + {here}, s + {there}")
                here, there = there, here
        return here

    def _elementwise(self, step: Step, here: int) -> None:
        arguments = [f"s + {here}", str(prod(step.shape))]
        if step.kind == "affine":
            arguments += [*self._arrays(step), str(step.shape[-1])]
        arguments += map(literal, step.settings.values())
        self.lines.append(f"tenfold_{step.kind}({', '.join(arguments)});")

    def _out_of_place(self, step: Step, buffers: str) -> None:
        kind = step.kind
        if kind == "dense":
            sizes = f"{prod(step.shape)}, {step.output[0]}"
            call = f"dense({buffers}, {', '.join(self._arrays(step))}, {sizes})"
        elif kind == "convolution":
            call = f"convolution({buffers}, {', '.join(self._arrays(step))}, {_sizes(step)})"
        elif kind in ("max_pool", "average_pool"):
            call = f"pool({buffers}, {_sizes(step)}, {int(kind == 'average_pool')})"
        elif kind == "deskew":
            call = f"deskew({buffers}, {', '.join(map(str, step.shape))})"
        else:
            height, width, channels = step.shape
            mean = int(kind == "global_average_pool")
            call = f"global_pool({buffers}, {height * width}, {channels}, {mean})"
        self.lines.append(f"tenfold_{call};")

    def _arrays(self, step: Step) -> list[str]:
        """Store the arrays of a step, and return their names."""
        number, names = len(self.arrays), []
        for name in ("weight", "scale", "offset"):
            if (array := getattr(step, name)) is not None:
                names.append(f"tenfold_{name}_{number}")
                self.arrays[names[-1]] = array
        return names


def _sizes(step: Step) -> str:
    """Return the sizes of a convolution or a pool as a ``tenfold_sizes``."""
    settings = step.settings
    kernel = settings.get("kernel", settings.get("size"))
    others = (kernel, settings["stride"], settings.get("before", 0), settings.get("pool", 1))
    values = (*step.shape, *step.output, *others)
    return f"(tenfold_sizes){{{', '.join(map(str, values))}}}"
