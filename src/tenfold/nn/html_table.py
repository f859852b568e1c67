"""HTML tables, in which networks, records and scores are displayed in a notebook.

Text and lines have the colour of the page, so that a table fits light and dark themes.
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
    """Return an HTML table. All text is escaped.

    Args:
        head: Headings of the columns.
        rows: Cells of each row, as many as headings.
        caption: Text above the table; empty if there is none.
        left: Number of left-aligned columns; the other columns are right-aligned, as numbers are.
        total: True if the last row is a sum, which is separated by a line.

    Raises:
        ValueError: If a row has more or fewer cells than there are headings.
    """
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row must have {len(head)} cells, got {len(row)}: {row!r}")
    lines = [_row(head, "th", left, f"border-bottom:{_LINE};")]
    for index, row in enumerate(rows, 1):
        is_total = total and index == len(rows)
        lines.append(_row(row, "td", left, f"border-top:{_LINE};" if is_total else ""))
    caption_html = f'<caption style="text-align:left;color:inherit;">{escape(caption)}</caption>'
    return (
        '<table style="border-collapse:collapse;color:inherit;font-variant-numeric:tabular-nums;">'
        f"{caption_html if caption else ''}<thead>{lines[0]}</thead>"
        f"<tbody>{''.join(lines[1:])}</tbody></table>"
    )


def _row(cells: Sequence[str], tag: str, left: int, line: str) -> str:
    """Return one row with explicit styles, since notebooks stripe rows and align cells right."""
    aligned = (
        f'<{tag} style="{_CELL}{line}text-align:{"left" if column < left else "right"};">'
        f"{escape(cell)}</{tag}>"
        for column, cell in enumerate(cells)
    )
    return f'<tr style="background:none;">{"".join(aligned)}</tr>'
