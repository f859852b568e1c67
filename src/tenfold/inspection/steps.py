"""Steps: the equations of a pass through a network, each written out with its numbers.

Here, a step is one equation. (Elsewhere in tenfold, a step is one update of the weights.)
"""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["Step", "Term", "Unit", "position_name", "product_terms"]

Unit = tuple[int, ...]
"""Index of one number in the output of a layer: (row, column, channel) or (feature,)."""

_MAX_LISTED = 12  # number of the largest products that are listed; the others are added up


@dataclass(frozen=True)
class Term:
    """A product in a sum.

    Attributes:
        name: Position of the left factor, such as ``"7 (3, 4)"``: channel 7, row 3, column 4.
        left, right: The two factors.
        at: Index of the left factor in its array. In the equations of ``arithmetic`` for dense
            layers and convolutions, it is the index of the weight, which is the right factor.
    """

    name: str
    left: float
    right: float
    at: Unit

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def product(self) -> float:
        """left * right."""
        return self.left * self.right


@dataclass(frozen=True)
class Step:
    """One equation.

    Attributes:
        layer: Index of the layer that the equation is about; for the loss, the number of layers.
        unit: Index of the number that the equation computes.
        rule: The equation in symbols.
        numbers: The right side with numbers; empty if ``terms`` contains them.
        value: The result.
        terms: The largest terms of a sum of products, the largest first.
        rest: Number and sum of all other terms.
        constant: What is added to the sum: the bias.
        inner: If the equation is about a layer in the block of a ``Residual``, the index of that
            layer in the block (if blocks are nested, one index for each level); otherwise empty.
    """

    layer: int
    unit: Unit
    rule: str
    numbers: str
    value: float
    terms: tuple[Term, ...] = ()
    rest: tuple[int, float] = (0, 0.0)
    constant: float | None = None
    inner: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def path(self) -> str:
        """The layer as it is written in the names of parameters, such as ``"3"`` or ``"3.0"``."""
        return ".".join(map(str, (self.layer, *self.inner)))


def product_terms(
    left: Array, right: Array, most: int = _MAX_LISTED
) -> tuple[tuple[Term, ...], tuple[int, float]]:
    """Return the largest elementwise products of two arrays, and number and sum of the others.

    Products that are exactly 0 are not counted. The arrays must have the same shape.
    """
    products = (left * right).ravel()
    order = np.argsort(-np.abs(products), kind="stable")[: np.count_nonzero(products)]
    terms = []
    for flat in order[:most]:
        at = tuple(int(i) for i in np.unravel_index(flat, left.shape))
        terms.append(Term(position_name(at), float(left[at]), float(right[at]), at))
    others = order[most:]
    return tuple(terms), (len(others), float(products[others].sum()))


def position_name(at: Unit) -> str:
    """Return the name of a position in an output: the feature and, in images, row and column."""
    position = f" ({', '.join(map(str, at[:-1]))})" if len(at) > 1 else ""
    return f"{at[-1]}{position}"
