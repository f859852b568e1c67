"""Rules for dicts and other mappings: the kinds of keys and values, or the keys they must have."""

from collections.abc import Mapping
from typing import Any

from tenfold.nn.constraints import Rule, invalid, wrong_type

__all__ = ["DictWith", "MappingOf"]


class MappingOf(Rule):
    """A dict or another mapping. ``check`` returns it as a dict.

    Args:
        value: Rule for each value; None if every value is accepted.
        key: Rule for each key; None if every key is accepted.
    """

    def __init__(self, value: Rule | None, key: Rule | None = None) -> None:
        self.value, self.key = value, key
        self.words = "a dict" if value is None else f"a dict (each value {value.words})"

    def holds(self, value: Any) -> bool:
        """Return True for a mapping whose keys and values satisfy their rules."""
        try:
            self.check("", value)
        except ValueError:
            return False
        return True

    def check(self, name: str, value: Any) -> dict[Any, Any]:
        """Return the mapping as a dict. An error gives the first wrong value as ``name[key]``."""
        if not isinstance(value, Mapping):
            raise wrong_type(name, self.words, value)
        for key in value:
            if self.key is not None and not self.key.holds(key):
                raise invalid(name, f"a dict whose keys are each {self.key.words}", value)
        if self.value is None:
            return dict(value)
        return {key: self.value.check(f"{name}[{key!r}]", item) for key, item in value.items()}


class DictWith(Rule):
    """A dict or another mapping that has at least the given keys.

    Args:
        keys: The keys, at least two.
    """

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        *others, last = map(repr, keys)
        self.words = f"a dict with the keys {', '.join(others)} and {last}"

    def holds(self, value: Any) -> bool:
        """Return True for a mapping that has all the keys."""
        return isinstance(value, Mapping) and all(key in value for key in self.keys)
