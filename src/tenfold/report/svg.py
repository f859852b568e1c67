"""Matplotlib figures as SVG for the page: small, in the colours of the page, with unique ids."""

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tenfold.nn.constraints import InstanceOf
from tenfold.plots import svg_text
from tenfold.plots.style import SIZE, FigureSize, check_figure
from tenfold.report.blocks import Picture
from tenfold.report.palette import NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["page_picture"]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DECIMALS = re.compile(r"(-?\d+\.\d{2})\d+")  # numbers with more than two decimals
_PIXELS = 96 / 72  # per point


def page_picture(
    figure: "Figure",
    key: str,
    title: str,
    caption: str,
    alt: str,
    size: FigureSize | None = None,
    paper: bool = False,
) -> Picture:
    """Return a figure as a picture for the page.

    The colours of the style become variables of the page, so that one figure suits both themes.
    A figure with text on an image (a filter, a heat map) is not changed and keeps its white
    background, because the colours of the text were chosen to be readable on the image.

    Args:
        figure: Figure drawn by a function of ``tenfold.plots``.
        key: Unique key on the page.
        title: What the figure shows.
        caption: Sentences below the figure.
        alt: Alternative text.
        size: Width and height in inches; by default those of the figure.
        paper: Whether to keep a white background, because the shades have a meaning.

    Raises:
        ValueError: If an argument is not as described.
        TenfoldError: If matplotlib is not installed.
    """
    check_figure(figure)
    for name, text in (("key", key), ("title", title), ("caption", caption), ("alt", alt)):
        InstanceOf(str).check(name, text)
    if size is not None:
        size = SIZE.check("size", size)
        figure.set_size_inches(size)
    themed = not (paper or any(axes.images and axes.texts for axes in figure.axes))
    root = ElementTree.fromstring(svg_text(figure))
    _remove_metadata(root)
    if themed:
        _theme(root, inside_text=False)
        root.set("fill", "var(--black)")  # matplotlib omits black, which is the default of SVG
    _make_ids_unique(root, key)
    width = _set_root_attributes(root, alt)
    ElementTree.register_namespace("", _SVG[1:-1])
    text = ElementTree.tostring(root, encoding="unicode")
    return Picture(text, title, caption, round(width * _PIXELS), themed)


def _set_root_attributes(root: ElementTree.Element, alt: str) -> float:
    """Let the page decide the size, add the alternative text, and return the width in points."""
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # The two attributes replace matplotlib's style sheet, which would apply to the whole page.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("role", "img")
    root.set("aria-label", alt)
    return float(root.attrib["viewBox"].split()[2])


def _remove_metadata(element: ElementTree.Element) -> None:
    for child in list(element):
        if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
            element.remove(child)
        else:
            _remove_metadata(child)


def _make_ids_unique(root: ElementTree.Element, key: str) -> None:
    """Make the ids that are referred to unique on the page, and remove all others."""
    targets: set[str] = set()
    for element in root.iter():
        element.text = element.tail = None  # only white space, since letters are drawn as paths
        if (target := element.attrib.pop(_HREF, None)) is not None:
            if target.startswith("#"):
                targets.add(target[1:])
                target = f"#{key}-{target[1:]}"
            element.set("href", target)
        for name, value in element.attrib.items():
            if name == "d":
                value = _DECIMALS.sub(r"\1", " ".join(value.split()))
            if "url(#" in value:
                targets.update(_REFERENCE.findall(value))
                value = _REFERENCE.sub(rf"url(#{key}-\1)", value)
            element.set(name, value)
    for element in root.iter():
        name = element.attrib.pop("id", "")
        if name in targets:
            element.set("id", f"{key}-{name}")


def _theme(element: ElementTree.Element, inside_text: bool) -> None:
    """Replace the colours of the style by variables.

    White text stays white, because its background is dark. Boxes and outlines behind text, which
    are paths, do change.
    """
    inside_text = inside_text or element.attrib.get("id", "").startswith("text_")
    is_text = inside_text and element.tag != f"{_SVG}path"
    style = element.attrib.get("style")
    if style is not None:
        element.set("style", _HEX.sub(lambda match: _variable(match[0], is_text), style))
    for child in element:
        _theme(child, inside_text)


def _variable(colour: str, inside_text: bool) -> str:
    name = NAMES.get(colour.lower())
    if name is None or (name == "card" and inside_text):
        return colour
    return f"var(--{name})"
