"""The settings of a search: ranges and lists of values to choose from, and fixed values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.errors import UsageError

__all__ = ["Range", "Space", "Values", "parse_space"]

_SIGNIFICANT_DIGITS = 4  # digits of proposed numbers, so that the command stays short
_LOGARITHMIC = 10  # least ratio of the upper end to the lower end for a logarithmic scale


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included; only whole numbers if both are whole.

    Attributes:
        low: The lower end.
        high: The upper end, above ``low``.
    """

    low: float
    high: float

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are proposed."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    @property
    def logarithmic(self) -> bool:
        """Whether the scale is logarithmic: if the ends differ by a factor of 10 or more."""
        return self.low > 0 and self.high / self.low >= _LOGARITHMIC

    @property
    def example(self) -> float:
        """A value of the range."""
        return self.low

    def distribution(self) -> Any:
        """Return the range as a distribution of Optuna."""
        from optuna.distributions import FloatDistribution, IntDistribution

        if self.whole:
            return IntDistribution(int(self.low), int(self.high), log=self.logarithmic)
        return FloatDistribution(self.low, self.high, log=self.logarithmic)

    def text(self, value: Any) -> str:
        """Return a proposed value as on the command line."""
        return str(value) if self.whole else f"{value:.{_SIGNIFICANT_DIGITS}g}"


@dataclass(frozen=True)
class Values:
    """A list of values, one of which is chosen for each trial.

    Attributes:
        values: The values, as on the command line.
    """

    values: tuple[str, ...]

    def __repr__(self) -> str:
        # The file of a search contains this text, so it keeps the name of version 0.2.
        return f"Choice(values={self.values!r})"

    @property
    def example(self) -> str:
        """One of the values."""
        return self.values[0]

    def distribution(self) -> Any:
        """Return the values as a distribution of Optuna."""
        from optuna.distributions import CategoricalDistribution

        return CategoricalDistribution(self.values)

    def text(self, value: Any) -> str:
        """Return a proposed value as on the command line."""
        return str(value)


@dataclass(frozen=True)
class Space:
    """The settings of a search.

    Attributes:
        free: The values from which the search chooses, by the keys of the settings.
        fixed: Settings such as ``"epochs=3"`` that are the same for all trials.
    """

    free: dict[str, Range | Values]
    fixed: tuple[str, ...] = ()

    def distributions(self) -> dict[str, Any]:
        """Return the distributions of Optuna by the keys of the settings."""
        return {key: values.distribution() for key, values in self.free.items()}

    def settings(self, chosen: dict[str, Any]) -> list[str]:
        """Return all settings of a trial, for ``apply_settings``.

        Args:
            chosen: The proposed values by the keys of the settings.
        """
        proposed = [f"{key}={self.free[key].text(value)}" for key, value in chosen.items()]
        return [*self.fixed, *proposed]


def parse_space(texts: Sequence[str]) -> Space:
    """Return the search space that the settings on the command line describe.

    Args:
        texts: ``"learning_rate=0.001..0.1"`` for a range, ``"hidden=64,128|256"`` for the values
            ``64,128`` and ``256``, ``"epochs=3"`` for a fixed value.

    Raises:
        UsageError: If a text has none of these forms, or if all settings are fixed.
    """
    free: dict[str, Range | Values] = {}
    fixed = []
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not key or not value:
            raise UsageError(f"a setting must be KEY=LOW..HIGH, KEY=A|B or KEY=VALUE, got {text!r}")
        if key in free:
            raise UsageError(f"{key} must be given once, got it twice")
        if "|" in value:
            free[key] = _values(text, value)
        elif ".." in value:
            free[key] = _range(text, value)
        else:
            fixed.append(f"{key}={value}")
    if not free:
        raise UsageError(
            "there is no setting to choose: give at least one as a range or as a list of values, "
            "such as --set learning_rate=0.001..0.1 or --set 'hidden=64,128|256'"
        )
    return Space(free, tuple(fixed))


def _values(text: str, value: str) -> Values:
    values = tuple(part.strip() for part in value.split("|"))
    if len(set(values)) < len(values) or "" in values:
        raise UsageError(f"the values of a setting must be different and not empty, got {text!r}")
    return Values(values)


def _range(text: str, value: str) -> Range:
    low, _, high = value.partition("..")
    try:
        ends = _number(low), _number(high)
    except ValueError:
        raise UsageError(f"the ends of a range must be numbers, got {text!r}") from None
    if not ends[0] < ends[1]:
        raise UsageError(f"the first end of a range must be the lower one, got {text!r}")
    return Range(*ends)


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
