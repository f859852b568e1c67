"""Figures of the catalogue as blocks of the page."""

from typing import Literal

import pytest
from matplotlib.figure import Figure

from tenfold.plots import CatalogueFigure, FigureData, ReportEntry
from tenfold.recipes import RECIPES
from tenfold.report import Details, Picture, SideBySide, figures
from tenfold.report.figures import figure_blocks, figure_title


def draw(data: FigureData) -> Figure:
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([0, 1])
    return figure


def entry(name: str, layout: Literal["wide", "beside", "details"], section: str = "own") -> object:
    return CatalogueFigure(
        name=name,
        title=name.capitalize(),
        sources=("config.json",),
        draw=draw,
        report=ReportEntry(section, lambda data: f"Caption of {name}.", "A line.", (2, 1), layout),
    )


def test_blocks_follow_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = CatalogueFigure("file", "File", ("config.json",), draw, file="file")
    catalogue = (
        *(entry("one", "beside"), entry("two", "beside"), entry("elsewhere", "beside", "other")),
        *(entry("three", "wide"), picture, entry("four", "beside"), entry("five", "details")),
    )
    monkeypatch.setattr(figures, "FIGURES", catalogue)
    data = FigureData(recipe=RECIPES["quick"])
    first, wide, second, details = figure_blocks(data, "own")
    assert isinstance(first, SideBySide)
    assert isinstance(second, SideBySide)
    assert isinstance(details, Details)
    shown = [*first.blocks, wide, *second.blocks, *details.blocks]
    pictures = [block for block in shown if isinstance(block, Picture)]
    assert [p.title for p in pictures] == ["One", "Two", "Three", "Four", "Five"]
    assert details.title == "Five"
    assert pictures[2].caption == "Caption of three."
    assert 'aria-label="A line. Caption of three."' in pictures[2].svg
    assert pictures[2].width == 192  # two inches
    assert figure_blocks(FigureData(), "own") == []


def test_titles_come_from_the_catalogue() -> None:
    assert figure_title("confusion") == "Confusion matrix"
