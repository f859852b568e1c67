import math
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from tenfold.nn import Dense, Layer, ReLU, Zeros
from tenfold.nn.constraints import (
    Choice,
    Either,
    InstanceOf,
    ListOf,
    Number,
    Rule,
    Whole,
    invalid,
)
from tenfold.nn.mapping_rules import DictWith, MappingOf

# Values that satisfy no rule of this page unless a row says so.
WRONG: tuple[Any, ...] = (
    "x",
    "",
    None,
    True,
    False,
    math.nan,
    [1],
    {},
    1j,
    object(),
    np.bool_(True),
    np.ones(2),
)


@pytest.mark.parametrize(
    ("rule", "words", "right", "wrong"),
    [
        (Whole(), "a whole number", [0, -5, 10**40], [1.0, math.inf]),
        (Whole(1), "a whole number of at least 1", [1, 7], [0, -1, 2.0, math.inf]),
        (Whole(0, 4), "a whole number from 0 to 4", [0, 4], [-1, 5, 3.5]),
        (Whole(0, 2**64 - 1), "a whole number from 0 to 2**64 - 1", [2**64 - 1], [2**64]),
        (Number("(-inf, inf)"), "a finite number", [0, -2.5, 10**40], [math.inf, 10**400]),
        (Number("(0, inf)"), "a finite number above 0", [1, 1e-300], [0, -1, math.inf]),
        (Number("[0, inf)"), "a finite number of at least 0", [0, 1.5], [-1e-9, math.inf]),
        (Number("(0, inf]"), "a number above 0", [1, math.inf], [0, -math.inf]),
        (Number("[0, 1)"), "a number in [0, 1)", [0, 0.999], [1, -0.1, math.inf]),
        (Number("(0, 1]"), "a number in (0, 1]", [1e-9, 1], [0, 1.1]),
        (Number("[0, 1]"), "a number from 0 to 1", [0, 1, 0.5], [-0.1, 1.1]),
        (Number("[0.05, 20]"), "a number from 0.05 to 20", [0.05, 20], [0.04, 21]),
        (Number("(-inf, 5]"), "a number in (-inf, 5]", [-1e300, 5], [6]),
        (Choice("valid", "same"), "'valid' or 'same'", ["valid", "same"], ["full", "SAME"]),
        (Choice(1, 2, 3), "1, 2 or 3", [1, 3], [4, 1.0]),
        (Choice("one"), "'one'", ["one"], ["two"]),
        (InstanceOf(Layer), "a Layer", [ReLU()], [ReLU, Zeros()]),
        (InstanceOf(ReLU), "a ReLU", [ReLU()], [Dense(1, 1)]),
        (ListOf(Whole(1)), "a list (each item a whole number of at least 1)", [[2], ()], [[0], 2]),
        (ListOf(None, 2), "a list of length 2 or more", [[1, "x"]], [[], np.array(1)]),
        (
            ListOf(Whole(1), 2, 2),
            "a list of length 2 (each item a whole number of at least 1)",
            [(1, 2)],
            [(1,), [1, 2, 3]],
        ),
        (ListOf(None, 1, 3), "a list of length 1 to 3", [[0], ["a", "c"]], [[], range(4)]),
        (
            MappingOf(Whole(1), InstanceOf(str)),
            "a dict (each value a whole number of at least 1)",
            [{"a": 1}, {"a": np.int64(2)}],
            [{"a": 0}, {1: 1}, [("a", 1)]],
        ),
        (
            DictWith("a", "b"),
            "a dict with the keys 'a' and 'b'",
            [{"a": 1, "b": 2, "c": 3}],
            [{"a": 1}, ["a", "b"]],
        ),
        (
            Either([Whole(1), InstanceOf(type(None))]),
            "None or a whole number of at least 1",
            [3],
            [0],
        ),
    ],
    ids=lambda value: repr(value) if isinstance(value, Rule) else "",
)
def test_rule_accepts_and_rejects(
    rule: Rule, words: str, right: list[Any], wrong: list[Any]
) -> None:
    assert rule.words == repr(rule) == words
    for value in right:
        assert rule.holds(value)
        rule.check("x", value)
    for value in (*wrong, *(w for w in WRONG if not rule.holds(w))):
        with pytest.raises(ValueError, match=r"^x(\[0\]|\['a'\])? must be .*, got ."):
            rule.check("x", value)


