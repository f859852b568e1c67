import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from tenfold.plots.style import COLOURS, DARK_GREEN, DARK_ORANGE, FAINT, INK, PALE
from tenfold.report import Picture, page_picture
from tenfold.report.palette import NAMES, PALETTE


def figure(words: str = "words", colour: str = INK) -> Figure:
    made = Figure(figsize=(3, 2))
    axes = made.subplots()
    axes.plot([0, 1, 2], [1, 3, 2], color=COLOURS[0], marker="o", markerfacecolor="white")
    axes.text(1, 2, words, color=colour)
    return made


def picture(made: Figure, key: str = "one") -> Picture:
    return page_picture(made, key, "Title", "Caption", 'what is "shown" < here')


def test_colours_of_figures_become_variables_of_the_page() -> None:
    svg = picture(figure()).svg
    assert {"var(--blue)", "var(--ink)", "var(--card)"} <= set(re.findall(r"var\(--\w+\)", svg))
    for colour in (COLOURS[0], INK, "#ffffff"):
        assert colour.lower() not in svg.lower()


def test_white_text_stays_white() -> None:
    assert picture(figure(colour="white")).svg.lower().count("#ffffff") >= 1


def test_every_colour_of_the_style_has_a_name() -> None:
    for colour in (*COLOURS, INK, FAINT, PALE, DARK_GREEN, DARK_ORANGE):
        assert NAMES[colour.lower()] in PALETTE
    light = {name: PALETTE[name][0].lower() for name in NAMES.values()}
    for colour, name in NAMES.items():
        if name != "faint":  # slightly darker, as the background of the page is not quite white
            assert light[name] == colour


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize(
    ("name", "least"), [("ink", 7), ("faint", 4.5), ("right", 4.5), ("wrong", 4.5), ("link", 4.5)]
)
def test_text_has_enough_contrast(name: str, least: float, mode: int) -> None:
    for background in ("card", "background"):
        pair = sorted((luminance(PALETTE[name][mode]), luminance(PALETTE[background][mode])))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least


def test_ids_of_two_pictures_differ() -> None:
    first, second = picture(figure(), "one"), picture(figure(), "two")
    names = [set(re.findall(r'\bid="([^"]+)"', found.svg)) for found in (first, second)]
    assert names[0]
    assert not names[0] & names[1]
    for found, own in zip((first, second), names, strict=True):
        assert set(re.findall(r'href="#([^"]+)"', found.svg)) <= own
        assert set(re.findall(r"url\(#([^)]+)\)", found.svg)) <= own


def test_a_picture_is_inline_svg_with_alternative_text() -> None:
    found = picture(figure())
    root = ElementTree.fromstring(found.svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'what is "shown" < here'
    assert "width" not in root.attrib
    assert found.width == 288  # three inches
    assert "<style" not in found.svg
    assert "metadata" not in found.svg
    assert not found.svg.startswith("<?xml")
    assert picture(figure()).svg == found.svg


def test_text_on_an_image_stays_on_white_paper() -> None:
    made = figure()
    made.axes[0].imshow(np.eye(3), cmap="gray")
    found = picture(made)
    assert not found.themed
    assert "var(--" not in found.svg
    assert "data:image/png" in found.svg
    made.axes[0].texts[0].remove()
    assert picture(made).themed


def test_coordinates_have_two_decimals() -> None:
    path = re.search(r'd="(M[^"]*)"', picture(figure()).svg)
    assert path is not None
    numbers = re.findall(r"\d+\.(\d+)", path[1])
    assert max(map(len, numbers), default=0) <= 2
