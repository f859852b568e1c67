"""Rules for the values of arguments, and the function that writes their error messages.

A rule is declared in the annotation of an argument, where ``arguments.checked`` finds it::

    FractionBelowOne = Annotated[float, Number("[0, 1)")]

A bool is never a number, and a float is never a whole number. The message is always
"``name`` must be ..., got ...".
"""

import math
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import numpy as np

__all__ = [
    "Choice",
    "Count",
    "Either",
    "Finite",
    "FractionBelowOne",
    "InstanceOf",
    "ListOf",
    "NonNegative",
    "Number",
    "Positive",
    "Rule",
    "Size",
    "UnitInterval",
    "Whole",
    "invalid",
    "wrong_type",
]

_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, type(None))
_MAX_SHOWN = 10**30  # for larger integers, only the number of bits is shown

_short = reprlib.Repr()
_short.maxstring = 60


def invalid(name: str, words: str, value: object, advice: str = "") -> ValueError:
    """Return the error "``name`` must be ``words``, got ``value``", followed by any advice.

    Plain values are shown, shortened if they are long; of other objects the type is shown.
    """
    return ValueError(f"{name} must be {words}, got {_shown(value)}{advice and ': '}{advice}")


def wrong_type(name: str, words: str, value: object, advice: str = "") -> ValueError:
    """Return the error of ``invalid`` for an object of a wrong type.

    None, strings and classes are shown; of other objects, only the type is shown.
    """
    if value is None or isinstance(value, (str, type)):
        return invalid(name, words, value, advice)
    got = f"{name} must be {words}, got {type(value).__name__}"
    return ValueError(f"{got}: {advice}" if advice else got)


def _shown(value: object) -> str:
    value = _plain(value)
    if isinstance(value, int) and abs(value) > _MAX_SHOWN:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, _PLAIN) and all(isinstance(item, _PLAIN) for item in _content(value)):
        return _short.repr(value)
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def _content(value: object) -> list[object]:
    """Return the items of a collection; of a dict, the keys and the values; else nothing."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    return list(value) if isinstance(value, (list, tuple, set)) else []


def _plain(value: Any) -> Any:
    """Return a NumPy scalar as the Python object of the same value."""
    return value.item() if isinstance(value, np.generic) else value


class Rule(ABC):
    """What a value must be.

    Attributes:
        words: Noun phrase that completes "must be", such as ``"a number in [0, 1)"``.
    """

    words: str

    def __repr__(self) -> str:
        return self.words

    @abstractmethod
    def holds(self, value: Any) -> bool:
        """Return True if the value satisfies the rule."""

    def check(self, name: str, value: Any) -> Any:
        """Return the value; a NumPy scalar becomes a Python number.

        Raises:
            ValueError: If the rule does not hold.
        """
        value = _plain(value)
        if not self.holds(value):
            raise invalid(name, self.words, value)
        return value


class Whole(Rule):
    """An integer from ``low`` to ``high``, both included; without limits, any integer."""

    def __init__(self, low: float = -math.inf, high: float = math.inf) -> None:
        self.low, self.high = low, high
        self.words = "a whole number"
        if high < math.inf:
            self.words += f" from {low} to {_limit(int(high))}"
        elif low > -math.inf:
            self.words += f" of at least {low}"

    def holds(self, value: Any) -> bool:
        """Return True for an int within the limits that is not a bool."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self.low <= value <= self.high


def _limit(number: int) -> str:
    """Return a limit as text: 2**64 - 1 instead of its twenty digits."""
    below_power = number > 2**31 and number & (number + 1) == 0  # 2**n - 1 for some n
    return f"2**{number.bit_length()} - 1" if below_power else str(number)


