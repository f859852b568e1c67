"""Wrong arguments of public functions and constructors are named, with what they must be.

``tests/nn/test_constructor_limits.py`` does the same for the constructors of ``tenfold.nn``, with
their limits.
"""

import importlib
import inspect
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.errors import TenfoldError
from tenfold.nn.arguments import rules_of
from tests.public_arguments import EXAMPLES, NETWORK, X, Y

ROOMS = (
    "images",
    "data",
    "models",
    "evaluation",
    "training",
    "recipes",
    "inspection",
    "runs",
    "plots",
    "report",
    "adapters",
)
INNER = {  # called in inner loops, or with checks of their own
    *("sample", "sample_at", "normalize", "write_submission", "refers_to_model", "fit", "averaged"),
    *("save_figure", "save_picture", "svg_text", "page_picture"),
}
WRONG: tuple[Any, ...] = (
    *("nonsense", "", "a\0b", b"x", None, True, math.nan, 1.5, -1, 1j, object(), nn.Dense),
    *([object()], {"a": object()}, np.array("x"), NETWORK, X, Y),
)


def rules(function: Callable[..., Any]) -> dict[str, Any]:
    plain = function.__init__ if inspect.isclass(function) else inspect.unwrap(function)
    return dict(rules_of(getattr(plain, "__func__", plain)))


def cases() -> Iterator[tuple[Callable[..., Any], str]]:
    for function in EXAMPLES:
        for name in rules(function):
            yield function, name


@pytest.mark.parametrize(
    ("function", "name"), list(cases()), ids=[f"{f.__name__}-{name}" for f, name in cases()]
)
def test_a_wrong_argument_is_named(function: Callable[..., Any], name: str) -> None:
    rule = rules(function)[name]
    for value in WRONG:
        if rule.holds(value):
            continue
        with pytest.raises((ValueError, TenfoldError)) as caught:
            function(**EXAMPLES[function] | {name: value})
        message = str(caught.value)
        assert re.search(rf"\b{name}(\[[^]]+\])* must be .+, got .+", message, re.S), message
        assert not re.search(r"object at 0x|array\(\[|\bNoneType\b", message)


def test_every_public_function_with_declared_rules_is_checked() -> None:
    for room in ROOMS:
        module = importlib.import_module(f"tenfold.{room}")
        for name in module.__all__:
            function = getattr(module, name)
            if inspect.isfunction(inspect.unwrap(function)) and name not in INNER:
                assert function in EXAMPLES or not rules(function), f"{room}.{name} needs a row"
