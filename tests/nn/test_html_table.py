import re
from html import unescape
from html.parser import HTMLParser
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn.html_table import html_table


class _Reader(HTMLParser):
    """Reads a table as a browser does: tags, and the text of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.append(tag)
        if tag in ("td", "th", "caption"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        self.cells[-1] += data


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(texts, texts), max_size=4), texts)
def test_any_cell_content_is_shown_as_text(rows: list[tuple[str, str]], caption: str) -> None:
    read = _Reader(html_table(("a", "b"), rows, caption))
    assert read.cells == [*([caption] if caption else []), "a", "b", *chain(*rows)]
    assert set(read.tags) <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}


def test_names_are_escaped() -> None:
    html = html_table(("<b>", "&"), [('"', "</table><script>")])
    assert "<b>" not in html
    assert "<script>" not in html
    assert '>"<' in unescape(html)


def test_table_uses_page_colours_and_no_external_resources() -> None:
    html = html_table(("a", "b"), [("1", "2"), ("3", "4")], "caption", total=True)
    assert not re.findall(r"#[0-9a-fA-F]{3}|rgb|black|white|http|url|class=|<style", html)
    assert "color:inherit" in html
    assert "currentColor" in html


def test_names_are_left_aligned_and_numbers_right_aligned() -> None:
    html = html_table(("name", "n"), [("x", "1")])
    assert re.findall(r"text-align:(\w+);\">(\w+)<", html) == [
        *(("left", "name"), ("right", "n")),
        *(("left", "x"), ("right", "1")),
    ]


def test_only_a_total_row_is_separated_by_a_line() -> None:
    rows = [("x", "1"), ("sum", "1")]
    assert "border-top" not in html_table(("a", "b"), rows)
    assert html_table(("a", "b"), rows, total=True).count("border-top:1px") == 2
    assert "border-top" not in html_table(("a", "b"), [], total=True)


def test_row_of_wrong_length_raises() -> None:
    with pytest.raises(ValueError, match=r"^a row must have 2 cells, got 1: \('1',\)$"):
        html_table(("a", "b"), [("1",)])
