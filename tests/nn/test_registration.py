"""Which classes can be registered, and which objects of them can be saved."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import SGD, Dense, Flatten, Layer, Network, Normalize, ReLU, register
from tenfold.nn.array import Array
from tenfold.nn.description import registered
from tenfold.recipes import RECIPES, recipe_to_json
from tests.nn.test_registry import Power, SignDescent

pytestmark = pytest.mark.usefixtures("no_registered_classes")


def test_a_class_that_is_defined_again_replaces_the_earlier_one() -> None:
    register(Power)
    twin = type("Power", (Power,), {"__module__": Power.__module__, "__qualname__": "Power"})
    register(twin)
    assert registered == {"Power": twin}


class Arguments(ReLU):
    """A layer whose arguments have no names."""

    def __init__(self, *sizes: int) -> None:
        super().__init__()


class Annotated(ReLU):
    """A layer with an annotation that does not exist."""

    def __init__(self, size: "Missing" = 1) -> None:  # type: ignore[name-defined]  # noqa: F821
        super().__init__()


class Unfinished(Layer):
    """A layer without backward pass."""

    def forward(self, x: Array, training: bool = False) -> Array:
        return x


@pytest.mark.parametrize(
    ("class_", "message"),
    [
        (ReLU(), "class_ must be a class derived from Layer, .*, got ReLU"),
        ("Power", "class_ must be a class derived from Layer, .*, got str"),
        (dict, "class_ must be a class derived from Layer, .*, got dict"),
        (type("ReLU", (ReLU,), {}), "ReLU is the name of a class of tenfold: choose another name"),
        (SGD, "SGD is the name of a class of tenfold"),
        (Unfinished, "Unfinished must define backward before it is registered"),
        (Arguments, r"the arguments of Arguments must have names, got \*sizes"),
        (Annotated, "the annotations of Annotated must be defined .*'Missing' is not defined"),
        (
            type("Power", (ReLU,), {}),
            "Power is already registered, by tests.*: choose another",
        ),
    ],
)
def test_what_cannot_be_registered(class_: Any, message: str) -> None:
    register(Power)
    with pytest.raises(ValueError, match=message):
        register(class_)
    assert registered == {"Power": Power}


class Forgetful(Power):
    """A layer that does not keep its argument."""

    def __init__(self, exponent: int = 3, scale: float = 1.0) -> None:
        super().__init__(exponent)  # type: ignore[no-untyped-call]


class WithArray(Power):
    """A layer whose argument is an array, which is not plain data."""

    def __init__(self, exponent: Any = 3) -> None:
        super().__init__(np.array(exponent))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            Forgetful,
            "Forgetful must keep each argument .* got none for scale: add self.scale",
        ),
        (WithArray, "cannot describe a ndarray: only plain values"),
    ],
)
def test_a_layer_that_cannot_be_made_again_is_not_saved(
    layer: type[Layer], message: str, tmp_path: Path
) -> None:
    register(layer)
    made = Network([Normalize(), Flatten(), Dense(784, 10), layer()])
    with pytest.raises(TenfoldError, match=message):
        Model(made).save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_the_name_of_a_class_of_another_room_cannot_be_used_in_recipes() -> None:
    register(type("MLP", (SignDescent,), {}))
    with pytest.raises(TenfoldError, match="MLP is the name of a class of tenfold: register"):
        recipe_to_json(RECIPES["tiny"])
