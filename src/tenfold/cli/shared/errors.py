"""Usage errors that several commands raise."""

from collections.abc import Iterable, Mapping

from tenfold.cli.shared.names import did_you_mean
from tenfold.errors import UsageError

__all__ = ["reject_options", "unknown_name"]


def reject_options(given: Mapping[str, object], sentence: str) -> None:
    """Raise a UsageError if options were given that cannot be used; the message has their names.

    Args:
        given: Values of the options that cannot be used, by name as on the command line; None,
            False and empty lists count as not given.
        sentence: Message, with ``{}`` in place of the names.

    Raises:
        UsageError: If any of the options was given.
    """
    # ``value in (None, False, [])`` would be wrong: 0 equals False, so --seed 0 would count as not
    # given.
    names = [
        name
        for name, value in given.items()
        if value is not None and value is not False and value != []
    ]
    if names:
        raise UsageError(sentence.format(", ".join(names)))


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """Return the error for an unknown name; the message suggests the most similar known name."""
    names = list(known)
    near = did_you_mean(name, names)
    if near:
        return UsageError(f"unknown {kind} {name!r}.{near} Choose from {', '.join(names)}")
    return UsageError(f"unknown {kind} {name!r}; choose from {', '.join(names)}")
