"""The limits of every constructor argument of ``tenfold.nn``, and the message for a wrong one.

``LIMITS`` states the limits once more, independently of the annotations. A class that is not in it,
such as a new layer, is tested by the rules of its annotations.
"""

import inspect
import math
import re
from collections.abc import Callable
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import build, describe
from tenfold.nn.arguments import rules_of
from tenfold.nn.constraints import Rule
from tests.nn.contract import ROWS


class Limit(NamedTuple):
    """What an argument must be, with values at the limits.

    Attributes:
        words: What the message says after "must be".
        right: Values that are accepted.
        wrong: Values beyond the limits, in addition to those of ``WRONG_KINDS``.
        kinds: Types in ``WRONG_KINDS`` that this argument accepts.
    """

    words: str
    right: tuple[Any, ...] = ()
    wrong: tuple[Any, ...] = ()
    kinds: tuple[type, ...] = ()


SIZE = Limit("a whole number of at least 1", (1, 7), (0, -1, 1.0, 2.5))
SIZE_OR_NONE = Limit(
    "None or a whole number of at least 1", (None, 1, 7), (0, -1, 1.0), (NoneType,)
)
COUNT = Limit("a whole number of at least 0", (0, 3), (-1, 0.0))
FRACTION = Limit("a number in [0, 1)", (0, 0.0, 0.999), (-0.1, -1, 1, 1.0))
FRACTION_UP_TO_1 = Limit("a number in (0, 1]", (1e-6, 0.5, 1), (0, -0.1, 1.1))
INSIDE = Limit("a number in (0, 1)", (1e-6, 0.999), (0, 1, -0.1))
SHARE = Limit("a number from 0 to 1", (0, 0.5, 1), (-0.1, 1.5))
POSITIVE = Limit("a finite number above 0", (1e-9, 1, 1e9), (0, -1.0, 10**400))
NON_NEGATIVE = Limit("a finite number of at least 0", (0, 1e9), (-0.1, 10**400))
FINITE = Limit("a finite number", (-5, 0, 1e9), (-math.inf, 10**400))
SCALE = Limit("a number in (0, 1e38]", (1e-9, 1e38), (0, -1.0, 1e39))
BOOL = Limit("True or False", (True, False), (0, 1), (bool, np.bool_))
STRING = Limit("a string", ("a", ""), (1,), (str,))
PADDING = Limit(
    "'valid' or 'same' or a whole number of at least 0",
    ("valid", "same", 0, 2),
    ("full", "SAME", "", -1, 1.0, (1, 1)),
)
INITIALIZER = Limit("an Initializer", (nn.Zeros(),), (0.5, nn.ReLU()))
LAYERS = Limit("a list of length 1 or more (each item a Layer)", (), ([], ()))
SHAPE = Limit("a list (each item a whole number of at least 0)", ((), [2, 3]))
ANY_NUMBER = Limit("a number", (-1, 0.5, math.inf, math.nan), (), (float,))
ARRAY_OR_NONE = Limit("None or a NumPy array", (None,), (), (NoneType, np.ndarray))

ADAM = {"beta1": FRACTION, "beta2": FRACTION, "epsilon": POSITIVE}
CONVOLUTION = dict.fromkeys(("inputs", "outputs", "kernel"), SIZE) | {
    "padding": PADDING,
    "initializer": INITIALIZER,
    "bias_initializer": INITIALIZER,
    "with_bias": BOOL,
}
POOL = {"size": SIZE, "stride": SIZE_OR_NONE}
NORM = {"features": SIZE, "momentum": FRACTION_UP_TO_1, "epsilon": POSITIVE}
SCHEDULE = {"learning_rate": POSITIVE, "warmup": FRACTION}
CYCLE = {"learning_rate": POSITIVE, "rise": INSIDE}

