"""HTML tables: how networks, records and scores show themselves in a notebook.

No colour is named: text and lines take the page's own, so a table fits light and dark themes.
"""

from collections.abc import Sequence
from html import escape

__all__ = ["html_table"]

_LINE = "1px solid currentColor"
_CELL = "padding:0.2em 0.9em;background:none;border:none;"


def html_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str = "",
    left: int = 1,
    total: bool = False,
) -> str:
    """Return an HTML table. Every text in it is escaped, whoever wrote it.

    Args:
        head: the headings. ``rows``: as many cells in each.
        caption: a line above the table; empty for none.
        left: so many columns begin on the left, the others end on the right, as numbers do.
        total: whether the last row is a sum, set apart by a line.

    Raises:
        ValueError: if a row has more or fewer cells than the head.
    """
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row has {len(row)} cells under {len(head)} headings: {row!r}")
    lines = [_row(head, "th", left, f"border-bottom:{_LINE};")]
    for index, row in enumerate(rows, 1):
        last = total and index == len(rows)
        lines.append(_row(row, "td", left, f"border-top:{_LINE};" if last else ""))
    above = f'<caption style="text-align:left;color:inherit;">{escape(caption)}</caption>'
    return (
        '<table style="border-collapse:collapse;color:inherit;font-variant-numeric:tabular-nums;">'
        f"{above if caption else ''}<thead>{lines[0]}</thead>"
        f"<tbody>{''.join(lines[1:])}</tbody></table>"
    )


def _row(cells: Sequence[str], tag: str, left: int, line: str) -> str:
    """Return one row; a notebook's own style sheet would stripe it and turn all to the right."""
    aligned = (
        f'<{tag} style="{_CELL}{line}text-align:{"left" if column < left else "right"};">'
        f"{escape(cell)}</{tag}>"
        for column, cell in enumerate(cells)
    )
    return f'<tr style="background:none;">{"".join(aligned)}</tr>'