@pytest.mark.parametrize("rule", [Whole(), Number("[0, 1]"), Number("(-inf, inf)")], ids=repr)
def test_only_numbers_are_numbers(rule: Rule) -> None:
    assert not any(map(rule.holds, WRONG))


def test_number_without_interval_accepts_infinity_and_nan() -> None:
    assert all(map(Number().holds, (0, 1.5, math.inf, math.nan)))
    assert Number().words == "a number"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (bool, "True or False"),
        (str, "a string"),
        (type(None), "None"),
        (np.ndarray, "a NumPy array"),
    ],
)
def test_common_classes_have_plain_names(kind: type, words: str) -> None:
    assert InstanceOf(kind).words == words


@pytest.mark.parametrize(
    ("value", "plain"),
    [(np.int64(2), 2), (np.uint8(3), 3), (np.float32(0.5), 0.5), (np.float64(0.25), 0.25)],
)
def test_numpy_scalar_becomes_python_number(value: Any, plain: float) -> None:
    for rule in (Number("[0, 4]"), Either([InstanceOf(type(None)), Number()])):
        assert rule.check("x", value) == plain
        assert type(rule.check("x", value)) is type(plain)
    assert ListOf(Number()).check("x", [value]) == (plain,)


ADVICE = "write an object, such as ReLU() or Dense(784, 10)"


def test_a_mapping_becomes_a_dict_and_its_wrong_entry_is_named() -> None:
    rule = MappingOf(ListOf(Whole(1)), InstanceOf(str))
    assert rule.check("runs", MappingProxyType({"a": [1, np.int64(2)]})) == {"a": (1, 2)}
    with pytest.raises(
        ValueError, match=r"^runs\['b'\]\[1\] must be a whole number of at .*, got 0$"
    ):
        rule.check("runs", {"a": [1], "b": [1, 0]})
    with pytest.raises(ValueError, match=r"^runs must be a dict whose keys are each a string, got"):
        rule.check("runs", {3: [1]})
    with pytest.raises(ValueError, match=r"^runs must be a dict \(each value a list .*, got list$"):
        rule.check("runs", [1])


def test_a_list_with_objects_is_not_shown() -> None:
    for value, shown in (
        ([np.ones(2)], "list"),
        ({"a": ReLU()}, "dict"),
        ([1, "a"], r"\[1, 'a'\]"),
    ):
        with pytest.raises(ValueError, match=rf"^x must be a number, got {shown}$"):
            Number().check("x", value)


@pytest.mark.parametrize(
    ("value", "received"),
    [
        ("relu", f"'relu': {ADVICE}"),
        (None, f"None: {ADVICE}"),
        (ReLU, "the class ReLU: write ReLU(...)"),
        (Zeros, f"the class Zeros: {ADVICE}"),
        (Zeros(), f"Zeros: {ADVICE}"),
        (3, f"int: {ADVICE}"),
    ],
)
def test_wrong_object_is_named_by_its_type(value: Any, received: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        ListOf(InstanceOf(Layer)).check("layers", [ReLU(), value])
    assert str(caught.value) == f"layers[1] must be a Layer, got {received}"


@pytest.mark.parametrize(
    ("value", "received"),
    [
        (math.nan, "nan"),
        (np.float32(2), "2.0"),
        (10**5000, "an integer of 16610 bits"),
        ("y" * 1000, "'yyyyyyyyyyyyyyyyyyyyyyyyyyy...yyyyyyyyyyyyyyyyyyyyyyyyyyyy'"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, ...]"),
        (np.ones(3), "ndarray"),
    ],
    ids=["nan", "numpy", "huge", "text", "list", "array"],
)
def test_received_value_is_shown_in_short(value: Any, received: str) -> None:
    assert str(invalid("size", "small", value)) == f"size must be small, got {received}"


def test_advice_follows_the_value() -> None:
    error = invalid("warmup", "0", 0.5, "choose the rise with rise")
    assert str(error) == "warmup must be 0, got 0.5: choose the rise with rise"
