"""SVG: matplotlib's drawing made a part of the page: small, in its colours, with ids of its own."""

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tenfold.plots import svg_text
from tenfold.report.blocks import Picture
from tenfold.report.palette import NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["drawn"]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_POINTED_AT = re.compile(r"url\(#([^)]+)\)")
_DECIMALS = re.compile(r"(-?\d+\.\d{2})\d+")
_PIXELS = 96 / 72  # to a point


def drawn(
    figure: "Figure",
    key: str,
    title: str,
    caption: str,
    alt: str,
    size: tuple[float, float] | None = None,
    paper: bool = False,
) -> Picture:
    """Return a figure as a picture for the page.

    The house's colours become the page's, so that one drawing is right in the light and in the
    dark. Where words lie upon an image (a filter, a heat map) it stays as it is, on white paper:
    their colours were chosen for the image's, which do not change.

    Args:
        figure: drawn by a function of ``tenfold.plots``.
        key: unique on the page.
        title: what it shows. ``caption``: what is to be seen in it.
        alt: the same for those who cannot see it.
        size: in inches, so that two stand beside each other; the figure's own by default.
        paper: keep it on white paper in any case, for shades that mean something.

    Raises:
        TenfoldError: if matplotlib is missing.
    """
    if size is not None:
        figure.set_size_inches(size)
    themed = not (paper or any(axes.images and axes.texts for axes in figure.axes))
    root = ElementTree.fromstring(svg_text(figure))
    _leave_out(root)
    if themed:
        _theme(root, inside_text=False)
        root.set("fill", "var(--black)")  # matplotlib does not write down what SVG takes for black
    _name_apart(root, key)
    width = _frame(root, alt)
    ElementTree.register_namespace("", _SVG[1:-1])
    text = ElementTree.tostring(root, encoding="unicode")
    return Picture(text, title, caption, round(width * _PIXELS), themed)


def _frame(root: ElementTree.Element, alt: str) -> float:
    """Let the page decide the size; say what is seen. Return the width in points."""
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # What matplotlib says in a style sheet, which would reach everything on the page.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("role", "img")
    root.set("aria-label", alt)
    return float(root.attrib["viewBox"].split()[2])


def _leave_out(element: ElementTree.Element) -> None:
    for child in list(element):
        if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
            element.remove(child)
        else:
            _leave_out(child)


def _name_apart(root: ElementTree.Element, key: str) -> None:
    """Give what is pointed at a name of this picture's own, and take the other names away."""
    pointed: set[str] = set()
    for element in root.iter():
        element.text = element.tail = None  # blanks alone: letters are outlines
        if (target := element.attrib.pop(_HREF, None)) is not None:
            if target.startswith("#"):
                pointed.add(target[1:])
                target = f"#{key}-{target[1:]}"
            element.set("href", target)
        for name, value in element.attrib.items():
            if name == "d":
                value = _DECIMALS.sub(r"\1", " ".join(value.split()))
            if "url(#" in value:
                pointed.update(_POINTED_AT.findall(value))
                value = _POINTED_AT.sub(rf"url(#{key}-\1)", value)
            element.set(name, value)
    for element in root.iter():
        name = element.attrib.pop("id", "")
        if name in pointed:
            element.set("id", f"{key}-{name}")


def _theme(element: ElementTree.Element, inside_text: bool) -> None:
    """Name the house's colours. White letters stay white: they lie on something dark.

    Not so what lies behind letters, a box or a halo, which is drawn as a path.
    """
    inside_text = inside_text or element.attrib.get("id", "").startswith("text_")
    letters = inside_text and element.tag != f"{_SVG}path"
    style = element.attrib.get("style")
    if style is not None:
        element.set("style", _HEX.sub(lambda found: _named(found[0], letters), style))
    for child in element:
        _theme(child, inside_text)


def _named(colour: str, inside_text: bool) -> str:
    name = NAMES.get(colour.lower())
    if name is None or (name == "card" and inside_text):
        return colour
    return f"var(--{name})"