class Number(Rule):
    """An int or float in an interval.

    Args:
        interval: Interval in mathematical notation, such as ``"[0, 1)"`` or ``"(0, inf)"``: a
            bracket includes the limit, a parenthesis excludes it. NaN is in no interval. Without
            an interval every number is accepted, infinity and NaN included.
    """

    def __init__(self, interval: str = "") -> None:
        self.interval = interval
        limits = interval[1:-1].split(",") if interval else ("-inf", "inf")
        self.low, self.high = map(float, limits)
        self.words = self._words(f"{self.low:g}", f"{self.high:g}")

    def _words(self, low: str, high: str) -> str:
        if high != "inf":
            closed = self.interval[0] + self.interval[-1] == "[]"
            return f"a number from {low} to {high}" if closed else f"a number in {self.interval}"
        number = "a finite number" if self.interval.endswith(")") else "a number"
        if low == "-inf":
            return number
        return f"{number} {'above' if self.interval[0] == '(' else 'of at least'} {low}"

    def holds(self, value: Any) -> bool:
        """Return True for an int or float in the interval that is not a bool."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        try:
            value = float(value)
        except OverflowError:  # an int beyond 1.8e308
            return False
        above = value >= self.low if self.interval.startswith("[") else value > self.low
        below = value <= self.high if self.interval.endswith("]") else value < self.high
        return not self.interval or (above and below)


class Choice(Rule):
    """One of some values, compared by type and ``==``."""

    def __init__(self, *values: object) -> None:
        self.values = values
        *others, last = map(repr, values)
        self.words = f"{', '.join(others)} or {last}" if others else last

    def holds(self, value: Any) -> bool:
        """Return True for one of the values."""
        return any(type(value) is type(choice) and value == choice for choice in self.values)


class InstanceOf(Rule):
    """An object of class ``kind`` or of a subclass.

    A class may have a static method ``advice_on(value)``. It returns the advice of the error
    message: how to make an object of the class from ``value``, or an empty text if that is unknown.
    """

    def __init__(self, kind: type) -> None:
        self.kind = kind
        known = {bool: "True or False", str: "a string", np.ndarray: "a NumPy array"}
        known |= {Callable: "a function", Mapping: "a dict"}  # type: ignore[dict-item]
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        self.words = known.get(kind, "None" if kind is type(None) else f"{article} {kind.__name__}")

    def holds(self, value: Any) -> bool:
        """Return True for an object of the class."""
        return isinstance(value, self.kind)

    def check(self, name: str, value: Any) -> Any:
        """Return the value. Errors are from ``wrong_type``, for plain types from ``invalid``."""
        if self.kind in _PLAIN or self.holds(value):
            return super().check(name, value)
        advice: str = getattr(self.kind, "advice_on", _no_advice)(value)
        if isinstance(value, type) and self.kind in value.__mro__:
            advice = f"write {value.__name__}(...)"
        raise wrong_type(name, self.words, value, advice)


def _no_advice(value: object) -> str:
    return ""


class ListOf(Rule):
    """A list, or another iterable, that becomes a tuple.

    Args:
        item: Rule for each item; None if every item is accepted.
        least: Smallest length; 0 by default.
        most: Largest length; by default there is none.
    """

    def __init__(self, item: Rule | None, least: int = 0, most: float = math.inf) -> None:
        self.item, self.least, self.most = item, least, most
        self.words = f"a list of length {least} or more" if least else "a list"
        if most < math.inf:
            lengths = f"{least}" if least == most else f"{least} to {most}"
            self.words = f"a list of length {lengths}"
        if item is not None:
            self.words += f" (each item {item.words})"

    def holds(self, value: Any) -> bool:
        """Return True for a list of an accepted length whose items satisfy their rule."""
        items = _items(value)
        if items is None or not self.least <= len(items) <= self.most:
            return False
        return self.item is None or all(self.item.holds(_plain(item)) for item in items)

    def check(self, name: str, value: Any) -> tuple[Any, ...]:
        """Return the items as a tuple. An error gives the first wrong item as ``name[index]``."""
        items = _items(value)
        if items is None or not self.least <= len(items) <= self.most:
            raise invalid(name, self.words, value)
        if self.item is None:
            return items
        return tuple(self.item.check(f"{name}[{i}]", item) for i, item in enumerate(items))


def _items(value: Any) -> tuple[Any, ...] | None:
    if isinstance(value, (str, bytes, Mapping)):
        return None
    try:
        return tuple(value)
    except TypeError:
        return None


class Either(Rule):
    """A value that satisfies one of several rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.words != "None")  # "None or ..."
        self.words = " or ".join(rule.words for rule in self.rules)

    def holds(self, value: Any) -> bool:
        """Return True if one of the rules holds."""
        return any(rule.holds(value) for rule in self.rules)

    def check(self, name: str, value: Any) -> Any:
        """Return the value as ``check`` of the first rule that holds returns it."""
        for rule in self.rules:
            if rule.holds(_plain(value)):
                return rule.check(name, value)
        kinds = [rule.kind for rule in self.rules if isinstance(rule, InstanceOf)]
        advice = [getattr(kind, "advice_on", _no_advice)(value) for kind in kinds]
        raise invalid(name, self.words, _plain(value), next(filter(None, advice), ""))


Size = Annotated[int, Whole(1)]
"""A whole number of at least 1."""

Count = Annotated[int, Whole(0)]
"""A whole number of at least 0."""

FractionBelowOne = Annotated[float, Number("[0, 1)")]
"""A number of at least 0 and below 1."""
UnitInterval = FractionBelowOne  # the name in version 0.2

Positive = Annotated[float, Number("(0, inf)")]
"""A finite number above 0."""

NonNegative = Annotated[float, Number("[0, inf)")]
"""A finite number of at least 0."""

Finite = Annotated[float, Number("(-inf, inf)")]
"""A finite number."""