LIMITS: dict[type, dict[str, Limit]] = {
    nn.AdaGrad: {"epsilon": POSITIVE},
    nn.Adam: ADAM,
    nn.AdamW: ADAM | {"weight_decay": NON_NEGATIVE},
    nn.AveragePool: POOL,
    nn.BatchNorm: NORM | {"with_scale": BOOL, "with_shift": BOOL},
    nn.Constant: SCHEDULE,
    nn.Conv2D: CONVOLUTION | {"stride": SIZE},
    nn.ConvMaxPool: CONVOLUTION,
    nn.Cosine: SCHEDULE | {"final": NON_NEGATIVE},
    nn.DampedMomentum: {"momentum": FRACTION},
    nn.Dense: {k: CONVOLUTION[k] for k in ("inputs", "outputs", "initializer", "bias_initializer")},
    nn.Dropout: {"rate": FRACTION},
    nn.Exponential: SCHEDULE | {"final": POSITIVE},
    nn.ExponentialAverage: {"decay": FRACTION, "value": ARRAY_OR_NONE, "updates": COUNT},
    nn.GradientCheck: {"name": STRING, "analytic": ANY_NUMBER, "numeric": ANY_NUMBER},
    nn.LeakyReLU: {"slope": FRACTION},
    nn.MaxPool: POOL,
    nn.Momentum: {"momentum": FRACTION},
    nn.Muon: {"momentum": FRACTION, "iterations": SIZE, "adam_rate": POSITIVE} | ADAM,
    nn.Nesterov: {"momentum": FRACTION},
    nn.Network: {
        "layers": LAYERS,
        "seed": Limit("a whole number from 0 to 2**64 - 1", (0, 2**64 - 1), (-1, 2**64, 1.0)),
        "dtype": Limit("float32 or float64", ("float32", np.float64), ("f2", int, np.int8)),
        "input_shape": Limit("a list (each item a whole number of at least 1)", ([12], (4, 3))),
    },
    nn.Normalize: {"mean": FINITE, "deviation": POSITIVE},
    nn.OneCycle: CYCLE | {"start": POSITIVE, "final": POSITIVE},
    nn.Orthogonal: {"gain": SCALE},
    nn.Parameter: {"name": STRING, "shape": SHAPE, "initializer": INITIALIZER, "decay": BOOL},
    nn.ParameterVector: {"parameters": Limit("a list (each item a Parameter)", ([], ()))},
    nn.Residual: {"block": LAYERS},
    nn.RMSprop: {"decay": FRACTION, "epsilon": POSITIVE},
    nn.SoftmaxCrossEntropy: {"label_smoothing": FRACTION},
    nn.StepDecay: SCHEDULE | {"decay": FRACTION_UP_TO_1, "drops": COUNT},
    nn.Triangular: CYCLE | {"start": SHARE, "final": SHARE},
    nn.Uniform: {"limit": SCALE},
    nn.UniformFanIn: {"fan_in": SIZE_OR_NONE},
}

# Values that no argument accepts unless its limit says so.
WRONG_KINDS: tuple[Any, ...] = (
    *("nonsense", None, True, math.nan, math.inf, 1j, b"x", object(), nn.Dense, {}, {"a": 1}),
    *([1.5], ["x"], [None], [nn.ReLU], [nn.Zeros()], np.ones(2) / 2, np.array("x"), np.bool_(True)),
)

PUBLIC = [getattr(nn, name) for name in nn.__all__]
CLASSES = [kind for kind in PUBLIC if inspect.isclass(kind) and not inspect.isabstract(kind)]
FIXED = {(nn.OneCycle, "warmup"), (nn.Triangular, "warmup")}  # must be 0: see test_schedules.py
ARGUMENTS = [
    (kind, name)
    for kind in CLASSES
    for name in inspect.signature(kind).parameters
    if (kind, name) not in FIXED
]
every_argument = pytest.mark.parametrize(
    ("kind", "name"), ARGUMENTS, ids=[f"{kind.__name__}-{name}" for kind, name in ARGUMENTS]
)


def limit_of(kind: type, name: str) -> Limit:
    """Return the limit of an argument in ``LIMITS``, otherwise that of its annotation."""
    if kind in LIMITS:
        return LIMITS[kind][name]
    rule = rules_of(kind.__init__)[name]  # type: ignore[misc]
    return Limit(rule.words, kinds=tuple(type(v) for v in WRONG_KINDS if accepts(rule, v)))


def accepts(rule: Rule, value: Any) -> bool:
    try:
        rule.check("x", value)
    except ValueError:
        return False
    return True


EXAMPLES: dict[str, Callable[[], Any]] = {
    "layers": lambda: [nn.Flatten()],
    "block": lambda: [nn.Tanh()],
    "initializer": nn.Ones,
    "parameters": list,
    "name": lambda: "w",
    "shape": lambda: (2,),
    "decay": lambda: 0.5,
}


ROW_LAYERS = {type(row.make()): row.make for row in ROWS}


