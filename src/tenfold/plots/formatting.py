"""Numbers and lists as text, for figures, captions and the report."""

import math
from collections.abc import Sequence

__all__ = [
    "axis_percent",
    "class_noun",
    "joined",
    "number_of",
    "percent",
    "seconds",
    "short_percent",
    "table_percent",
    "with_article",
]


def percent(share: float, decimals: int = 2) -> str:
    """Return a share in percent, rounded: ``99.26%``, for sentences.

    Only a share of exactly 1 gives 100%, and only a share of exactly 0 gives 0%: shares just below
    1 become ``> 99.99%``, and shares just above 0 become ``< 0.01%``.
    """
    written = f"{100 * share:.{decimals}f}"
    least = 10**-decimals
    if share < 1 and float(written) == 100:
        return f"> {100 - least:.{decimals}f}%"
    if share > 0 and float(written) == 0:
        return f"< {least:.{decimals}f}%"
    return f"{written}%"


def table_percent(share: float) -> str:
    """Return a share in percent without the character %, rounded down: ``99.2``, for tables."""
    if share in (0, 1):
        return f"{100 * share:.0f}"
    if share < 0.001:
        return "<0.1"
    return f"{math.floor(1000 * share + 1e-9) / 10:.1f}"


def axis_percent(share: float, position: float | None = None) -> str:
    """Return a share in percent without trailing zeros: ``99.5%``, for the ticks of an axis.

    Args:
        share: The share.
        position: Ignored; matplotlib passes the position of the tick.
    """
    return f"{100 * share:.5g}%"


def short_percent(share: float) -> str:
    """Return a share in percent with one decimal: ``99.3%``; ``> 99.9%`` just below 1.

    Unlike ``percent(share, 1)``, it gives 0.0% for a small share above 0.
    """
    return "> 99.9%" if 0.999 < share < 1 else f"{100 * share:.1f}%"


def with_article(name: str) -> str:
    """Return a digit with its article: ``a 7``, ``an 8``; the name of another class in quotes."""
    if not name.isdigit():
        return f"“{name}”"
    return f"{'an' if name[0] == '8' else 'a'} {name}"


def class_noun(names: Sequence[str] | None) -> str:
    """Return ``digit`` if classes have numbers as names, or no names, else ``class``."""
    return "digit" if names is None or all(name.isdigit() for name in names) else "class"


def number_of(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 epoch``, ``2,000 epochs``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def seconds(time: float) -> str:
    """Return a duration: ``3.7 s``, ``9 min 5 s``, ``2 h 10 min``."""
    if time < 60:
        return f"{time:.1f}\u00a0s"
    whole = round(time)
    if whole < 3600:
        return f"{whole // 60}\u00a0min {whole % 60}\u00a0s"
    return f"{whole // 3600:,}\u00a0h {whole % 3600 // 60}\u00a0min"


def joined(parts: list[str]) -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
