"""Missing values in the cells of CSV files: how they are written, and how to correct them."""

__all__ = ["is_missing", "missing_advice"]

_WORDS = frozenset(
    ("", "nan", "na", "n/a", "#n/a", "#na", "<na>", "nat", "null", "none", "nil", "-", "?", ".")
)
"""Spellings of a missing value, in lower case: of pandas, R, SQL, Excel, and of people."""


def is_missing(cell: str) -> bool:
    """Return whether a cell is empty or has a word for a missing value, such as ``NaN``."""
    return cell.strip(' \t"').lower() in _WORDS


def missing_advice(label: bool) -> str:
    """Return how to correct missing values.

    Args:
        label: Whether a label is missing, not a pixel.
    """
    if label:
        return "The label is missing. Enter the digit of the image, or leave the line out."
    return (
        "The value is missing. Set missing pixels to 0, the background, or leave their lines out; "
        "with pandas: table.fillna(0) or table.dropna()."
    )