def example(kind: type, **changed: Any) -> Any:
    """Return an object of a class, with some arguments changed."""
    row = ROW_LAYERS.get(kind, lambda: None)()
    needed = [p.name for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    given = {
        name: EXAMPLES[name]() if name in EXAMPLES else getattr(row, name, 1) for name in needed
    }
    return kind(**given | changed)


def test_table_lists_every_argument_of_its_classes() -> None:
    listed = {(kind, name) for kind, limits in LIMITS.items() for name in limits}
    assert listed <= set(ARGUMENTS)
    assert {(kind, name) for kind, name in ARGUMENTS if kind in LIMITS} == listed


@every_argument
def test_values_at_the_limits_are_accepted(kind: type, name: str) -> None:
    for value in limit_of(kind, name).right:
        made = example(kind, **{name: value})
        if issubclass(kind, nn.Describable):
            assert describe(made)[name] == describe(value)


@every_argument
def test_wrong_value_is_named_with_what_it_must_be(kind: type, name: str) -> None:
    limit = limit_of(kind, name)
    wrong = [value for value in WRONG_KINDS if not isinstance(value, limit.kinds)]
    for value in (*limit.wrong, *wrong):
        with pytest.raises(ValueError, match=rf"^{name}(\[0\])? must be .+, got .+") as caught:
            example(kind, **{name: value})
        assert len(str(caught.value)) < 200
        if not str(caught.value).startswith(f"{name}[0]"):
            assert str(caught.value).startswith(f"{name} must be {limit.words}, got ")


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, name in ARGUMENTS if issubclass(kind, nn.Describable)]
)
def test_wrong_value_in_a_file_is_named_with_its_class(kind: type, name: str) -> None:
    catalogue = {name: getattr(nn, name) for name in nn.__all__}
    for value in ("nonsense", True, None, [None], {"a": 1}):
        if not isinstance(value, limit_of(kind, name).kinds):
            description = describe(example(kind)) | {name: value}
            with pytest.raises(
                ValueError, match=rf"^{kind.__name__}: {name}(\[0\])? must be .*, got "
            ):
                build(description, catalogue)


def test_whole_numbers_of_numpy_are_accepted() -> None:
    for kind, name in ARGUMENTS:
        if limit_of(kind, name) in (SIZE, SIZE_OR_NONE, COUNT):
            made = example(kind, **{name: np.int64(3)})
            assert type(getattr(made, name)) is int, (kind, name)


def test_floats_of_numpy_are_accepted() -> None:
    for kind, name in ARGUMENTS:
        if limit_of(kind, name) in (
            FRACTION,
            FRACTION_UP_TO_1,
            INSIDE,
            SHARE,
            POSITIVE,
            FINITE,
            SCALE,
        ):
            made = example(kind, **{name: np.float32(0.5)})
            assert type(getattr(made, name)) is float, (kind, name)


LAYER, X = nn.Tanh(), np.ones((2, 3))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (nn.clip_norm, ([1.0], 1), "gradient must be a NumPy array, got list"),
        (nn.clip_norm, (X, 0), "limit must be a number above 0, got 0"),
        (nn.clip_norm, (X, -1.0), "limit must be a number above 0, got -1.0"),
        (nn.clip_norm, (X, math.nan), "limit must be a number above 0, got nan"),
        (nn.clip_norm, (X, True), "limit must be a number above 0, got True"),
        (
            nn.check_layer,
            (nn.Tanh, X),
            "layer must be a Layer, got the class Tanh: write Tanh(...)",
        ),
        (nn.check_layer, (LAYER, [1]), "x must be a NumPy array, got list"),
        (nn.check_layer, (LAYER, X, -1), "seed must be a whole number from 0 to 2**64 - 1, got -1"),
        (nn.check_network, (LAYER, LAYER, X, X), "network must be a Network, got Tanh"),
        (nn.stream, (0.0, "a"), "seed must be a whole number from 0 to 2**64 - 1, got 0.0"),
        (nn.stream, (-1, "a"), "seed must be a whole number from 0 to 2**64 - 1, got -1"),
        (nn.stream, (2**64, "a"), f"seed must be a whole number from 0 to 2**64 - 1, got {2**64}"),
        (nn.stream, (True, "a"), "seed must be a whole number from 0 to 2**64 - 1, got True"),
        (nn.stream, (0, 1), "purpose must be a string, got 1"),
        (nn.stream, (0, "a", -1), "step must be a whole number from 0 to 2**63 - 1, got -1"),
        (
            nn.stream,
            (0, "a", 2**63),
            f"step must be a whole number from 0 to 2**63 - 1, got {2**63}",
        ),
        (nn.stream, (0, "a", 0, -1), "index must be a whole number from 0 to 2**63 - 1, got -1"),
        (nn.stream, (0, "a", 0, "b"), "index must be a whole number from 0 to 2**63 - 1, got 'b'"),
        (nn.one_hot, ([1], 3), "labels must be a NumPy array, got list"),
        (nn.SoftmaxCrossEntropy(), (X, [1, 2]), "labels must be a NumPy array, got list"),
        (nn.MeanSquaredError(), ([[1.0]], X), "logits must be a NumPy array, got list"),
    ],
)
def test_wrong_argument_of_a_function_is_named(
    function: Callable[..., Any], arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(*arguments)
