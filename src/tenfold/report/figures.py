"""The figures of the catalogue as blocks of the page."""

from tenfold.plots import FIGURES, CatalogueFigure, FigureData, ReportEntry
from tenfold.report.blocks import Block, Details, Picture, SideBySide
from tenfold.report.svg import page_picture

__all__ = ["figure_blocks", "figure_title"]


def figure_blocks(data: FigureData, section: str) -> list[Block]:
    """Return the figures of a section as blocks.

    Consecutive figures with the layout ``"beside"`` are placed in one block, side by side.

    Args:
        data: The data of the run.
        section: Key of the section.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    blocks: list[Block] = []
    neighbours: list[Block] = []
    for figure in FIGURES:
        if figure.report is None or figure.report.section != section or not figure.applies(data):
            continue
        picture = _picture(figure, figure.report, data)
        if figure.report.layout == "beside":
            if not neighbours:  # the new block keeps this list, so it also gets the next figures
                blocks.append(SideBySide(neighbours))
            neighbours.append(picture)
            continue
        neighbours = []
        has_details = figure.report.layout == "details"
        blocks.append(Details(figure.title, [picture]) if has_details else picture)
    return blocks


def figure_title(name: str) -> str:
    """Return the title of a figure in the catalogue."""
    return next(figure.title for figure in FIGURES if figure.name == name)


def _picture(figure: CatalogueFigure, entry: ReportEntry, data: FigureData) -> Picture:
    caption = entry.caption(data)
    return page_picture(
        figure.draw(data),
        figure.name,
        figure.title,
        caption,
        f"{entry.alt} {caption}",
        entry.size,
        entry.keep_white,
    )
